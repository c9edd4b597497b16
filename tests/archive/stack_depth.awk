# The deepest stack of each public function, over every path of calls, from GCC's -fcallgraph-info=su files.
# -v limit=BYTES; -v red_zone=BYTES: what a function that calls nothing may use below the stack pointer unseen;
# -v outside=BYTES: the allowance for a function of the C library or the compiler, which comes without a frame size.
# A call through a pointer in kernels.h is one through the kernel table, and counts as the deepest function of the files
# kernels_*. Any other is the callback of a save, of which mote_buffer_write is the library's own.

function quoted(key, text) {
    if (!match($0, key ": \"[^\"]*\"")) return ""
    text = substr($0, RSTART, RLENGTH)
    sub(/^[a-z]*: "/, "", text)
    sub(/"$/, "", text)
    return text
}

/^node:/ {
    title = quoted("title")
    if (!match($0, /[0-9]+ bytes \([a-z,]*\)/)) next
    frame = substr($0, RSTART, RLENGTH)
    if (!(title in bytes) || frame + 0 > bytes[title]) bytes[title] = frame + 0
    if (frame ~ /\(dynamic\)/) complain(title " has a frame without a bound")
    if (FILENAME ~ /kernels_[^\/]*$/) kernels[title] = 1
}

/^edge:/ {
    from = quoted("sourcename")
    to = quoted("targetname")
    if (to == "__indirect_call") to = /kernels\.h:[0-9]+:/ ? "the kernel table" : "mote_buffer_write"
    calls[from, ++degree[from]] = to
}

function complain(what) {
    print what
    failed = 1
}

function deepest_kernel(    name, most) {
    for (name in kernels)
        if (depth(name) >= most + 0) {
            most = depth(name)
            next_of["the kernel table"] = name
        }
    return most + 0
}

function depth(name,    i, callee, below, most) {
    if (name in known) return known[name]
    if (name == "the kernel table") return known[name] = deepest_kernel()
    if (!(name in bytes)) return known[name] = outside
    if (name in open) {
        complain(name " calls itself")
        return 0
    }
    open[name] = 1
    for (i = 1; i <= degree[name]; i++) {
        callee = calls[name, i]
        below = depth(callee)
        if (below >= most + 0) {
            most = below
            next_of[name] = callee
        }
    }
    delete open[name]
    if (!degree[name]) most = red_zone
    return known[name] = bytes[name] + most
}

function print_path(name,    frame) {
    for (; name != ""; name = next_of[name]) {
        frame = name in bytes ? bytes[name] : name == "the kernel table" ? 0 : outside
        printf "    %5d  %s\n", frame, name
    }
}

END {
    for (name in bytes) {
        depth(name)
        if (name !~ /^mote_/) continue
        count++
        if (depth(name) > limit) complain(name " may use " depth(name) " bytes of stack, the limit is " limit)
        if (depth(name) > depth(worst)) worst = name
    }
    if (!count) complain("no public function in these files")
    else {
        printf "%d public functions, the deepest is %s, %d of %d bytes of stack:\n", count, worst, depth(worst), limit
        print_path(worst)
    }
    exit failed
}
