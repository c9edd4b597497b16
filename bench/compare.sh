#!/usr/bin/env bash
# compare.sh [--install] [options]: mote beside every competitor that is installed, on the same work; `--help` lists the
# options. --check compares the losses alone. With --install what Debian has of the competitors is installed first.
# Exit status: 0; 1 where a competitor's losses are not mote's; 2 for arguments that cannot be used.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$bench/../build/bench

if [ "${1-}" = --install ]; then
    shift
    "$bench/../tools/setup.sh" competitors >&2
fi
{
    cmake -S "$bench/.." --preset bench
    cmake --build "$build" --target mote_adapters
} >&2
exec /usr/bin/python3 "$bench/compare.py" "$build/bench/competitors" "$@"
