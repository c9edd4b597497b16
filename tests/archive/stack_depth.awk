# The deepest stack of each public function, over every path of calls, from GCC's -fcallgraph-info=su files.
# -v limit=BYTES; -v red_zone=BYTES: what a function that calls nothing may use below the stack pointer unseen;
# -v outside=BYTES: the allowance for a function of the C library or the compiler, which comes without a frame size.
# -v least=ISA -v isas="ISA …": a call of a kernel of `least` is one of the first of `isas` that has it.
# A call through a pointer in kernels.h is one through the kernel table, and counts as the deepest function of the files
# kernels_*. One in network_step and its like is one of a cell's to all of its layers; one in hidden_step, watched_step
# and their like is one of a cell's to one layer, or to a table; one in input_step and its like is one of an input's; one
# in update() is an optimizer's; one in quantized_loss() is a quantizer's, which calls a cell's step; one in
# mote_train_slice() is what a stage of a step in slices runs, one in mote_step_slice() the same of a step of inference;
# another one in learner.cpp is that of a way to learn a part.
# Any other is the callback of a save, of which mote_buffer_write is the library's own.

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
    if (frame ~ /\(dynamic\)/) report(title " has a frame without a bound")
    if (FILENAME ~ /kernels_[^\/]*$/) members["the kernel table", title] = 1
    if (match(title, /(hidden|table)_(step|forward|backward)[EI]/)) members["of a network: " verb(), title] = 1
    if (match(title, /(dense|recurrent|gated)_(step|forward|backward)[EI]/)) {
        called = "of a cell: " verb()
        members[called, title] = members[called weights_of(title), title] = 1
    }
    if (title ~ /(one_hot|embedding|window)_read[EI]/) members["of an input: step", title] = 1
    if (title ~ /recurrent_gradientE|gated_gradientsE/) members["of a cell: backward", title] = 1
    if (match(title, /window_(step|forward|backward)E/)) members["of an input: " verb(), title] = 1
    if (title ~ /update_(sgd|momentum|adagrad|adamw)E/) members["of an optimizer", title] = 1
    if (title ~ /run_[a-z_]+ER11mote_slices/ && title !~ /run_stage/) members["of a slice of training", title] = 1
    if (title ~ /run_unitsI|run_gatesEP10mote_state/) members["of a slice of a step", title] = 1
    if (match(title, /(states|layers)_(place|reset|pass|carry)E/)) members["of a way to learn: " verb(), title] = 1
    if (title ~ /quantizer_(quantize|forward)E/ && title !~ /_ZZ/) members["of a quantizer", title] = 1
}

/^edge:/ {
    from = quoted("sourcename")
    to = quoted("targetname")
    if (isas != "" && index(to, "3cpu" length(least) least)) kernels[to] = 1
    if (to == "__indirect_call") to = table_called(from)
    calls[from, ++degree[from]] = to
}

# Of what has just been matched in the title: the word before its last letter, the end of a mangled name.
function verb(    words, count) {
    count = split(substr(title, RSTART, RLENGTH - 1), words, "_")
    return words[count]
}

# A step is compiled for each type of weights, and one of integers calls cells of the same alone.
function weights_of(name) {
    return name ~ /4Int8/ ? " of int8" : name ~ /4Int4/ ? " of 4 bits" : name ~ /7Float32/ ? " of float32" : ""
}

function table_called(from) {
    if (/kernels\.h:[0-9]+:/) return "the kernel table"
    title = from
    if (match(from, /network_(step|forward|backward)E/)) return "of a network: " verb()
    if (/inputs\.h:[0-9]+:/) return "of an input: step"
    if (match(from, /(hidden|watched|learned)_(step|forward|backward)[EI]/)) return "of a cell: " verb() weights_of(from)
    if (from ~ /tell_layerI/) return "of an input: step"
    if (from ~ /row_forwardI/) return "of a cell: step" weights_of(from)
    if (from ~ /(17forward|quantized_loss)I/) return "of a quantizer"
    if (match(from, /input_(step|forward|backward)E/)) return "of an input: " verb()
    if (from ~ /mote_train_slice|run_stageER11mote_slices/) return "of a slice of training"
    if (from ~ /mote_step_slice|run_(any|stage)EP10mote_state/) return "of a slice of a step"
    if (from ~ /12_GLOBAL__N_1.?6updateE|run_updateER11mote_slices/) return "of an optimizer"
    if (from ~ /learner\.cpp:/ || from ~ /^mote_learn/) return "of a way to learn: " (from == "mote_learner_init" ? "place" : "pass")
    return "mote_buffer_write"
}

function is_table(name) {
    return name == "the kernel table" || name ~ /^of an? /
}

function report(what) {
    print what
    failed = 1
}

function deepest_of(table,    member, name, most) {
    for (member in members) {
        split(member, name, SUBSEP)
        if (name[1] == table && depth(name[2]) >= most + 0) {
            most = depth(name[2])
            next_of[table] = name[2]
        }
    }
    return most + 0
}

# The name of a kernel of `least` in the first of `isas` that has it.
function replaced(name,    count, isa, i, other) {
    count = split(isas, isa, " ")
    for (i = 1; i <= count; i++) {
        other = name
        sub("3cpu" length(least) least, "3cpu" length(isa[i]) isa[i], other)
        if (other in bytes) return other
    }
    report(name " is in no file of " isas)
    return ""
}

function depth(name,    i, callee, below, most) {
    if (name in known) return known[name]
    if (is_table(name)) return known[name] = deepest_of(name)
    if (name in kernels) {
        next_of[name] = replaced(name)
        return known[name] = depth(next_of[name])
    }
    if (!(name in bytes)) return known[name] = outside
    if (name in open) {
        report(name " calls itself")
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
        frame = name in bytes ? bytes[name] : is_table(name) || name in kernels ? 0 : outside
        printf "    %5d  %s\n", frame, name
    }
}

END {
    for (name in bytes) {
        depth(name)
        if (name !~ /^mote_/) continue
        count++
        if (depth(name) > limit) report(name " may use " depth(name) " bytes of stack, the limit is " limit)
        if (depth(name) > depth(worst)) worst = name
    }
    if (!count) report("no public function in these files")
    else {
        printf "%d public functions, the deepest is %s, %d of %d bytes of stack:\n", count, worst, depth(worst), limit
        print_path(worst)
    }
    exit failed
}
