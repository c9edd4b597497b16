#!/usr/bin/env bash
# compare.sh [--install] [options]: mote beside every rival that is installed, on the same work; `--help` lists the
# options. --check compares the losses alone. With --install what Debian has of the rivals is installed first.
# Exit status: 0; 1 where a rival's losses are not mote's; 2 for arguments that cannot be used.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$bench/../build/bench

if [ "${1-}" = --install ]; then
    shift
    "$bench/../tools/setup.sh" rivals >&2
fi
{
    cmake -S "$bench/.." --preset bench
    cmake --build "$build" --target mote_contestants
} >&2
exec /usr/bin/python3 "$bench/compare.py" "$build/bench/rivals" "$@"
