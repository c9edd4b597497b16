#!/usr/bin/env bash
# setup.sh [demo|test|packages|bench|competitors]: installs the Debian packages that a part of the repository needs and that are
# missing. demo (the default): to build on the host, tests included, and to run firmware in an emulator; test: on top of
# it, all that tests and cross builds use; packages: on top of test, what builds and checks packages, and more compilers
# and C libraries for the long form of the tests; bench: on top of demo, what the benchmarks use; competitors: on top of
# bench, what mote is compared with. Needs no root when nothing is missing.
set -euo pipefail

for_demo=(g++ cmake ninja-build libxsimd-dev libcli11-dev nlohmann-json3-dev libzip-dev
    libprotobuf-dev protobuf-compiler gcc-arm-none-eabi libnewlib-arm-none-eabi doctest-dev qemu-system-arm)
for_test=(libbenchmark-dev clang clang-format clang-tidy libclang-rt-dev g++-aarch64-linux-gnu
    libc6-dev-arm64-cross g++-arm-linux-gnueabihf libc6-dev-armhf-cross g++-riscv64-linux-gnu gcc-riscv64-unknown-elf
    picolibc-riscv64-unknown-elf qemu-system-misc qemu-user pkg-config file binutils git shellcheck gnuplot-nox
    python3-dev arduino-builder jq meson)
for_packages=(debhelper dpkg-dev fakeroot lintian gcc-xtensa-lx106 musl-tools clang-16 libc++-16-dev libc++abi-16-dev
    clang-19)
for_bench=(libbenchmark-dev llvm-19 g++-aarch64-linux-gnu libc6-dev-arm64-cross g++-arm-linux-gnueabihf
    libc6-dev-armhf-cross)
for_competitors=(python3-numpy python3-torch libtorch-dev libeigen3-dev libopenblas-pthread-dev libdnnl-dev libxsmm-dev
    libfann-dev gnuplot-nox)

case ${1:-demo} in
demo) wanted=("${for_demo[@]}") ;;
test) wanted=("${for_demo[@]}" "${for_test[@]}") ;;
packages) wanted=("${for_demo[@]}" "${for_test[@]}" "${for_packages[@]}") ;;
bench) wanted=("${for_demo[@]}" "${for_bench[@]}") ;;
competitors) wanted=("${for_demo[@]}" "${for_bench[@]}" "${for_competitors[@]}") ;;
*)
    echo "setup.sh: \"$1\" is not a part of the repository; usage: setup.sh [demo|test|packages|bench|competitors]" >&2
    exit 2
    ;;
esac

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

command -v dpkg-query >/dev/null || die "this is no Debian; please install the like of: ${wanted[*]}"
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
