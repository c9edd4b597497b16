#!/usr/bin/env bash
# scaling.sh [options]: what a multiply-add of a step costs along hidden, batch, time and vocabulary; `--help` lists the
# options. With --check the exit status is 1 where a size is a cliff.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$bench/../build/bench

{
    cmake -S "$bench/.." --preset bench
    cmake --build "$build" --target mote_scaling
} >&2
exec /usr/bin/python3 "$bench/scaling.py" "$build/bench/mote_scaling" "$@"
