#!/usr/bin/env bash
# demo.sh: from a text to a microcontroller that generates text. Installs what is missing, builds, trains on the built-in
# names, writes the model and its C header to build/demo, and runs that model in an emulated Cortex-M4. Fails where the
# firmware generates or learns anything else than the host.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
demo=build/demo
mote=build/release/mote
board=platform/boards/mps2-an386/run

title() { printf '\n== %s\n' "$1"; }

# Says what is done; shows the output of tools only where they fail.
quietly() {
    printf '%s\n' "$*"
    if ! "$@" >"$demo/log" 2>&1; then
        cat "$demo/log" >&2
        echo "demo.sh: failed: $*" >&2
        exit 1
    fi
}

# into FILE COMMAND …: what the command prints goes to build/demo/FILE.
into() {
    local file=$demo/$1
    shift
    if ! "$@" >"$file"; then
        cat "$file" >&2
        echo "demo.sh: failed: $*" >&2
        exit 1
    fi
}

# compare NAME: HOST and FIRMWARE of that name side by side.
compare() {
    local width=$((($(wc -L <"$demo/$1-host.txt") > 30 ? $(wc -L <"$demo/$1-host.txt") : 30) + 4))
    paste <(echo host && cat "$demo/$1-host.txt") <(echo Cortex-M4 && cat "$demo/$1-firmware.txt") |
        awk -F '\t' -v width="$width" '{ printf "    %-*s%s\n", width, $1, $2 }'
    if ! [ -s "$demo/$1-host.txt" ] || ! cmp "$demo/$1-host.txt" "$demo/$1-firmware.txt"; then
        echo "demo.sh: $1: the firmware differs from the host" >&2
        exit 1
    fi
}

title "what is needed"
tools/setup.sh demo
mkdir -p "$demo"

title "build"
quietly cmake --preset release
quietly cmake --build --preset release --target mote_cli

title "train on the built-in names"
"$mote" train names --recipe demo-names -o "$demo/names.mote" --json

title "names that it makes up"
"$mote" sample "$demo/names.mote" --count 20 --length 40 --temperature 0.8 --seed 7

title "firmware with the model in its flash"
"$mote" export "$demo/names.mote" -o "$demo/names.h"
ls -l "$demo/names.mote" "$demo/names.h"
for target in release cortex-m4; do
    quietly cmake --preset "$target" -B "$demo/$target" -DMOTE_BUILD_TESTS=OFF \
        "-DMOTE_NAMES_HEADER=$PWD/$demo/names.h"
    quietly cmake --build "$demo/$target" --target generate learn
done
examples=platform/boards/examples

title "it generates text: the same names on the host and on the Cortex-M4"
into generate-host.txt "$mote" sample "$demo/names.mote" --count 10 --length 40 --temperature 0.8 --seed 1
into generate-firmware.txt "$board" "$demo/cortex-m4/$examples/generate.elf"
compare generate

title "it learns: the same losses, to the last bit, from a text of its own"
into learn-host.txt "$demo/release/$examples/learn"
into learn-firmware.txt "$board" "$demo/cortex-m4/$examples/learn.elf"
compare learn

title "the firmware prints exactly what the host prints"
