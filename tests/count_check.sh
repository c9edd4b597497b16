#!/usr/bin/env bash
# Shows that count.awk counts correctly: a failure that it missed would be a suite that cannot fail.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# expect WANTED: the count of the log on stdin, and its list on one line.
expect() {
    local got
    got=$(awk -f "$here/count.awk" | paste -sd ';')
    if [ "$got" != "$1" ]; then
        echo "count_check.sh: wanted \"$1\", got \"$got\"" >&2
        exit 1
    fi
    echo "$1"
}

expect '0 0 0' </dev/null
expect '0 0 0' <<'LOG'
[1/2] Building CXX object lib/arena.cpp.o
the 3 passed gates, 4 failed tries
LOG
expect '5 0 1' <<'LOG'
[doctest] test cases:  5 |  5 passed | 0 failed | 1 skipped
[doctest] assertions: 900 | 900 passed | 0 failed |
LOG
expect '7 1 2' <<'LOG'
2 passed, 1 failed, 0 skipped
5 passed, 0 failed, 2 skipped
LOG
expect '3 1 0;FAIL an arena is full;FAIL unit tests: least' <<'LOG'
1: TEST CASE:  an arena is full
1: arena_test.cpp:7: ERROR: CHECK( a == b ) is NOT correct!
1: arena_test.cpp:8: ERROR: CHECK( a == c ) is NOT correct!
1: [doctest] test cases:  4 |  3 passed | 1 failed | 0 skipped
1/1 Test #1: unit tests: least ..................***Failed    0.50 sec
LOG
expect '5 0 0' <<'LOG'
 1/2 Test  #2: sizes: each macro is its function ...   Passed    0.01 sec
1: [doctest] test cases:  4 |  4 passed | 0 failed | 0 skipped
 2/2 Test  #1: unit tests: least ...................   Passed    0.50 sec
LOG
# A program that dies counts as failed even when its cases passed, or were never reported.
expect '4 2 0;FAIL command line;FAIL archive' <<'LOG'
7: [doctest] test cases:  4 |  4 passed | 0 failed | 0 skipped
 1/2 Test  #7: command line .....................***Failed    0.01 sec
 2/2 Test #12: archive ..........................***Exception: SegFault  0.01 sec
LOG
expect '0 1 0;FAIL command line' <<'LOG'
 1/1 Test  #7: command line .....................***Timeout 1500.01 sec
LOG
expect '0 1 0;FAIL command line' <<'LOG'
 1/1 Test  #7: command line .....................***Not Run   0.00 sec
LOG
expect '3 0 1;SKIP the poem by heart: there is no poem.txt' <<'LOG'
4: TEST CASE:  the poem by heart
4: reference_test.cpp:20: MESSAGE: SKIPPED: there is no poem.txt
4: reference_test.cpp:20: MESSAGE: SKIPPED: there is no poem.txt
4: [doctest] test cases:  4 |  4 passed | 0 failed | 0 skipped
 1/1 Test  #4: command line .....................   Passed    0.01 sec
LOG
expect '1 0 1;SKIP this CPU has no avx2' <<'LOG'
3: x86_64     avx2      off  small       -        -  SKIP: this CPU has no avx2
3: 1 passed, 0 failed, 1 skipped
 1/1 Test  #3: same bits ........................   Passed    0.01 sec
LOG
expect '0 0 1;SKIP slow' <<'LOG'
 1/1 Test  #3: slow .............................***Skipped   0.01 sec
LOG
expect '0 0 2;SKIP bits: there is no qemu-arm;SKIP models: takes PyTorch' <<'LOG'
3: SKIP: there is no qemu-arm
 1/2 Test  #3: bits .............................***Skipped   0.01 sec
4: looking
4: takes PyTorch
 2/2 Test  #4: models ...........................***Skipped   0.01 sec
LOG
