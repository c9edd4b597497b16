#!/usr/bin/env bash
# build_systems.sh PACKAGES: builds the archive for microcontrollers, which tools/packages.sh has made, by its own CMake
# files as ESP-IDF, Zephyr and plain CMake would, which are not here themselves: build_systems/CMakeLists.txt stands for
# what they define, with the flags that they give. Then its manifests are held against what their formats ask for.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
version=$("$here/../../tools/version.sh")
package=$(cd "$1/mote-$version" && pwd)
passed=0 skipped=0

# try SYSTEM PREFIX FLAG …
try() {
    command -v "$2g++" >/dev/null || { echo "SKIP: $1: there is no $2g++"; skipped=$((skipped + 1)); return; }
    if ! { cmake -S "$here/build_systems" -B "$scratch/$1" -G Ninja "-DPACKAGE=$package" "-DSYSTEM=$1" \
        -DCMAKE_SYSTEM_NAME=Generic -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY "-DCMAKE_C_COMPILER=$2gcc" \
        "-DCMAKE_CXX_COMPILER=$2g++" "-DCMAKE_C_FLAGS=${*:3}" "-DCMAKE_CXX_FLAGS=${*:3}" &&
        cmake --build "$scratch/$1"; } >"$scratch/log" 2>&1; then
        tail -n 30 "$scratch/log"
        echo "build_systems.sh: the archive does not build as $1 builds it" >&2
        exit 1
    fi
    echo "ok: $1"
    passed=$((passed + 1))
}

try esp-idf riscv64-unknown-elf- -march=rv32imc -mabi=ilp32 --specs=picolibc.specs
try zephyr arm-none-eabi- -mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard
try cmake arm-none-eabi- -mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard
python3 "$here/manifests.py" "$1" "$version"
passed=$((passed + 1))
echo "$passed passed, 0 failed, $skipped skipped"
