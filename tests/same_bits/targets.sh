# shellcheck shell=bash disable=SC2034,SC2154 # arrays are for whoever sources this; root is theirs
# What is known of every target that is asked for the same bits. Sourced; needs the root of the project in `root`.
#
# x86_64-MODEL is the x86_64 program on an emulated CPU that lacks something; VARIANT.TARGET is another build of a
# target: another compiler, or other flags.

cortex_ms=(cortex-m0 cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55)
targets=(x86_64 x86_64-nehalem aarch64 aarch64-pi5 armv7 armv6 "${cortex_ms[@]}" riscv32 riscv64)
# What the long form adds: Windows, further CPUs, and further compilers and flags.
long_targets=(windows x86_64-sandybridge x86_64-no-fma x86_64-no-avx2 x86_64-no-xsave x86_64-haswell clang.x86_64 O0.x86_64 O0-clang.x86_64
    Os.x86_64 O3-clang.x86_64 lto.x86_64 lto-clang.x86_64 native.x86_64 O0.aarch64 Os.aarch64 lto.aarch64 O0.armv7
    Os.armv7 O0.cortex-m4 Os.cortex-m4 lto.cortex-m4 Os.cortex-m0 lto-Os.cortex-m0 O0.riscv32 Os.riscv64)

# The model that qemu-x86_64 is given.
cpu_of() {
    case $1 in
    x86_64-nehalem) echo Nehalem ;;         # SSE4.2, no AVX
    x86_64-sandybridge) echo SandyBridge ;; # AVX, neither AVX2 nor FMA
    x86_64-haswell) echo Haswell ;;         # AVX2 and FMA, no AVX-512
    x86_64-no-fma) echo max,-fma ;;
    x86_64-no-avx2) echo max,-avx2 ;;
    x86_64-no-xsave) echo max,-xsave ;; # an operating system that saves no vector state
    esac
}

# The target of which it is another build or another CPU: whose programs it runs.
family_of() {
    local target=${1#*.}
    case $target in
    x86_64-*) echo x86_64 ;;
    *) echo "$target" ;;
    esac
}

preset_of() {
    case $(family_of "$1") in
    x86_64) echo release ;;
    *) family_of "$1" ;;
    esac
}

# The options of a variant, on top of its preset's, in the array `options`.
find_options() {
    options=()
    case ${1%.*} in
    "$1") ;;
    clang) options=(-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++) ;;
    lto) options=(-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON) ;;
    lto-clang)
        options=(-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON
            -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld)
        ;;
    lto-Os)
        options=(-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON -DCMAKE_C_FLAGS_RELEASE=-Os -DCMAKE_CXX_FLAGS_RELEASE=-Os)
        ;;
    native) options=("-DCMAKE_C_FLAGS=-march=native" "-DCMAKE_CXX_FLAGS=-march=native") ;;
    *-clang)
        options=(-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ "-DCMAKE_C_FLAGS_RELEASE=-${1%%-*}"
            "-DCMAKE_CXX_FLAGS_RELEASE=-${1%%-*}")
        ;;
    *) options=("-DCMAKE_C_FLAGS_RELEASE=-${1%%.*}" "-DCMAKE_CXX_FLAGS_RELEASE=-${1%%.*}") ;;
    esac
}

# The folder of its build, from the root.
build_of() {
    case $1 in
    *.*) echo "build/same-bits/$1" ;;
    *) echo "build/$(preset_of "$1")" ;;
    esac
}

# program_of TARGET PROGRAM: where the build has it.
program_of() {
    local suffix=""
    case $(family_of "$1") in
    armv6 | cortex-m* | riscv32) suffix=.elf ;;
    windows) suffix=.exe ;;
    esac
    echo "$root/$(build_of "$1")/tests/same_bits/$2$suffix"
}

# The instruction sets that a target must show.
isas_of() {
    case $1 in
    x86_64-haswell) echo "sse2 avx2" ;;
    x86_64-*) echo "sse2" ;;
    x86_64 | *.x86_64 | windows) echo "sse2 avx2 avx2vnni avx512 avx512vnni" ;;
    aarch64* | armv7 | *.aarch64 | *.armv7) echo "scalar neon" ;;
    *cortex-m0 | *cortex-m3) echo "scalar" ;;
    *cortex-m*) echo "vfp" ;;
    *) echo "scalar" ;;
    esac
}

# What flush-to-zero can be: RISC-V has no such mode, arithmetic in software neither.
modes_of() {
    case $1 in
    *cortex-m0 | *cortex-m3 | *riscv*) echo "off" ;;
    *.* | x86_64-* | aarch64-pi5) echo "off" ;;
    *) echo "off on" ;;
    esac
}

# The set of cases: all of them, `small`, which fits a microcontroller and takes seconds with an FPU, or `tiny`, for
# what has none, or is emulated by software. set_of TARGET LONG
set_of() {
    case $1 in
    *.* | x86_64-* | *cortex-m0 | *cortex-m3) echo tiny ;;
    x86_64) if [ "$2" = 1 ]; then echo full; else echo small; fi ;;
    aarch64 | armv7 | riscv64) if [ "$2" = 1 ]; then echo full; else echo tiny; fi ;;
    windows) echo small ;;
    *) if [ "$2" = 1 ]; then echo small; else echo tiny; fi ;;
    esac
}

board_of() { sed -n 's/^set(mote_board \(.*\))$/\1/p' "$root/platform/toolchains/$(family_of "$1").cmake"; }

# The command that runs a program of a target, in the array `runner`.
find_runner() {
    local family board
    family=$(family_of "$1")
    runner=()
    case $family in
    x86_64) if [ -n "$(cpu_of "$1")" ]; then runner=(qemu-x86_64 -cpu "$(cpu_of "$1")"); fi ;;
    aarch64) runner=(qemu-aarch64 -L /usr/aarch64-linux-gnu) ;;
    aarch64-pi5) runner=(qemu-aarch64 -cpu cortex-a76 -L /usr/aarch64-linux-gnu) ;;
    armv7) runner=(qemu-arm -cpu cortex-a7 -L /usr/arm-linux-gnueabihf) ;;
    riscv64) runner=(qemu-riscv64 -L /usr/riscv64-linux-gnu) ;;
    windows) runner=("$root/platform/toolchains/run_by_wine.sh") ;;
    *)
        board=$(board_of "$1")
        runner=("$root/platform/boards/$board/run")
        ;;
    esac
    if [ "$family" = "$(uname -m)" ] && [ -z "$(cpu_of "$1")" ]; then runner=(); fi
}

# lacking TARGET: why it cannot be built or run here; nothing where it can.
lacking() {
    local family emulator="" compiler=g++ board file
    family=$(family_of "$1")
    case $family in
    x86_64) if [ -n "$(cpu_of "$1")" ]; then emulator=qemu-x86_64; fi ;;
    aarch64*) emulator=qemu-aarch64 compiler=aarch64-linux-gnu-g++ ;;
    armv7) emulator=qemu-arm compiler=arm-linux-gnueabihf-g++ ;;
    riscv64) emulator=qemu-riscv64 compiler=riscv64-linux-gnu-g++ ;;
    windows) emulator=wine compiler=x86_64-w64-mingw32-g++-posix ;;
    riscv32) emulator=qemu-system-riscv32 compiler=riscv64-unknown-elf-g++ ;;
    armv6 | cortex-m*) emulator=qemu-system-arm compiler=arm-none-eabi-g++ ;;
    esac
    case $1 in *clang*) compiler=clang++ ;; esac
    file=$root/platform/toolchains/$family.cmake
    if [[ $family =~ ^(x86_64|windows)$ ]] && [ "$(uname -m)" != x86_64 ]; then
        echo "this is not x86-64"
    elif ! command -v "$compiler" >/dev/null; then
        echo "there is no $compiler"
    elif [ "${1%%.*}" = lto-clang ] && ! command -v ld.lld >/dev/null; then
        echo "there is no ld.lld"
    elif [ -n "$emulator" ] && [ "$family" != "$(uname -m)" ] && ! command -v "$emulator" >/dev/null; then
        echo "there is no $emulator"
    elif [[ $emulator == qemu-system-arm ]] && board=$(board_of "$1") && ! "$emulator" -M help | grep "^$board " >/dev/null; then
        echo "this $emulator has no machine $board"
    elif [[ $family == cortex-m* ]] && ! knows_cpu "$file"; then
        echo "this $compiler does not know the ${family/cortex/Cortex}"
    fi
}

# Whether the compiler knows the processor of a Cortex-M's toolchain file.
knows_cpu() {
    local flags
    read -ra flags <<<"$(sed -n 's/^set(mote_cpu "\(.*\)")$/\1/p' "$1")"
    arm-none-eabi-g++ "${flags[@]}" -mthumb -fsyntax-only -x c++ /dev/null 2>/dev/null
}
