#!/usr/bin/env bash
# calls.sh ARCHIVE [NM]: checks by the symbols of the library's objects that its folders call downwards only:
#
#   platform/cpu <- lib/core <- lib/model <- lib/layers <- lib/run, lib/train <- lib/codec, lib/format
#
# and that run and train do not call each other, nor codec and format. The check of includes cannot see a call through a
# declaration of its own. An object belongs to the folder in which its source lies.
# calls.sh --check-itself: shows that an upward call is found, in an archive made for it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# "SOURCE LEVEL FOLDER" for every source of the library below a folder.
levels_below() {
    local folder level=0
    for folder in platform/cpu lib/core lib/model lib/layers lib/run lib/train lib/codec lib/format; do
        find "$1/$folder" -name '*.cpp' -printf "%f $level $folder\n" 2>/dev/null || true
        [ "$folder" = lib/run ] || [ "$folder" = lib/codec ] || level=$((level + 1))
    done
}

# check_calls ARCHIVE NM TREE
check_calls() {
    { levels_below "$3" && echo '--' && "$2" -A "$1"; } | awk '
        $0 == "--" { symbols = 1; next }
        !symbols { level[$1] = $2; folder[$1] = $3; next }
        {
            # ARCHIVE:OBJECT:ADDRESS TYPE SYMBOL, without an address where the symbol is undefined.
            split($0, part, ":")
            object = part[2]
            sub(/\.o(bj)?$/, "", object)
            count = split($0, word, " ")
            type = word[count - 1]
            symbol = word[count]
            if (!(object in level)) { print object ": lies in no folder of the library"; wrong++; next }
            if (type == "U") called[object SUBSEP symbol] = 1
            else if (type ~ /[TDRBVW]/) home[symbol] = object
        }
        END {
            for (call in called) {
                split(call, pair, SUBSEP)
                from = pair[1]; to = home[pair[2]]
                if (to == "") continue
                seen++
                up = level[to] > level[from]
                beside = level[to] == level[from] && folder[to] != folder[from]
                if (up || beside) { print folder[from] "/" from " calls " folder[to] "/" to ": " pair[2]; wrong++ }
            }
            if (!seen) { print "no call from one object to another found"; exit 1 }
            if (wrong) exit 1
            print seen " calls from object to object, all downwards"
        }'
}

check_itself() {
    local scratch
    scratch=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$scratch'" EXIT
    mkdir -p "$scratch"/lib/{core,run,train}
    echo 'void down(); void train_it(); void up() { down(); }' >"$scratch/lib/run/up.cpp"
    echo 'void down() {}' >"$scratch/lib/core/down.cpp"
    echo 'void up(); void train_it() {}' >"$scratch/lib/train/trains.cpp"
    build() {
        local source
        rm -f "$scratch/x.a"
        for source in core/down run/up train/trains; do
            g++ -c "$scratch/lib/$source.cpp" -o "$scratch/$(basename "$source").cpp.o"
        done
        ar rc "$scratch/x.a" "$scratch"/*.o
    }
    build
    check_calls "$scratch/x.a" nm "$scratch" >/dev/null || { echo 'calls.sh: a right archive is refused' >&2; exit 1; }
    echo 'void up(); void down() { up(); }' >"$scratch/lib/core/down.cpp"
    build
    ! check_calls "$scratch/x.a" nm "$scratch" >/dev/null || { echo 'calls.sh: misses a call upwards' >&2; exit 1; }
    echo 'void down() {}' >"$scratch/lib/core/down.cpp"
    echo 'void down(); void train_it(); void up() { down(); train_it(); }' >"$scratch/lib/run/up.cpp"
    build
    ! check_calls "$scratch/x.a" nm "$scratch" >/dev/null || { echo 'calls.sh: misses a call from run to train' >&2; exit 1; }
    echo 'finds calls upwards, and calls between run and train'
}

case ${1-} in
--check-itself) check_itself ;;
'')
    echo 'calls.sh: which archive? usage: calls.sh ARCHIVE [NM], or --check-itself' >&2
    exit 2
    ;;
*) check_calls "$1" "${2:-nm}" "$root" ;;
esac
