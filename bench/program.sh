#!/usr/bin/env bash
# program.sh [CORPUS]: what the program costs around the kernels: how much of `mote train` is spent in them, on T2b's work
# and with the losses of the whole text at the end (perf, of linux-perf); how long 100 MB of text take to be read, encoded
# and drawn by `mote plot bigrams`, and the most memory meanwhile; how long `mote sample` takes to begin. CORPUS: a text
# of 300 KB or more (../shared/data/tinyshakespeare.txt).
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
corpus=${1-$bench/../../shared/data/tinyshakespeare.txt}
[ -s "$corpus" ] || { echo "program.sh: no text in $corpus" >&2; exit 2; }
for tool in perf gnuplot; do
    [ -n "$(command -v $tool)" ] || { echo "program.sh: $tool is not installed" >&2; exit 2; }
done
{
    cmake -S "$bench/.." --preset bench
    cmake --build "$bench/../build/bench" --target mote_cli
} >&2
mote=$bench/../build/bench/mote
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

# report WHAT VALUE UNIT GOAL ORDER: a line of the table; ORDER: whether VALUE must be -ge or -le GOAL.
report() {
    awk -v what="$1" -v value="$2" -v unit="$3" -v goal="$4" -v order="$5" 'BEGIN {
        met = order == "-ge" ? value >= goal : value <= goal
        printf "%-64s %8.2f %-18s goal %5s  %s\n", what, value, unit, goal, met ? "met" : "missed" }'
}

perf record -q -e cpu-clock -F 2000 -o "$folder/perf" "$mote" train "$corpus" --model rnn --hidden 256 --batch 32 --time 64 \
    --optimizer adamw --clip-norm 1 --steps 300 -o "$folder/model.mote" >"$folder/log" 2>&1 || { tail "$folder/log"; exit 1; }
share=$(perf report -q -i "$folder/perf" --no-children --sort symbol 2>"$folder/log" |
    awk '/mote::cpu::/ { sum += $1 } END { print sum }')
report "mote train, T2b's work, in kernels" "$share" "% of its time" 95 -ge

: >"$folder/text"
while [ "$(wc -c <"$folder/text")" -lt 100000000 ]; do cat "$corpus" >>"$folder/text"; done
/usr/bin/python3 - "$mote" "$folder" >"$folder/reading" <<'PYTHON'
import os, resource, subprocess, sys, time

mote, folder = sys.argv[1:]
started = time.monotonic()
subprocess.run([mote, "plot", "bigrams", f"{folder}/text", "-o", f"{folder}/bigrams.svg"], check=True)
seconds = time.monotonic() - started
memory = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(seconds, memory / len(open(f"{folder}/text", encoding="utf-8").read()))
beginnings = []
for _ in range(50):
    started = time.monotonic()
    subprocess.run([mote, "sample", f"{folder}/model.mote", "--length", "1"], check=True, stdout=subprocess.DEVNULL)
    beginnings.append(1000 * (time.monotonic() - started))
print(sorted(beginnings)[25])
PYTHON
{
    read -r seconds bytes
    read -r milliseconds
} <"$folder/reading"
report "100 MB of text, read, encoded and drawn (mote plot bigrams)" "$seconds" s 2 -le
report "the most memory meanwhile, of all of the program" "$bytes" "bytes a character" 3 -le
report "mote sample, hidden 256, one character, median of 50" "$milliseconds" ms 10 -le
