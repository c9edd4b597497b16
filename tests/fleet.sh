#!/usr/bin/env bash
# fleet.sh: a fleet of four devices, one of them under emulation, learns for two rounds: the emulated device changes no
# bit, nor does the order in which the devices are averaged, and what it reports is proved by mote replay. Needs the
# program of the preset aarch64 or riscv64, which is brought up to date where it has been built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tests/needs.sh python3 true
for target in aarch64 riscv64; do
    if [ -x "build/$target/mote" ]; then
        cmake --build "build/$target" --target mote_cli >/dev/null || { echo "fleet.sh: build/$target fails" >&2; exit 1; }
    fi
done
exec python3 bench/fleet.py short
