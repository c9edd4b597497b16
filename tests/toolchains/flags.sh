#!/usr/bin/env bash
# flags.sh: the toolchain files keep the flags of their processors, whatever compiler flags a user gives and in which
# way. For each target and each way it builds the library and a program of a project that holds it, and reads from the
# archive, the program and an object of assembler which processor they are for. The short form tries all ways on one
# target and one way on the others, with a few of the library's sources, which are all compiled by the same flags;
# MOTE_LONG=1 tries all ways on all targets with all sources. Targets without a compiler here are skipped.
# flags.sh --check-itself: shows that it finds wrong archives, and toolchain files that lose the flags.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
toolchains=$root/platform/toolchains
# The last one shows whether the user's flags reached the compiler.
users_flags='-O0 -g -frecord-gcc-switches'
ways='preset options environment before after init forced project'
short_ways=project

# describe TARGET: sets what its objects have to be, where the compiler's library for it lies, and its compiler.
describe() {
    library='' compiler=arm-none-eabi-gcc switch=''
    case $1 in
    cortex-m0) processor='ARM v6S-M' library=thumb/v6-m/nofp ;;
    cortex-m3) processor='ARM v7, unaligned access' library=thumb/v7-m/nofp ;;
    cortex-m4) processor='ARM v7E-M, VFPv4-D16, hard-float arguments, unaligned access' library=thumb/v7e-m+fp/hard ;;
    cortex-m7)
        processor='ARM v7E-M, FPv5/FP-D16 for ARMv8, hard-float arguments, unaligned access'
        library=thumb/v7e-m+fp/hard
        ;;
    cortex-m33)
        processor='ARM v8-M.mainline, FPv5/FP-D16 for ARMv8, hard-float arguments, unaligned access'
        library=thumb/v8-m.main+fp/hard
        ;;
    cortex-m55)
        processor='ARM v8.1-M.mainline, FPv5/FP-D16 for ARMv8, MVE Integer and FP, hard-float arguments, unaligned access'
        library=thumb/v8-m.main+dp/hard
        ;;
    armv6) processor='ARM v6KZ, VFPv2, hard-float arguments' library=arm/v5te/hard ;;
    riscv32) processor='RISC-V rv32imafc, single-float ABI' library=rv32imafc/ilp32f compiler=riscv64-unknown-elf-gcc ;;
    armv7)
        processor='ARM v7, VFPv4, NEONv1 with Fused-MAC, hard-float arguments, unaligned access'
        compiler=arm-linux-gnueabihf-gcc
        ;;
    riscv64) processor='RISC-V rv64imafdc, double-float ABI' compiler=riscv64-linux-gnu-gcc ;;
    aarch64) processor='AArch64' compiler=aarch64-linux-gnu-gcc ;;
    # ELF does not tell one 64-bit Arm from another: what the compiler was told does.
    aarch64-pi5) processor='AArch64' compiler=aarch64-linux-gnu-gcc switch='-march=armv8.2-a+dotprod' ;;
    *) return 1 ;;
    esac
}

# Lines "preset toolchain-file" of CMakePresets.json. Windows is left out: its objects are no ELF, and tell nothing.
presets() {
    awk -F'"' '$2 == "name" { name = $4 }
        $2 == "toolchainFile" && name != "windows" { sub(/.*\//, "", $4); print name, $4 }' "$root/CMakePresets.json"
}

# check_processor FILE: each object in it is for the processor described. Prints what is wrong.
check_processor() {
    local found
    found=$(readelf -hA "$1" | awk -f "$here/processor.awk" | sort -u)
    if [ "$found" != "$processor" ]; then
        printf '    %s is for\n%s\n    and not for %s\n' "$(basename "$1")" "${found:-nothing}" "$processor"
        return 1
    fi
}

# check_assembler FILE: an object of assembler, which tells only of what is in it.
check_assembler() {
    local found cpu=${processor%%,*}
    found=$(readelf -hA "$1" | awk -f "$here/processor.awk")
    if [ "${found%%,*}" != "$cpu" ]; then
        echo "    $(basename "$1") is for ${found:-nothing} and not for $cpu"
        return 1
    fi
}

# check_switches FILE: the user's flags arrived, and those of the processor that ELF does not tell.
check_switches() {
    local recorded
    recorded=$(readelf -p .GCC.command.line "$1" 2>/dev/null)
    if ! grep -q 'GNU C' <<<"$recorded"; then
        echo "    $(basename "$1") was compiled without the user's flags"
        return 1
    fi
    if [ -n "$switch" ] && grep 'GNU C' <<<"$recorded" | grep -qvF -e "$switch"; then
        echo "    $(basename "$1") was compiled without $switch"
        return 1
    fi
}

# check_map FILE: the program has its parts of the compiler's library from the folder described.
check_map() {
    if [ -n "$library" ] && ! grep -q "^LOAD .*/$library/libgcc\.a" "$1"; then
        echo "    the linker took $(sed -n 's/^LOAD \(.*libgcc\.a\)$/\1/p' "$1" | sort -u) and not that of $library"
        return 1
    fi
}

# users_toolchain FILE TOOLCHAIN WAY: a user's own toolchain file, which includes that of this repository.
users_toolchain() {
    local before='' after='' language settings=''
    for language in C CXX ASM; do
        case $3 in
        init) settings+="set(CMAKE_${language}_FLAGS_INIT \"$users_flags\")"$'\n' ;;
        forced) settings+="set(CMAKE_${language}_FLAGS \"$users_flags\" CACHE STRING \"\" FORCE)"$'\n' ;;
        *) settings+="set(CMAKE_${language}_FLAGS \"$users_flags\")"$'\n' ;;
        esac
    done
    if [ "$3" = before ]; then before=$settings; else after=$settings; fi
    printf '%sinclude("%s")\n%s' "$before" "$2" "$after" >"$1"
}

# configure FOLDER PRESET TOOLCHAIN WAY
configure() {
    local language options=(-G Ninja -S "$here/project" -B "$1" -DCMAKE_BUILD_TYPE=None "-DMOTE=$root") flags=() few=()
    for language in C CXX ASM; do flags+=("-DCMAKE_${language}_FLAGS=$users_flags"); done
    [ "${MOTE_LONG:-0}" = 1 ] || few=("-DCMAKE_PROJECT_mote_INCLUDE=$here/few_sources.cmake" -DMOTE_ISA=least)
    options+=("${few[@]}")
    case $4 in
    preset)
        options=(--preset "$2" -S "$root" -B "$1" -DMOTE_BUILD_TESTS=OFF -DMOTE_BUILD_TOOLS=OFF
            "-DCMAKE_C_FLAGS_RELEASE=" "-DCMAKE_CXX_FLAGS_RELEASE=" "-DCMAKE_TOOLCHAIN_FILE=$3" "${few[@]}")
        cmake "${options[@]}" "${flags[@]}"
        ;;
    options) cmake "${options[@]}" "-DCMAKE_TOOLCHAIN_FILE=$3" "${flags[@]}" ;;
    environment)
        CFLAGS=$users_flags CXXFLAGS=$users_flags ASMFLAGS=$users_flags LDFLAGS=-g \
            cmake "${options[@]}" "-DCMAKE_TOOLCHAIN_FILE=$3"
        ;;
    project) cmake "${options[@]}" "-DCMAKE_TOOLCHAIN_FILE=$3" "-DPROJECT_FLAGS=$users_flags" ;;
    *)
        users_toolchain "$1.cmake" "$3" "$4"
        cmake "${options[@]}" "-DCMAKE_TOOLCHAIN_FILE=$1.cmake"
        ;;
    esac
}

# try PRESET TOOLCHAIN WAY: builds so, and checks what comes out.
try() {
    local folder=$scratch/$1-$3 wrong=0 archive=mote/lib/libmote.a target=program
    if [ "$3" = preset ]; then archive=lib/libmote.a target=mote; fi
    if ! { configure "$folder" "$1" "$2" "$3" && ninja -C "$folder" "$target"; } >"$folder.log" 2>&1; then
        tail -n 10 "$folder.log"
        return 1
    fi
    check_processor "$folder/$archive" || wrong=1
    check_switches "$folder/$archive" || wrong=1
    if [ "$3" != preset ]; then
        check_assembler "$(find "$folder/CMakeFiles" -name 'empty.S.*')" || wrong=1
        check_map "$folder/program.map" || wrong=1
    fi
    rm -rf "$folder"
    return $wrong
}

check_all() {
    local preset file way chosen passed=0 failed=0 skipped=0
    while read -r preset file; do
        if ! describe "$preset"; then
            echo "FAIL $preset: flags.sh does not know what its objects have to be"
            failed=$((failed + 1))
            continue
        elif ! command -v "$compiler" >/dev/null; then
            echo "SKIP: there is no $compiler for $preset"
            skipped=$((skipped + 1))
            continue
        fi
        chosen=$short_ways
        case ${MOTE_LONG:-0}$preset in 1* | ?cortex-m4) chosen=$ways ;; esac
        for way in $chosen; do
            if try "$preset" "$toolchains/$file" "$way"; then
                passed=$((passed + 1))
            else
                echo "FAIL $preset, the user's flags by $way"
                failed=$((failed + 1))
            fi
        done
    done < <(presets)
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# expect NAME MESSAGE COMMAND …: the command says MESSAGE, and fails unless the message is empty.
expect() {
    local name=$1 message=$2 status=0
    shift 2
    "$@" >"$scratch/output" 2>&1 || status=$?
    if { [ -z "$message" ] && [ $status -ne 0 ]; } ||
        { [ -n "$message" ] && { [ $status -eq 0 ] || ! grep -qF -e "$message" "$scratch/output"; }; }; then
        echo "$name: wanted '${message:-nothing wrong}', got status $status and:"
        cat "$scratch/output"
        exit 1
    fi
    echo "$name: ${message:-nothing wrong}"
}

# object FLAGS: an archive of a C source compiled with the flags by the described compiler.
object() {
    echo 'double half(double x) { return x / 2.0; }' >"$scratch/half.c"
    rm -f "$scratch/half.a"
    # shellcheck disable=SC2086 # several flags
    "$compiler" $1 -c "$scratch/half.c" -o "$scratch/half.o" && ar rcs "$scratch/half.a" "$scratch/half.o" || exit 2
}

# Toolchain files as they were: with the flags of the processor where those of the user replace them.
break_toolchains() {
    mkdir -p "$scratch/platform"
    cp -r "$toolchains" "$scratch/platform/"
    toolchains=$scratch/platform/toolchains
    # shellcheck disable=SC2016 # CMake's variables
    printf 'foreach(language C CXX ASM)\n  set(CMAKE_${language}_FLAGS_INIT "${mote_processor_flags}")\nendforeach()\n' \
        >"$toolchains/processor-flags.cmake"
}

check_itself() {
    describe cortex-m4
    command -v "$compiler" >/dev/null || { echo "there is no $compiler"; exit 77; }
    object '-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard'
    expect right '' check_processor "$scratch/half.a"
    expect users_flags 'without the user' check_switches "$scratch/half.a"
    object ''
    expect no_flags 'is for' check_processor "$scratch/half.a"
    object '-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=softfp'
    expect float_abi 'ARM v7E-M, VFPv4-D16, unaligned access' check_processor "$scratch/half.a"
    object '-mcpu=cortex-m3 -mthumb'
    expect other_processor 'ARM v7, unaligned access' check_processor "$scratch/half.a"
    echo 'LOAD /usr/lib/gcc/arm-none-eabi/12/libgcc.a' >"$scratch/map"
    expect other_library 'and not that of thumb/v7e-m+fp/hard' check_map "$scratch/map"
    break_toolchains
    describe cortex-m3
    for way in preset options after project; do
        expect "lost_by_$way" 'is for' try cortex-m3 "$toolchains/cortex-m3.cmake" "$way"
    done
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
case ${1:-} in
'') check_all ;;
--check-itself) check_itself ;;
*)
    echo "flags.sh: takes --check-itself or nothing" >&2
    exit 2
    ;;
esac
