# Counts the tests in a log: of `ctest -V`, doctest, and scripts that end with "N passed, N failed, N skipped".
# Prints "passed failed skipped", then a line "FAIL name" or "SKIP name: reason" for each that did not pass.
# A test of ctest that counts tests of its own stands for these; one that fails although none of these did counts once.
# A test of ctest that is skipped as a whole gives its reason in its last line, or after "SKIP: ".
# A doctest case with the message "SKIPPED: reason" is skipped, not passed.

function add(id, p, f, s) {
    own[id] = 1
    passed[id] += p
    failed[id] += f
    skipped[id] += s
}

function read_line(id, text,    part) {
    if (text ~ /^\[doctest\] test cases:/) {
        gsub(/[^0-9]+/, " ", text)
        split(text, part, " ")
        add(id, part[2], part[3], part[4])
    } else if (text ~ /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/) {
        split(text, part, " ")
        add(id, part[1], part[3], part[5])
    } else if (text ~ /^TEST CASE: /) {
        in_case[id] = substr(text, 12)
        sub(/^ +/, "", in_case[id])
    } else if (match(text, /MESSAGE: SKIPPED: /) && !((id, in_case[id]) in counted)) {
        counted[id, in_case[id]] = 1
        add(id, -1, 0, 1)
        list[++listed] = "SKIP " in_case[id] ": " substr(text, RSTART + RLENGTH)
    } else if (match(text, /ERROR: /) && in_case[id] != "" && !((id, in_case[id]) in counted)) {
        counted[id, in_case[id]] = 1
        list[++listed] = "FAIL " in_case[id]
    } else if (match(text, /SKIP: /)) {
        list[++listed] = "SKIP " substr(text, RSTART + RLENGTH)
        reason[id] = substr(text, RSTART + RLENGTH)
        reason_at[id] = listed
    }
    if (text != "") last[id] = text
}

# A result of ctest: " 3/12 Test  #3: name ........***Failed    0.01 sec".
/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
    name = $0
    sub(/^[^#]*#/, "", name)
    id = name + 0
    sub(/^[0-9]+: /, "", name)
    result = name
    sub(/ *\.*(   |\*\*\*).*/, "", name)
    good = result ~ /   Passed/
    if (result ~ /\*\*\*(Skipped|Not Run \(Disabled\))/) {
        add(id, 0, 0, 1)
        if (id in reason) list[reason_at[id]] = ""
        list[++listed] = "SKIP " name (id in reason ? ": " reason[id] : id in last ? ": " last[id] : "")
    } else if (!good && failed[id] == 0) {
        add(id, 0, 1, 0)
    } else if (!(id in own)) {
        add(id, 1, 0, 0)
    }
    if (!good && result !~ /\*\*\*Skipped/) list[++listed] = "FAIL " name
    next
}

/^[0-9]+: / {
    text = $0
    sub(/^[0-9]+: /, "", text)
    read_line($0 + 0, text)
    next
}

{ read_line(0, $0) }

END {
    for (id in own) {
        p += passed[id]
        f += failed[id]
        s += skipped[id]
    }
    print p + 0, f + 0, s + 0
    for (i = 1; i <= listed; i++) if (list[i] != "") print list[i]
}
