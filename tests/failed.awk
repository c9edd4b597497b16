# Prints the name of each failed test in a log of `ctest -V` and the last 30 lines that it wrote; of a log without tests,
# of a build that is, the log's own last 30. Takes the log twice; -v log_name=FILE is what it is called.
FNR == 1 { pass++ }

pass == 1 && /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
    tests++
    if ($0 ~ /   Passed|\*\*\*Skipped/) next
    name = $0
    sub(/^[^#]*#/, "", name)
    id = name + 0
    sub(/^[0-9]+: /, "", name)
    sub(/ *\.*(   |\*\*\*).*/, "", name)
    failed[++count] = id
    name_of[id] = name
    next
}

pass == 2 {
    id = 0
    text = $0
    if (match(text, /^[0-9]+: /)) {
        id = text + 0
        text = substr(text, RLENGTH + 1)
    }
    if (id in name_of || !tests) line[id, ++lines[id]] = text
}

function print_end(id,    i) {
    for (i = lines[id] > 30 ? lines[id] - 29 : 1; i <= lines[id]; i++) print "      | " line[id, i]
}

END {
    if (!tests) {
        print "      the end of " log_name ":"
        print_end(0)
    }
    for (n = 1; n <= count; n++) {
        print "      FAIL " name_of[failed[n]] ", the end of its output in " log_name ":"
        print_end(failed[n])
    }
}
