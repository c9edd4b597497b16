#!/usr/bin/env bash
# grid.sh [--install] [options]: mote beside Eigen at every hidden width, vocabulary and batch of a grid, training and
# running; `--help` says which models, how they are measured and lists the options. With --install Eigen is installed
# first. Exit status: 0; 1 where losses differ or a cell is below --least; 2 for arguments that cannot be used.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$bench/../build/bench

if [ "${1-}" = --install ]; then
    shift
    "$bench/../tools/setup.sh" competitors >&2
fi
{
    cmake -S "$bench/.." --preset bench
    cmake --build "$build" --target mote_grid_adapters
} >&2
exec /usr/bin/python3 "$bench/grid.py" "$build/bench/competitors" "$@"
