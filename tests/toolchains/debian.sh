#!/usr/bin/env bash
# debian.sh [SUITE [FOLDER]]: tools/demo.sh with the compilers and libraries of another Debian, by default trixie (13), or
# of Ubuntu (jammy, 22.04; noble, 24.04), in a fresh system that debootstrap makes in FOLDER, by default a temporary one
# that is removed at the end. A FOLDER that has a system is used again. It takes what git knows of the working tree.
# Packages come from where this Debian has its own, those of Ubuntu from the mirror beside it. Needs root, debootstrap and
# a gigabyte or two. Status 77: the tools are not here.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
suite=${1:-trixie}

# shellcheck source=tests/debian_system.sh
. "$root/tests/debian_system.sh"
lacks=$(lacks_debian_system)
[ -z "$lacks" ] || { echo "SKIP: ${lacks//$'\n'/, and }"; exit 77; }
if [ $# -gt 1 ]; then system=$2; else system=$(mktemp -d); fi
finish() {
    end_debian_system "$system"
    [ $# -gt 0 ] || rm -rf --one-file-system "$system"
}
trap 'finish "${@:2}"' EXIT

make_debian_system "$suite" "$system"
rm -rf "$system/mote"
mkdir -p "$system/mote"
git -C "$root" ls-files -z | (cd "$root" && xargs -0 tar -cf - --) | tar -C "$system/mote" -xf -
demo=(/mote/tools/demo.sh)
if [ "$suite" = jammy ]; then # whose own xsimd is too old: what tools/setup.sh says to do
    mkdir -p "$system/xsimd/usr/include"
    cp -r /usr/include/xsimd "$system/xsimd/usr/include"
    demo=(env CMAKE_PREFIX_PATH=/xsimd/usr "${demo[@]}")
fi
in_debian_system "$system" "${demo[@]}"
# shellcheck disable=SC2016 # the inner shell's
in_debian_system "$system" /bin/sh -c '. /etc/os-release; echo "$PRETTY_NAME: $(g++ --version | head -n 1), $(cmake --version | head -n 1)"
    dpkg-query -W libxsimd-dev libprotobuf-dev libcli11-dev nlohmann-json3-dev doctest-dev libzip-dev gcc-arm-none-eabi ||
        :'
echo "1 passed, 0 failed"
