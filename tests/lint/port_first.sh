#!/usr/bin/env bash
# port_first.sh: checks, by what the preprocessor makes of them, that in every source of lib/ and platform/cpu port.h
# comes before any code but the C library's and the public headers': what comes before it is compiled as the build's
# flags say, and may have other bits.
# port_first.sh --check-itself: shows that a source without it, and one with code before it, are found.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The preprocessor's lines of one source, with `# LINE "FILE"` before those of a file: prints what is wrong. System headers
# before port.h are those of the C library, so xsimd's folder is searched for as one of the repository.
check_text() {
    awk -v source="$1" -v tree="$2/" '
        /^# [0-9]+ "/ { file = $3; gsub(/"/, "", file); if (file ~ /\/port\.h$/) { found = 1; exit } next }
        /^[ \t]*$/ || /^#/ { next }
        (index(file, tree) == 1 && file !~ /\/lib\/mote[a-z_]*\.h$/) || file ~ /\/xsimd\// {
            print source ": code before port.h: " file ": " $0
            found = wrong = 1
            exit
        }
        END {
            if (!found) { print source ": does not include port.h"; wrong = 1 }
            exit wrong
        }'
}

# check_tree TREE: the sources for other processors than this one are read with the definitions that choose them.
check_tree() {
    local sources includes source wrong=0
    mapfile -t sources < <(find "$1/lib" "$1/platform/cpu" -name '*.cpp' | sort)
    mapfile -t includes < <(find "$1/lib" "$1/platform/cpu" -type d -printf '-I%p\n')
    [ ${#sources[@]} -gt 0 ] || { echo "no source found"; return 1; }
    for source in "${sources[@]}"; do
        # The lines up to a header that this compiler lacks are enough, as all includes of code come after port.h.
        { g++ -std=c++17 -E "${includes[@]}" "$source" 2>/dev/null || true; } | check_text "$source" "$1" || wrong=1
    done
    [ $wrong -eq 0 ] || return 1
    echo "port.h comes first in ${#sources[@]} sources"
}

# expect MESSAGE TEXT: the check of a tree whose source is TEXT says MESSAGE.
expect() {
    printf '%s\n' "$2" >"$scratch/tree/lib/source.cpp"
    check_tree "$scratch/tree" >"$scratch/output" || true
    grep -q "$1" "$scratch/output" || { echo "wanted '$1', got: $(cat "$scratch/output")"; exit 1; }
    echo "found: $1"
}

check_itself() {
    mkdir -p "$scratch"/tree/{lib,platform/cpu}
    : >"$scratch/tree/platform/cpu/port.h"
    echo 'int answer(void);' >"$scratch/tree/lib/mote.h"
    echo 'inline int twice(int x) { return 2 * x; }' >"$scratch/tree/lib/twice.h"
    expect 'comes first in 1 sources' $'#include <string.h>\n#include "mote.h"\n#include "port.h"\nint a;'
    expect 'does not include port.h' '#include "mote.h"'
    expect 'code before port.h: .*source.cpp: int a;' $'int a;\n#include "port.h"'
    expect 'code before port.h: .*twice.h' $'#include "twice.h"\n#include "port.h"'
}

case ${1-} in
'') check_tree "$root" ;;
--check-itself) check_itself ;;
*)
    echo "port_first.sh: usage: port_first.sh [--check-itself]" >&2
    exit 2
    ;;
esac
