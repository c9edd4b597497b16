#!/usr/bin/env bash
# program.sh PROGRAM GNUPLOT HOST: PROGRAM, a mote.exe, by Wine, where Windows differs: the names of files, the ends of
# lines, bytes on standard streams, Ctrl-C, files that are replaced, and a gnuplot.exe, for which GNUPLOT stands. What it
# computes is what HOST does, the program of this system. Status 77: there is no HOST.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
program=$(realpath -m "$1") gnuplot=$(realpath -m "$2") host=$(realpath -m "$3") passed=0 failed=0
[ -x "$host" ] || { echo "SKIP: there is no $host; cmake --preset release && cmake --build --preset release"; exit 77; }

mote() { "$root/platform/toolchains/run_by_wine.sh" "$program" "$@"; }

# check NAME COMMAND …: the command works.
check() {
    if "${@:2}" >"$scratch/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        tail -n 5 "$scratch/log"
    fi
}

# fails MESSAGE COMMAND …: the command ends with 1 and says the message.
fails() {
    local status=0
    "${@:2}" 2>"$scratch/err" || status=$?
    cat "$scratch/err"
    [ $status -eq 1 ] && grep -qF -- "$1" "$scratch/err"
}

training=(--lines --hidden 16 --batch 2 --time 8 --seed 3 --quiet)
train() { "$1" train "$2" -o "$3" --steps 60 "${training[@]}"; }

same_bits() { train "$host" names host.mote && train mote names windows.mote && cmp host.mote windows.mote; }

names_of_files() {
    mkdir -p 'Ordner ä/ü' && cp host.mote 'Ordner ä/ü/名 前.mote' &&
        mote export 'Ordner ä\ü\名 前.mote' -o 'Ordner ä\ü\é.h' && [ -s 'Ordner ä/ü/é.h' ] &&
        mote export "$scratch/host.mote" --binary -o "Ordner ä\\ü\\copy.mote" && cmp host.mote 'Ordner ä/ü/copy.mote'
}

arguments() {
    for ((i = 0; i < 20; i++)); do printf 'grün\nhöher\nschön\n'; done >umlauts.txt
    train mote ./umlauts.txt u.mote && train "$host" ./umlauts.txt v.mote && cmp u.mote v.mote &&
        mote score u.mote 'grünschön' >windows.txt && "$host" score v.mote 'grünschön' >host.txt && cmp windows.txt host.txt
}

ends_of_lines() {
    for ((i = 0; i < 20; i++)); do printf 'one\ntwo\nthree\n'; done >lf.txt
    sed 's/$/\r/' lf.txt >crlf.txt
    train mote .\\crlf.txt c.mote && train mote .\\lf.txt l.mote && cmp c.mote l.mote
}

# A byte of 26 is the end of a text to Windows, and 10 becomes 13 and 10, unless a stream is one of bytes.
streams() {
    printf '\x1a\n\r\n\x00\xff\n' >bytes
    mote compress --model host.mote --stream <bytes >bytes.mz && "$host" decompress --model host.mote --stream <bytes.mz | cmp - bytes &&
        mote decompress --model host.mote --stream <bytes.mz | cmp - bytes && ! mote sample host.mote --count 9 | grep -q $'\r'
}

replaced() {
    echo old >m.mote
    train mote names m.mote && cmp m.mote host.mote && [ ! -e m.mote.part ] && train mote names m.mote && cmp m.mote host.mote
}

not_replaced() {
    echo old >kept.mote
    chmod a-w kept.mote
    fails 'cannot write kept.mote' mote export host.mote --binary -o kept.mote && [ "$(cat kept.mote)" = old ] &&
        fails 'cannot write no\folder.mote' mote export host.mote --binary -o 'no\folder.mote' &&
        fails 'Is a directory' mote export host.mote --binary -o . && fails 'Is a directory' mote inspect .
}

# A SIGINT is Ctrl-C to a program that Wine runs.
interrupted() {
    local pid status=0 step
    (exec "$root/platform/toolchains/run_by_wine.sh" "$program" train names -o end.mote --steps 4000000000 \
        --checkpoint c.ckpt --checkpoint-every 4000000000 --log run.csv "${training[@]}" 2>"$scratch/err") &
    pid=$!
    for ((i = 0; i < 600; i++)); do
        [ "$(stat -c %s run.csv 2>/dev/null || echo 0)" -lt 1000 ] || break
        sleep 0.05
    done
    kill -INT $pid
    for ((i = 0; i < 600; i++)); do
        kill -0 $pid 2>/dev/null || break
        sleep 0.05
    done
    kill -KILL $pid 2>/dev/null
    wait $pid || status=$?
    cat "$scratch/err"
    [ $status -eq 1 ] && grep -q 'Ctrl-C' "$scratch/err" && [ ! -e end.mote ] && [ -s c.ckpt ] &&
        step=$(mote inspect c.ckpt --json | tail -n 1 | sed 's/.*"step":\([0-9]*\).*/\1/') &&
        mote train names -o end.mote --resume c.ckpt --steps $((step + 30)) --quiet --log run.csv &&
        "$host" train names -o straight.mote --steps $((step + 30)) "${training[@]}" --log straight.csv &&
        cmp end.mote straight.mote && cmp run.csv straight.csv
}

pictures() {
    mkdir -p 'with blanks' && cp "$gnuplot" 'with blanks/gnuplot.exe' &&
        fails 'there is no gnuplot' mote plot loss run.csv -o p.svg && [ ! -e p.svg ] &&
        WINEPATH="$scratch/with blanks" mote plot loss run.csv -o p.svg && grep -q '[0-9] lines</svg>' p.svg
}

missing_formats() {
    fails 'without libzip' mote convert "$root/tests/convert/readers/gru.pt" --vocab "$root/tests/convert/readers/cases.json" -o x.mote &&
        fails 'without protobuf' mote convert "$root/tests/convert/readers/gru.onnx" --vocab "$root/tests/convert/readers/cases.json" -o x.mote &&
        fails 'without libzip' mote export host.mote -o x.npz && [ ! -e x.npz ] && [ ! -e x.mote ] &&
        mote export host.mote -o x.safetensors --vocab v.json && mote convert x.safetensors --vocab v.json --boundary '<boundary>' -o x.mote &&
        [ "$(mote inspect x.mote --json | grep -o '"weights_hash":"[^"]*"')" = "$(mote inspect host.mote --json | grep -o '"weights_hash":"[^"]*"')" ]
}

cd "$scratch" || exit 1
check 'a training has the same bits' same_bits
check 'files have any names' names_of_files
check 'arguments have any characters' arguments
check 'CR LF is read as LF' ends_of_lines
check 'standard streams are bytes' streams
check 'an output replaces a file' replaced
check 'a failure leaves the file' not_replaced
check 'Ctrl-C leaves a checkpoint that goes on' interrupted
check 'gnuplot is found and run' pictures
check 'formats that cannot be read are named' missing_formats
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
