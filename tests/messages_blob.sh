#!/usr/bin/env bash
# messages_blob.sh [--train] BUILD: the model of messages that the repository holds is the one that tools/corpora/README.md
# describes: its size, its weights hash, the bits a character of the messages held out; it passes its self-test, and every
# message of the corpus comes back from its packet. --train runs the page's command, which has to write the same bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
train=0
if [ "${1-}" = --train ]; then
    train=1
    shift
fi
mote=${1:?usage: messages_blob.sh [--train] BUILD}/mote
page=tools/corpora/README.md blob=platform/boards/examples/messages.mote
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# check WHAT COMMAND …
check() {
    local what=$1
    shift
    if "$@" >/dev/null; then
        passed=$((passed + 1))
    else
        echo "FAIL $what"
        failed=$((failed + 1))
    fi
}

# command_of WORD: the page's line that begins with it, after the program's name.
command_of() { sed -n "s/^mote \($1 .*\)/\1/p" "$page"; }

if [ $train -eq 1 ]; then
    read -ra arguments <<<"$(command_of train)"
    [ "${arguments[-2]-} ${arguments[-1]-}" = "-o messages.mote" ] || { echo "FAIL $page has no command of training"; exit 1; }
    "$mote" "${arguments[@]:0:${#arguments[@]}-1}" "$scratch/messages.mote" --quiet >"$scratch/log"
    check "the page's command makes $blob" cmp "$scratch/messages.mote" "$blob"
else
    read -ra arguments <<<"$(command_of compress)"
    "$mote" inspect "$blob" >"$scratch/inspected"
    check "the self-test passes" grep -q '^self-test  *passed$' "$scratch/inspected"
    hash=$(awk '/^weights hash/ { print $3 }' "$scratch/inspected")
    check "$page has the weights hash $hash" grep -qF "\`$hash\`" "$page"
    bytes=$(stat -c %s "$blob")
    check "$page has the size, $bytes" grep -qF "${bytes%???},${bytes: -3} bytes" "$page"
    check "it is no larger than 64 KB" [ "$bytes" -le 65536 ]
    bits=$("$mote" "${arguments[@]/#messages.mote/$blob}" | awk '/^packets/ { printf "%.2f", $4 }')
    check "$page has the bits a character, $bits" grep -qF "$bits bits a character" "$page"
    "$mote" compress --model "$blob" messages --lines >"$scratch/packets"
    "$mote" decompress --model "$blob" --lines <"$scratch/packets" >"$scratch/messages"
    check "every message comes back" cmp "$scratch/messages" tools/corpora/messages.txt
fi
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
