# shellcheck shell=bash disable=SC2034 # arrays are for whoever sources this
# What plain_flags.sh and the test of the library in one file share: builds of the program same_bits without CMake.
# Sourced by a script that sets `root`, `scratch`, and `wanted` in it, and the counts passed, failed and skipped.
: "${root:?}" "${scratch:?}"
boards=$root/platform/boards
cases=(run report cases_text float_mode data_cases number_cases training training_setup training_cases network_cases
    integer_cases adapter_cases limits_cases message_cases drawn_message)

# find_target TARGET: how to compile for it, link and run, in cxx, cc, cpu, programs, link and runner.
find_target() {
    cc=gcc cxx=g++ cpu=() runner=() link=() programs=("$root/tests/same_bits/main.c" "$boards/console_host.c")
    case $1 in
    x86_64) cpu=(-mavx2 -mfma) ;;
    clang.x86_64) cc=clang cxx=clang++ cpu=(-mavx2 -mfma) ;;
    aarch64) cc=aarch64-linux-gnu-gcc cxx=aarch64-linux-gnu-g++ runner=(qemu-aarch64 -L /usr/aarch64-linux-gnu) ;;
    clang.aarch64)
        cc=clang cxx=clang++ cpu=(--target=aarch64-linux-gnu) runner=(qemu-aarch64 -L /usr/aarch64-linux-gnu)
        ;;
    cortex-m4)
        cc=arm-none-eabi-gcc cxx=arm-none-eabi-g++ runner=("$boards/mps2-an386/run")
        cpu=(-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard -DMOTE_WITHOUT_THREADS)
        programs=("$root/tests/same_bits/firmware_main.c" "$boards"/{startup_cortex_m,startup,semihosting}.c)
        link=(-nostartfiles "-L$boards" "-T$boards/mps2-an386/memory.ld" -Xlinker --gc-sections)
        ;;
    esac
}

# Why a target cannot be tried here; nothing where it can.
lacking() {
    local tool
    find_target "$1"
    for tool in "$cxx" "${runner[@]:0:1}"; do command -v "$tool" >/dev/null || echo "there is no $tool"; done
    case $1 in
    *x86_64) [ "$(uname -m)" = x86_64 ] && grep -qw avx2 /proc/cpuinfo || echo "this CPU has no AVX2" ;;
    cortex-m4) command -v qemu-system-arm >/dev/null || echo "there is no qemu-system-arm" ;;
    esac
}

# The program's own objects, which compute a little themselves and are not what is tried: once for each target.
program_objects() {
    local folder=$scratch/program-$1 source
    [ ! -d "$folder" ] || return 0
    mkdir "$folder"
    for source in "${cases[@]/#/$root/tests/same_bits/}"; do programs+=("$source.c"); done
    (cd "$folder" && "$cc" "${cpu[@]}" -std=c99 -O1 -ffp-contract=off -ffunction-sections "-I$root/lib" "-I$boards" -c \
        "${programs[@]}" "$boards/console.c")
}

# The cases alone: not which instruction set ran, nor in which mode.
only_cases() { sed '/^isa /d; /^ftz /d'; }

# run FOLDER [OPTION …]: whether its program, whose target find_target has found, prints what the host's does.
run() {
    "${runner[@]}" "$1/same_bits.elf" --tiny "${@:2}" >"$1/output" || return 1
    only_cases <"$1/output" | cmp -s - "$scratch/wanted"
}

verdict() {
    echo "$1: $2"
    case $1 in ok) passed=$((passed + 1)) ;; FAIL) failed=$((failed + 1)) ;; SKIP) skipped=$((skipped + 1)) ;; esac
}

