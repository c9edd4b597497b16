#!/usr/bin/env bash
# compare_check.sh SAME_BITS: shows that compare.sh detects differences, by an x86_64 program that prints something
# wrong in one of its runs.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/printed"
for isa in sse2 avx2 avx2vnni avx512 avx512vnni; do
    for ftz in off on; do
        printed=$scratch/printed/$isa-$ftz
        "$1" --small --isa $isa --ftz $ftz >"$printed" || rm "$printed"
    done
done
[ -s "$scratch/printed/avx2-on" ] || { echo "SKIP: this CPU has no avx2"; exit 77; }

# Prints what the program printed, the run with avx2 and flush-to-zero changed by the sed script $change.
cat >"$scratch/same_bits" <<'END'
#!/bin/sh
here=$(dirname "$0")
if [ "$2-$4" = avx2-on ]; then sed -e "$(cat "$here/change")" "$here/printed/$2-$4"; else cat "$here/printed/$2-$4"; fi
END
ln -s "$(dirname "$1")/sizes" "$scratch/sizes"
chmod +x "$scratch/same_bits"

# expect STATUS MESSAGE CHANGE
expect() {
    local status=0
    printf '%s\n' "$3" >"$scratch/change"
    "$here/compare.sh" x86_64="$scratch/same_bits" >"$scratch/output" || status=$?
    if [ $status -ne "$1" ] || ! grep -q "$2" "$scratch/output"; then
        echo "after '$3' wanted status $1 and '$2', got status $status and:"
        cat "$scratch/output"
        exit 1
    fi
    echo "'$3': $2"
}

expect 0 '^[0-9]* passed, 0 failed, [0246] skipped$' ''
expect 0 '^5-layers .* same *$' ''
expect 1 '^5-layers .* DIFFERS:avx2/on *$' '/^5-layers /s/weights=./weights=g/'
expect 1 '^sgd-cosine .* MISSING *$' '/^sgd-cosine /d'
expect 1 '1 cases differ, the first: 5-layers' '/^5-layers /s/weights=./weights=g/'
expect 1 '1 cases differ, the first: sgd-cosine' '/^sgd-cosine /d'
expect 1 '1 cases differ, the first: sgd-cosine' '/^sgd-cosine /p'
expect 1 'it ran on isa sse2' 's/^isa .*/isa sse2/'
expect 1 'it ran on isa avx2 ftz off' 's/^ftz .*/ftz off/'
expect 1 'exit status 0' '/^end /d'
expect 1 'exit status 0' 's/^end .*/end failures=1/'
