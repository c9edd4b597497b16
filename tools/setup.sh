#!/usr/bin/env bash
# setup.sh [PART]: installs the packages that a part of the repository needs and that are missing, on Debian 12 and 13 and
# Ubuntu 22.04 and 24.04; on another system it says what is needed. Needs no root when nothing is missing. Parts:
#
#   demo         the default: to build on the host, tests included, and to run firmware in an emulator
#   test         on top of demo: all that tests and cross builds use
#   packages     on top of test: what builds and checks packages, and more compilers and C libraries for the long form
#   windows      on top of demo: a compiler for Windows, and Wine
#   bench        on top of demo: what the benchmarks use
#   competitors  on top of bench: what mote is compared with
#
# setup.sh --list PART [SYSTEM] prints their names, also those of another system, as debian:13.
set -euo pipefail

for_demo=(g++ cmake ninja-build libxsimd-dev libcli11-dev nlohmann-json3-dev libzip-dev
    libprotobuf-dev protobuf-compiler gcc-arm-none-eabi libnewlib-arm-none-eabi doctest-dev qemu-system-arm)
for_test=(libbenchmark-dev clang clang-format clang-tidy libclang-rt-dev g++-aarch64-linux-gnu
    libc6-dev-arm64-cross g++-arm-linux-gnueabihf libc6-dev-armhf-cross g++-riscv64-linux-gnu gcc-riscv64-unknown-elf
    picolibc-riscv64-unknown-elf qemu-system-misc qemu-user pkg-config file binutils git shellcheck gnuplot-nox
    python3-dev arduino-builder jq meson openmpi-bin libopenmpi-dev mpich libmpich-dev)
for_packages=(debhelper dpkg-dev debootstrap fakeroot lintian gcc-xtensa-lx106 musl-tools clang-16 libc++-16-dev
    libc++abi-16-dev clang-19)
for_bench=(libbenchmark-dev llvm-19 g++-aarch64-linux-gnu libc6-dev-arm64-cross g++-arm-linux-gnueabihf
    libc6-dev-armhf-cross)
for_competitors=(python3-numpy python3-torch libtorch-dev libeigen3-dev libopenblas-pthread-dev libdnnl-dev libxsmm-dev
    libfann-dev gnuplot-nox)
for_windows=(g++-mingw-w64-x86-64-posix wine wine64)

usage="setup.sh [--list] [demo|test|packages|bench|competitors|windows]"
list=0
if [ "${1-}" = --list ]; then
    list=1
    shift
fi
case ${1:-demo} in
demo) wanted=("${for_demo[@]}") ;;
test) wanted=("${for_demo[@]}" "${for_test[@]}") ;;
packages) wanted=("${for_demo[@]}" "${for_test[@]}" "${for_packages[@]}") ;;
bench) wanted=("${for_demo[@]}" "${for_bench[@]}") ;;
competitors) wanted=("${for_demo[@]}" "${for_bench[@]}" "${for_competitors[@]}") ;;
windows) wanted=("${for_demo[@]}" "${for_windows[@]}") ;;
*)
    echo "setup.sh: \"$1\" is not a part of the repository; usage: $usage" >&2
    exit 2
    ;;
esac

# This system as debian:12; the lists above are its names.
this_system() { (
    # shellcheck source=/dev/null
    . /etc/os-release 2>/dev/null && echo "${ID-}:${VERSION_ID-}"
) || echo unknown; }

# name_of PACKAGE: what it is called on the system; nothing where what that has is of no use.
name_of() {
    case $system/$1 in
    debian:13/clang-16) echo clang-17 ;;
    debian:13/libc++-16-dev) echo libc++-19-dev ;;
    debian:13/libc++abi-16-dev) echo libc++abi-19-dev ;;
    ubuntu:22.04/libxsimd-dev) ;; # 7.6
    ubuntu:22.04/libclang-rt-dev) echo libclang-common-14-dev ;;
    ubuntu:22.04/clang-16) echo clang-15 ;;
    ubuntu:22.04/libc++-16-dev) echo libc++-15-dev ;;
    ubuntu:22.04/libc++abi-16-dev) echo libc++abi-15-dev ;;
    ubuntu:22.04/clang-19) echo clang-14 ;;
    ubuntu:22.04/llvm-19) echo llvm-15 ;;
    *) echo "$1" ;;
    esac
}

system=${2:-$(this_system)}
mapfile -t wanted < <(for package in "${wanted[@]}"; do name_of "$package"; done)
if [ $list -eq 1 ]; then
    printf '%s\n' "${wanted[@]}"
    exit
fi

die() {
    echo "setup.sh: $1" >&2
    exit 1
}

installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed* ]]; }

# Root's way to run a command, in the array `as_root`.
find_root() {
    if [ "$(id -u)" -eq 0 ]; then
        as_root=()
    elif ! command -v sudo >/dev/null; then
        return 1
    elif [ -t 0 ]; then
        as_root=(sudo)
    else
        as_root=(sudo -n) # nobody could type a password
    fi
}

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }

known() { [[ $(LC_ALL=C apt-cache policy "$1" 2>/dev/null) == *'Candidate: '[!\(]* ]]; }

# What a system without these packages needs: the least versions that the four known ones have, and that of xsimd.
if ! command -v dpkg-query >/dev/null; then
    die "this is neither Debian nor Ubuntu, for which it knows what to install. Needed are GCC 11 or clang 14 or newer, CMake 3.21, \
Ninja, and headers and libraries of xsimd 8.1, CLI11 2.1, nlohmann-json 3.10, libzip 1.7, protobuf 3.12 and doctest 2.4 or newer; \
for firmware arm-none-eabi-gcc 10 with newlib, and QEMU 6.2. As packages of Debian: ${wanted[*]}"
fi
case $system in
debian:1[23] | ubuntu:2[24].04) ;;
*) echo "setup: $system is not one of debian:12, debian:13, ubuntu:22.04 and ubuntu:24.04; names of packages may differ" ;;
esac
if [ "$system" = ubuntu:22.04 ]; then
    echo "setup: Ubuntu 22.04 has xsimd 7.6, and mote needs 8.1 or newer, which is headers alone: unpack a package libxsimd-dev" \
        "of Debian 12 by dpkg-deb -x into a folder FOLDER, and export CMAKE_PREFIX_PATH=FOLDER/usr for cmake to find it"
fi
missing=()
for package in "${wanted[@]}"; do
    installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "setup: nothing is missing"
    exit 0
fi

echo "setup: missing: ${missing[*]}"
find_root || die "neither root nor sudo is here; please install: ${missing[*]}"
updated=0
for package in "${missing[@]}"; do
    known "$package" && continue
    echo "setup: apt-get update"
    apt update || die "apt-get update failed; please install: ${missing[*]}"
    updated=1
    break
done
echo "setup: apt-get install ${missing[*]}"
if ! apt install --no-install-recommends "${missing[@]}"; then
    # Lists that are out of date name packages that the mirror has no longer.
    if [ "$updated" -eq 1 ] || ! apt update || ! apt install --no-install-recommends "${missing[@]}"; then
        die "apt-get could not install: ${missing[*]}"
    fi
fi
for package in "${missing[@]}"; do
    installed "$package" || die "apt-get ended well, but $package is not installed"
done
echo "setup: installed ${missing[*]}"
