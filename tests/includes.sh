#!/usr/bin/env bash
# includes.sh [TREE]: holds every #include of the house against its order, which runs downwards only:
#
#   mote.h, port.h <- vec_* <- kernels, dispatch <- arena, rng, layout, blob, vocab <- models, loss <- optim, sample,
#   trainer <- mote.cpp <- tools
#
# platform/ includes nothing of lib/, save that the firmware in platform/boards uses mote.h; tools/ has only mote.h of
# lib/; no model includes another; no headers include each other in a circle, nor share a
# name.
# includes.sh --check-itself: shows that each of these is found, in trees made for it.
set -euo pipefail

# The floor that a file stands on, in REPLY; empty for files outside the order.
floor_of() {
    REPLY=""
    case $1 in
    lib/mote.h | platform/cpu/port.h) REPLY=0 ;;
    platform/cpu/vec_* | platform/cpu/fma* | platform/cpu/soft_float.h) REPLY=1 ;;
    platform/cpu/*) REPLY=2 ;;
    lib/arena.* | lib/rng.* | lib/layout.* | lib/vocab.* | lib/numeric.* | lib/crc.* | lib/data.*) REPLY=3 ;;
    lib/model.* | lib/blob*.*) REPLY=3 ;;
    lib/work.* | lib/linked_parts.* | lib/bigram.* | lib/mlp.* | lib/rnn.*) REPLY=4 ;;
    lib/network.* | lib/state.*) REPLY=5 ;;
    lib/optim.* | lib/sample.* | lib/trainer.* | lib/checkpoint.*) REPLY=6 ;;
    lib/mote.cpp) REPLY=7 ;;
    tools/* | bench/* | tests/*) REPLY=8 ;;
    esac
}

# Which model a file belongs to, in REPLY; empty where it belongs to none.
model_of() {
    REPLY=""
    [[ ! $1 =~ ^lib/(bigram|mlp|rnn)[._] ]] || REPLY=${BASH_REMATCH[1]}
}

complain() {
    echo "$1"
    wrong=$((wrong + 1))
}

# check_edge FILE LINE HEADER: HEADER is the path of what FILE includes.
check_edge() {
    local file=$1 at=$1:$2 header=$3 from to
    floor_of "$file"
    from=$REPLY
    floor_of "$header"
    to=$REPLY
    case $file in
    platform/cpu/*) [[ $header != lib/* ]] || complain "$at: platform/ includes $header" ;;
    platform/*) [[ $header != lib/* || $header == lib/mote.h ]] || complain "$at: a board includes $header" ;;
    tools/*) [[ $header != lib/* || $header == lib/mote.h ]] || complain "$at: tools/ includes $header" ;;
    esac
    if [ -n "$from" ] && [ -n "$to" ] && [ "$to" -gt "$from" ]; then
        complain "$at: includes upwards, $header"
    fi
    model_of "$file"
    from=$REPLY
    model_of "$header"
    to=$REPLY
    if [ -n "$from" ] && [ -n "$to" ] && [ "$from" != "$to" ]; then
        complain "$at: a model includes another, $header"
    fi
}

# The C library in lib/ is three headers; anything else would need more of a microcontroller than it may have.
check_system_header() {
    [[ $1 != lib/* || $3 =~ ^(stddef|stdint|string)\.h$ ]] || complain "$1:$2: lib/ includes <$3>"
}

check_tree() {
    local files file line mark name header
    declare -A place=()
    edges="" wrong=0 seen=0
    mapfile -t files < <(find lib platform tools bench tests -type f \( -name '*.h' -o -name '*.c' -o -name '*.cpp' \) |
        LC_ALL=C sort)
    for file in "${files[@]}"; do
        case $file in
        *.h)
            name=${file##*/}
            [ -z "${place[$name]-}" ] || complain "$file: ${place[$name]} has that name already"
            place[$name]=$file
            ;;
        esac
        floor_of "$file"
        [[ $file != lib/* || -n $REPLY ]] ||
            complain "$file: stands on no floor; tests/includes.sh should name one"
    done
    while IFS=: read -r file line mark name; do
        seen=$((seen + 1))
        header=${place[${name##*/}]-}
        if [ "$mark" = '<' ] && [ "$name" != mote.h ]; then
            check_system_header "$file" "$line" "$name"
        elif [ -n "$header" ]; then
            check_edge "$file" "$line" "$header"
            case $file in
            *.h) edges+="$file $header"$'\n' ;;
            esac
        fi
    done < <(awk '
        match($0, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]+/) {
            text = substr($0, RSTART, RLENGTH)
            mark = match(text, /[<"]/)
            print FILENAME ":" FNR ":" substr(text, mark, 1) ":" substr(text, mark + 1)
        }' "${files[@]}")
    if ! circle=$(tsort <<<"$edges" 2>&1 >/dev/null); then complain "headers in a circle: ${circle//$'\n'/ }"; fi
    [ "$seen" -gt 0 ] || complain "no #include found"
    [ "$wrong" -eq 0 ]
}

# expect MESSAGE FILE TEXT …: the check of a tree of these files says MESSAGE; an empty one: it passes.
expect() {
    local message=$1 scratch status=0
    scratch=$(mktemp -d)
    shift
    mkdir -p "$scratch"/{lib,platform/cpu,platform/boards,tools,bench,tests}
    : >"$scratch/lib/mote.h"
    while [ $# -gt 0 ]; do
        printf '%s\n' "$2" >"$scratch/$1"
        shift 2
    done
    (cd "$scratch" && check_tree) >"$scratch/output" || status=$?
    if { [ -z "$message" ] && [ $status -ne 0 ]; } ||
        { [ -n "$message" ] && { [ $status -eq 0 ] || ! grep -qF "$message" "$scratch/output"; }; }; then
        echo "includes.sh: wanted ${message:-no complaint}, got status $status and: $(cat "$scratch/output")" >&2
        exit 1
    fi
    rm -rf "$scratch"
    echo "finds: ${message:-nothing wrong in a right tree}"
}

check_itself() {
    expect '' lib/rnn.h '#include "mote.h"' tools/a.cpp '#include "mote.h"' lib/b.txt ''
    expect 'platform/ includes lib/mote.h' platform/cpu/kernels.h '#include "mote.h"'
    expect 'a board includes lib/rng.h' lib/rng.h '#include "mote.h"' platform/boards/speak.c '#include "rng.h"'
    expect 'tools/ includes lib/rng.h' lib/rng.h '' tools/a.cpp '  #  include "rng.h"'
    expect 'includes upwards, lib/optim.h' lib/optim.h '' lib/layout.cpp '#include "../lib/optim.h"'
    expect 'a model includes another, lib/mlp.h' lib/mlp.h '' lib/rnn.cpp '#include "mlp.h"'
    expect 'headers in a circle' lib/rng.h '#include "vocab.h"' lib/vocab.h '#include "rng.h"'
    expect 'lib/ includes <stdlib.h>' lib/rng.cpp '#include <stdlib.h>'
    expect 'tests/rng.h: lib/rng.h has that name already' lib/rng.h '#include "mote.h"' tests/rng.h ''
    expect 'stands on no floor' lib/surprise.h '#include "mote.h"'
    expect 'no #include found' lib/rng.h ''
}

case ${1-} in
--check-itself) check_itself ;;
*)
    cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"
    check_tree || exit 1
    echo "$seen includes, all downwards"
    ;;
esac
