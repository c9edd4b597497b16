#!/usr/bin/env bash
# profile.sh [ISA]: where each work spends its time: the shares of its functions, by perf (linux-perf), of the best
# instruction set or of ISA. A line of Markdown for each work.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v perf >/dev/null || { echo "profile.sh: perf is not installed (Debian: linux-perf)" >&2; exit 2; }
{
    cmake -S "$bench/.." --preset bench
    cmake --build "$bench/../build/bench" --target mote_bench
} >&2
program=$bench/../build/bench/mote_bench
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
isa=()
[ -z "${1-}" ] || isa=("--isa=$1")

# Functions of one kind, whatever their template arguments, are one; what measures the machine's limits is left out.
shares() {
    perf report -q -i "$folder/perf" --no-children --sort symbol 2>"$folder/log" |
        sed -nE '/mote_limits::/d; s/\(anonymous namespace\):://; s/^ *([0-9.]+)% +\[[.k]\] +(.*)$/\1 \2/p' |
        sed -E 's/^([0-9.]+) .*mote::cpu::[a-z0-9]+::([a-zA-Z_0-9]+).*/\1 \2/; s/^([0-9.]+) ([^ ]*mote[a-z_]*::)?([A-Za-z_0-9:]+).*/\1 \3/' |
        awk '{ sum[$2] += $1; all += $1 }
             END { for (name in sum) if (sum[name] >= 0.03 * all) printf "%.0f %s\n", 100 * sum[name] / all, name }' |
        sort -rn | awk '{ printf "%s%s %s%%", (NR > 1 ? ", " : ""), $2, $1 }'
}

echo "| id | functions with 3% of the time or more |"
echo "| --- | --- |"
for work in $("$program" --benchmark_list_tests | grep -E '^[TI][0-9][a-z0-9-]*$'); do
    perf record -q -e cpu-clock -F 5000 -o "$folder/perf" "$program" "${isa[@]}" "--benchmark_filter=^$work\$" \
        --benchmark_min_time=1 >"$folder/log" 2>&1 || { tail "$folder/log"; exit 1; }
    echo "| $work | $(shares) |"
done
