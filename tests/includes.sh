#!/usr/bin/env bash
# includes.sh [TREE]: checks that every #include of the repository runs downwards only:
#
#   the public headers, platform/cpu/port.h <- platform/cpu: isa*, vec*, fma* <- platform/cpu
#     <- lib/core <- lib/model <- lib/layers <- lib/run, lib/train <- lib/codec, lib/format <- tools, bench, tests
#
# lib/run and lib/train do not include each other, nor do lib/codec and lib/format. platform/ includes nothing of lib/,
# save that the firmware in platform/boards uses the public headers; tools/ has only those of lib/. A cell or an input in
# lib/layers includes no other. No headers include each other, nor share a name.
# includes.sh --check-itself: shows that each of these is found, in trees made for it.
set -euo pipefail

# The level of a file, in REPLY; empty for files outside the order.
level_of() {
    REPLY=""
    case $1 in
    lib/mote*.h | platform/cpu/port.h) REPLY=0 ;;
    platform/cpu/kernel_types.h | platform/cpu/*_prototypes.inl.h | platform/cpu/isa*) REPLY=1 ;;
    platform/cpu/vec* | platform/cpu/registers_* | platform/cpu/fma* | platform/cpu/soft_float.h | \
        platform/cpu/hardware_sqrt.h) REPLY=1 ;;
    platform/cpu/*) REPLY=2 ;;
    lib/core/*) REPLY=3 ;;
    lib/model/*) REPLY=4 ;;
    lib/layers/*) REPLY=5 ;;
    lib/run/* | lib/train/*) REPLY=6 ;;
    lib/codec/* | lib/format/*) REPLY=7 ;;
    tools/* | bench/* | tests/*) REPLY=8 ;;
    esac
}

is_public() { [[ $1 =~ ^lib/mote[a-z_]*\.h$ ]]; }

# What may not include its like, of its own level, in REPLY: run and train, codec and format, a cell or an input; empty
# for other files.
separate_part_of() {
    REPLY=""
    if [[ $1 =~ ^lib/(run|train|codec|format)/ ]]; then
        REPLY=${BASH_REMATCH[1]}
    elif [[ $1 =~ ^lib/layers/((cell|input)_[a-z]+)\. ]]; then
        REPLY=${BASH_REMATCH[1]}
    fi
}

report_error() {
    echo "$1"
    wrong=$((wrong + 1))
}

# check_edge FILE LINE HEADER: HEADER is the path of what FILE includes.
check_edge() {
    local file=$1 at=$1:$2 header=$3 from to
    level_of "$file"
    from=$REPLY
    level_of "$header"
    to=$REPLY
    case $file in
    platform/cpu/*) [[ $header != lib/* ]] || report_error "$at: platform/ includes $header" ;;
    platform/*) [[ $header != lib/* ]] || is_public "$header" || report_error "$at: a board includes $header" ;;
    tools/*) [[ $header != lib/* ]] || is_public "$header" || report_error "$at: tools/ includes $header" ;;
    esac
    if [ -n "$from" ] && [ -n "$to" ] && [ "$to" -gt "$from" ]; then
        report_error "$at: includes upwards, $header"
    fi
    [ "$from" = "$to" ] || return 0
    separate_part_of "$file"
    from=$REPLY
    separate_part_of "$header"
    to=$REPLY
    if [ -n "$from" ] && [ -n "$to" ] && [ "$from" != "$to" ]; then
        report_error "$at: $from includes $to, $header"
    fi
}

# The C library in lib/ is three headers; anything else would need more of a microcontroller than it may have.
check_system_header() {
    [[ $1 != lib/* || $3 =~ ^(stddef|stdint|string)\.h$ ]] || report_error "$1:$2: lib/ includes <$3>"
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
            [ -z "${place[$name]-}" ] || report_error "$file: ${place[$name]} has that name already"
            place[$name]=$file
            ;;
        esac
        level_of "$file"
        [[ $file != lib/* || -n $REPLY ]] ||
            report_error "$file: has no level; tests/includes.sh should give it one"
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
    if ! loop=$(tsort <<<"$edges" 2>&1 >/dev/null); then report_error "headers include each other: ${loop//$'\n'/ }"; fi
    [ "$seen" -gt 0 ] || report_error "no #include found"
    [ "$wrong" -eq 0 ]
}

# expect MESSAGE FILE TEXT …: the check of a tree of these files says MESSAGE; an empty one: it passes.
expect() {
    local message=$1 scratch status=0
    scratch=$(mktemp -d)
    shift
    mkdir -p "$scratch"/{lib/{core,model,layers,run,train,codec,format},platform/cpu,platform/boards,tools,bench,tests}
    : >"$scratch/lib/mote.h"
    while [ $# -gt 0 ]; do
        printf '%s\n' "$2" >"$scratch/$1"
        shift 2
    done
    (cd "$scratch" && check_tree) >"$scratch/output" || status=$?
    if { [ -z "$message" ] && [ $status -ne 0 ]; } ||
        { [ -n "$message" ] && { [ $status -eq 0 ] || ! grep -qF "$message" "$scratch/output"; }; }; then
        echo "includes.sh: wanted ${message:-no error}, got status $status and: $(cat "$scratch/output")" >&2
        exit 1
    fi
    rm -rf "$scratch"
    echo "finds: ${message:-nothing wrong in a right tree}"
}

check_itself() {
    expect '' lib/core/rng.h '#include "mote.h"' tools/a.cpp '#include "mote.h"' lib/b.txt ''
    expect 'platform/ includes lib/mote.h' platform/cpu/kernels.h '#include "mote.h"'
    expect 'a board includes lib/core/rng.h' lib/core/rng.h '#include "mote.h"' \
        platform/boards/generate.c '#include "rng.h"'
    expect 'tools/ includes lib/core/rng.h' lib/core/rng.h '' tools/a.cpp '  #  include "rng.h"'
    expect 'includes upwards, lib/train/clip.h' lib/train/clip.h '' lib/model/init.cpp '#include "../train/clip.h"'
    expect 'cell_b includes cell_a' lib/layers/cell_a.h '' lib/layers/cell_b.cpp '#include "cell_a.h"'
    expect 'run includes train' lib/train/clip.h '' lib/run/state.cpp '#include "clip.h"'
    expect 'codec includes format' lib/format/blob.h '' lib/codec/codec.cpp '#include "blob.h"'
    expect '' lib/run/step.h '#include "mote.h"' lib/codec/codec.cpp '#include "step.h"'
    expect 'headers include each other' lib/core/rng.h '#include "vocab.h"' lib/core/vocab.h '#include "rng.h"'
    expect 'lib/ includes <stdlib.h>' lib/core/rng.cpp '#include <stdlib.h>'
    expect 'tests/rng.h: lib/core/rng.h has that name already' lib/core/rng.h '#include "mote.h"' tests/rng.h ''
    expect 'has no level' lib/surprise.h '#include "mote.h"'
    expect 'no #include found' lib/core/rng.h ''
}

case ${1-} in
--check-itself) check_itself ;;
*)
    cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"
    check_tree || exit 1
    echo "$seen includes, all downwards"
    ;;
esac
