#!/usr/bin/env bash
# words.sh [TREE]: the house speaks of itself alone. Fails on paths of somebody's machine, addresses of package mirrors
# and marks of unfinished work in the files of a git tree.
# words.sh --check-itself: shows that it finds each.
set -euo pipefail

# This file is not searched; gaps in its words keep other searches from stopping here.
patterns=(
    '(^|[^A-Za-z0-9_.~}/-])/(home|root|work|Users|mnt|media|srv)/[A-Za-z0-9_.-]'
    '/tmp/[A-Za-z0-9_]'
    '[A-Za-z]:[\\](Users|Program)'
    '(deb|security|snapshot|registry|pypi|files)\.(debian|npmjs|org|pythonhosted)\.(org|com)'
    '\b(TO[D]O|FIX[M]E|XX[X])\b'
)

# Prints what is wrong in the tree; fails where something is.
check_tree() {
    local pattern found=0
    for pattern in "${patterns[@]}"; do
        if git -C "$1" grep -nIE --untracked -e "$pattern" -- . ':!tests/words.sh'; then found=1; fi
    done
    [ "$found" -eq 0 ]
}

# expect FOUND LINE: whether a tree with this line is refused.
expect() {
    local scratch got=yes
    scratch=$(mktemp -d)
    git -C "$scratch" init -q
    printf '%s\n' "$2" >"$scratch/file.txt"
    check_tree "$scratch" >/dev/null && got=no
    rm -rf "$scratch"
    if [ "$got" != "$1" ]; then
        echo "words.sh: \"$2\": found: $got, wanted: $1" >&2
        exit 1
    fi
    echo "$1: $2"
}

check_itself() {
    expect yes 'cd /home/somebody/mote'
    expect yes 'data=/ro''ot/data'
    expect yes 'see /tmp/log'
    expect yes 'C:\Users\somebody'
    expect yes 'http://deb.''debian.org/debian'
    expect yes '// TO''DO: later'
    expect no 'build/release/mote, lib/home/x and ../home/x'
    expect no '/usr/aarch64-linux-gnu'
}

case ${1-} in
--check-itself) check_itself ;;
*)
    check_tree "${1:-$(dirname "${BASH_SOURCE[0]}")/..}" || exit 1
    echo "no word that does not belong"
    ;;
esac
