#!/usr/bin/env bash
# fleet.sh: the loss of a simulated fleet of 16 devices round by round, beside that of training on all their texts at
# once, for tools/FLEETS.md (fleet.py says how). Builds the program for this machine and, for the four devices
# that are emulated, for 64-bit Arm and RISC-V.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for preset in release aarch64 riscv64; do
    cmake --preset "$preset" >/dev/null
    cmake --build --preset "$preset" --target mote_cli >/dev/null
done
python3 bench/fleet.py table
