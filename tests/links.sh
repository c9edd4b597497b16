#!/usr/bin/env bash
# links.sh [TREE]: every relative link of every page (*.md) leads to a file of the tree and, behind a #, to a heading of
# that page; every path in backquotes that begins with a folder of the tree is there.
# links.sh --check-itself: shows that it finds what is missing.
set -euo pipefail

# Folders whose paths are looked for where they stand in backquotes.
folders='lib|platform|tools|tests|bench'

# The anchors that GitHub makes of the headings of a page.
anchors_of() {
    awk '/^ *```/ { code = !code } !code && /^#+ /' "$1" | sed -E 's/^#+ +//; s/\[([^]]*)\]\([^)]*\)/\1/g' |
        tr '[:upper:]' '[:lower:]' | sed -E "s/[^[:alnum:] _-]//g; s/ /-/g"
}

# check_link PAGE TARGET: a link of a page.
check_link() {
    local page=$1 path=${2%%#*} anchor="" file
    [[ $2 != *'#'* ]] || anchor=${2#*#}
    file=$page
    [ -z "$path" ] || file=$(dirname "$page")/$path
    if [ ! -e "$file" ]; then
        report "$page: there is no $2"
    elif [ -n "$anchor" ] && ! anchors_of "$file" | grep -qxF -- "$anchor"; then
        report "$page: there is no heading for $2"
    fi
}

# check_path PAGE PATH: a path in backquotes; *, NAME and BOARD stand for names.
check_path() {
    local pattern=${2//NAME/*}
    [ -n "$(compgen -G "${pattern//BOARD/*}")" ] || report "$1: there is no $2"
}

report() {
    echo "$1"
    wrong=$((wrong + 1))
}

check_tree() {
    local page target
    wrong=0 seen=0
    while read -r page; do
        while read -r target; do
            seen=$((seen + 1))
            check_link "$page" "$target"
        done < <(awk '/^ *```/ { code = !code } !code' "$page" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(//; s/\)$//' |
            grep -vE '^[a-z]+:' || true)
        while read -r target; do
            seen=$((seen + 1))
            check_path "$page" "$target"
        done < <(grep -oE "\`($folders)/[A-Za-z0-9_./*-]+" "$page" | tr -d '`' || true)
    done < <(git ls-files -co --exclude-standard '*.md')
    [ "$seen" -gt 0 ] || report "no link was found"
    [ "$wrong" -eq 0 ]
}

# shellcheck disable=SC2016 # backquotes of a page
# expect MESSAGE TEXT: what the check of a tree says whose page has this text; an empty one: it passes.
expect() {
    local message=$1 scratch status=0
    scratch=$(mktemp -d)
    git -C "$scratch" init -q
    mkdir -p "$scratch/lib"
    printf '# A page\n\n## What it `does`, and why\n' >"$scratch/lib/README.md"
    printf '# Start\n\n%s\n' "$2" >"$scratch/README.md"
    (cd "$scratch" && check_tree) >"$scratch/output" || status=$?
    if { [ -z "$message" ] && [ $status -ne 0 ]; } ||
        { [ -n "$message" ] && { [ $status -eq 0 ] || ! grep -qF "$message" "$scratch/output"; }; }; then
        echo "links.sh: wanted ${message:-a pass}, got status $status and: $(cat "$scratch/output")" >&2
        exit 1
    fi
    rm -rf "$scratch"
    echo "finds: ${message:-nothing wrong in a right page}"
}

# shellcheck disable=SC2016 # backquotes of a page
check_itself() {
    expect '' '[page](lib/README.md#what-it-does-and-why), [here](#start), [out](https://example.org/x), `lib/*.md`'
    expect 'there is no lib/readme.md' '[page](lib/readme.md)'
    expect 'there is no heading for lib/README.md#what' '[page](lib/README.md#what)'
    expect 'there is no heading for #end' '[page](#end)'
    expect 'there is no lib/none.h' 'see `lib/none.h`'
    expect 'no link was found' 'nothing'
}

case ${1-} in
--check-itself) check_itself ;;
*)
    cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"
    check_tree || exit 1
    echo "$seen links and paths lead somewhere"
    ;;
esac
