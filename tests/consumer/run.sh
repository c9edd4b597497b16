#!/usr/bin/env bash
# run.sh BUILD …: installs each build under a prefix, moves the prefix, and there builds and runs the project in this
# folder: found by find_package and by pkg-config, where there is an operating system also as a shared object, and on the
# host as an extension of Python. All must print the same weights_hash.
# BUILD is a build directory of the host, of one of the Linux targets, of armv6, riscv32 or of a Cortex-M.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
boards=$here/../../platform/boards
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() {
    echo "run.sh: $1" >&2
    exit 1
}

# A variable in the CMake cache of a build.
cached() { sed -n "s/^$2:[A-Z]*=//p" "$1/CMakeCache.txt"; }

# The flags for the processor with which a build compiled the library.
processor_flags() {
    sed -n 's/^ *"command": "\(.*library\.cpp\)",*$/\1/p' "$1/compile_commands.json" | tr ' ' '\n' |
        grep -E '^(-m|--specs=)' | sort -u
}

# For firmware: the compiler, with its flags for the processor, and what a program on the board needs.
describe_firmware() {
    local board flags
    board=$boards/$(cached "$1" MOTE_BOARD)
    mapfile -t flags < <(processor_flags "$1")
    [ ${#flags[@]} -gt 0 ] || die "$1: compile_commands.json has no flags for the processor"
    compiler=("$2" "${flags[@]}")
    runner=("$board/run")
    extra=("$boards/$3" "$boards/startup.c" "$boards/semihosting.c" -nostartfiles "-L$boards" "-T$board/memory.ld")
}

# What the toolchain file of a build stands for: compiler, runner, and what else a program there needs.
describe() {
    toolchain=$(cached "$1" CMAKE_TOOLCHAIN_FILE)
    extra=("$boards/console_host.c")
    case $(basename "${toolchain:-host}" .cmake) in
    host) compiler=(cc) runner=() ;;
    aarch64-linux | aarch64-pi5-linux) compiler=(aarch64-linux-gnu-gcc) runner=(qemu-aarch64 -L /usr/aarch64-linux-gnu) ;;
    armv7-linux) compiler=(arm-linux-gnueabihf-gcc) runner=(qemu-arm -L /usr/arm-linux-gnueabihf) ;;
    riscv64-linux) compiler=(riscv64-linux-gnu-gcc) runner=(qemu-riscv64 -L /usr/riscv64-linux-gnu) ;;
    cortex-m*) describe_firmware "$1" arm-none-eabi-gcc startup_cortex_m.c ;;
    armv6) describe_firmware "$1" arm-none-eabi-gcc startup_armv6.c ;;
    riscv32) describe_firmware "$1" riscv64-unknown-elf-gcc startup_riscv.c ;;
    *) die "$1: no consumer is known for the toolchain file $toolchain" ;;
    esac
}

# Installs the build, moves the prefix to `prefix`, and makes sure that nothing in it names the old place.
install_and_move() {
    cmake --install "$1" --prefix "$scratch/first" >"$scratch/log" || die "$1: $(tail -n 3 "$scratch/log")"
    mv "$scratch/first" "$prefix"
    if grep -rIlF "$scratch/first" "$prefix"; then die "$1: these files name the prefix of the installation"; fi
}

by_find_package() {
    local build=$scratch/build-$2 options=(-G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_PREFIX_PATH=$prefix")
    options+=("-DCMAKE_FIND_ROOT_PATH=$prefix")
    [ -z "$toolchain" ] || options+=("-DCMAKE_TOOLCHAIN_FILE=$toolchain")
    if ! { cmake -S "$here" -B "$build" "${options[@]}" && cmake --build "$build" --target run; } \
        >"$scratch/log" 2>&1; then
        cat "$scratch/log" >&2
        die "$1: the project does not build or run with find_package(mote)"
    fi
    cat "$scratch/log"
}

by_pkg_config() {
    local flags pc program=$scratch/plain-$2
    pc=$(find "$prefix" -name mote.pc)
    [ -n "$pc" ] || die "$1: installs no mote.pc"
    read -ra flags <<<"$(PKG_CONFIG_LIBDIR=$(dirname "$pc") pkg-config --cflags --libs mote)"
    "${compiler[@]}" -std=c99 -O2 "-I$boards" "$here/consumer.c" "$boards/console.c" "${extra[@]}" "${flags[@]}" \
        -o "$program" >&2 || die "$1: the project does not build with pkg-config"
    "${runner[@]}" "$program" || die "$1: the project built with pkg-config fails"
}

# The library's flags and those of an object that may be loaded anywhere: no relocation is left in its code.
shared_object() {
    local flags
    read -ra flags <<<"$(PKG_CONFIG_LIBDIR=$(dirname "$(find "$prefix" -name mote.pc)") pkg-config --cflags --libs mote)"
    "${compiler[@]}" -std=c99 -O2 -fPIC -shared -Wl,-z,text "-I$boards" -Dmain=consumer_main "$here/consumer.c" \
        "$boards/console.c" "${extra[@]}" "${@:2}" "${flags[@]}" -o "$1" >&2
}

by_shared_object() {
    local object=$scratch/libconsumer-$2.so program=$scratch/load-$2
    shared_object "$object" -Wl,-z,defs || die "$1: the library does not link into a shared object"
    "${compiler[@]}" "$here/load.c" "$object" "-Wl,-rpath,$scratch" -o "$program" >&2 ||
        die "$1: the project does not build as a shared object"
    "${runner[@]}" "$program" || die "$1: the project as a shared object fails"
}

by_python_extension() {
    local include folder=$scratch/python-$2
    include=$(python3 -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
    mkdir "$folder"
    shared_object "$folder/mote_consumer.so" "-I$include" "$here/python_module.c" ||
        die "$1: the project does not build as an extension of Python (Debian: python3-dev)"
    PYTHONPATH=$folder python3 -c 'import mote_consumer; raise SystemExit(mote_consumer.run())' ||
        die "$1: the project as an extension of Python fails"
}

# In the array `ways`: how the project is built with a build.
find_ways() {
    ways=(by_find_package by_pkg_config)
    case $(basename "${toolchain:-host}" .cmake) in
    host) ways+=(by_shared_object by_python_extension) ;;
    *-linux) ways+=(by_shared_object) ;;
    esac
}

[ $# -gt 0 ] || die "needs one or more build directories"
hashes=() skipped=0
for build; do
    if [ ! -f "$build/lib/libmote.a" ]; then
        echo "SKIP: $build has no library"
        skipped=$((skipped + 1))
        continue
    fi
    name=$(basename "$build")
    prefix=$scratch/moved-$name
    describe "$build"
    install_and_move "$build"
    find_ways
    for way in "${ways[@]}"; do
        hash=$("$way" "$build" "$name" | sed -n 's/^weights_hash \([0-9a-f]\{16\}\)$/\1/p')
        [ -n "$hash" ] || die "$build: the project found ${way#by_} printed no hash"
        printf '%-14s %-16s %s\n' "$name" "${way#by_}" "$hash"
        hashes+=("$hash")
    done
done
[ ${#hashes[@]} -gt 0 ] || exit 77
[ "$(printf '%s\n' "${hashes[@]}" | sort -u | wc -l)" -eq 1 ] || die "the hashes differ"
echo "$((${#hashes[@]} / 2)) passed, 0 failed, $skipped skipped"
