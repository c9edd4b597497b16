#!/usr/bin/env bash
# tour.sh BUILD: runs the commands of tools/tour/README.md and looks for what the page says that they print, which stands
# behind them as a comment: a loss with its name, a rate, the first names that a model makes up. The words of each stand
# on one line in their order, with blanks between them. Takes half a minute.
# tour.sh --check-itself BUILD: shows that a figure, what it is called and a name that are wrong are found.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# commands PAGE: a line for each command of its sh blocks, a tab and the comment behind it or on the next line.
commands() {
    awk '
        function tell() { if (command != "") print command "\t" comment; command = comment = "" }
        /^```sh$/ { on = 1; next }
        /^```/ { tell(); on = 0 }
        !on { next }
        /^ *# / { sub(/^ *# /, ""); comment = $0; next }
        { tell(); command = comment = $0; sub(/ +# .*/, "", command); if (!sub(/.* # /, "", comment)) comment = "" }' "$1"
}

# check PAGE: fails where a command does, or does not print what is said.
check() {
    local command comment item pattern wrong=0 figures=0
    cd "$scratch"
    while IFS=$'\t' read -r command comment; do
        eval "$command" >output.txt 2>log.txt || { echo "FAIL $command: $(tail -n 1 log.txt)"; return 1; }
        while IFS= read -r item; do
            if [ -z "$item" ] || [ "$item" = … ]; then continue; fi
            figures=$((figures + 1))
            pattern=${item//./\\.}
            grep -qwE -- "${pattern// / +}" output.txt && continue
            echo "FAIL $command: prints nothing like \"$item\""
            wrong=1
        done <<<"${comment//, /$'\n'}"
    done < <(commands "$1")
    [ $figures -gt 0 ] || { echo "FAIL $1 says nothing of what is printed"; return 1; }
    [ $wrong -eq 0 ] && echo "$figures passed, 0 failed, 0 skipped"
}

# page COMMAND COMMENT: a page that says so.
page() { printf '%s\n' "\`\`\`sh" "$1" "    # $2" "\`\`\`" >"$scratch/page.md"; }

# tells WANTED COMMAND COMMENT: whether check() finds the comment true (0) or not (1).
tells() {
    local found=0
    page "$2" "$3"
    check "$scratch/page.md" >"$scratch/found.txt" || found=1
    [ $found -eq "$1" ] || { echo "FAIL $2: $3: $(cat "$scratch/found.txt")"; return 1; }
    echo "$3: $(tail -n 1 "$scratch/found.txt")"
}

check_itself() {
    tells 0 'mote train names --recipe bigram-counts -o counts.mote' 'train loss 2.5697' &&
        tells 1 'mote train names --recipe bigram-counts -o counts.mote' 'train loss 2.5698' &&
        tells 1 'mote train names --recipe bigram-counts -o counts.mote' 'dev loss 2.5697' &&
        tells 0 'mote sample counts.mote --count 8 --length 20' 'riosevla, aci' &&
        tells 1 'mote sample counts.mote --count 8 --length 20' 'riosevla, nobody' &&
        tells 1 'mote sample nothing.mote' 'riosevla'
}

run=check
if [ "${1-}" = --check-itself ]; then
    run=check_itself
    shift
fi
[ -x "${1-}/mote" ] || { echo "tour.sh: needs a build directory with the program mote in it" >&2; exit 2; }
PATH=$(cd "$1" && pwd):$PATH
$run "$root/tools/tour/README.md"
