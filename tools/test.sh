#!/usr/bin/env bash
# test.sh [--long] [PRESET …]: installs the Debian packages that the tests need and that are missing (tools/setup.sh test;
# needs no root when nothing is missing), builds every preset and runs its tests by ctest. The short form leaves out the
# tests with the label `slow`, and Windows, and compiles the program's sources eight at once; --long runs everything on
# every target, each source compiled alone. With names, those presets alone. The output of each step is in
# build/test-logs. A step that fails does not stop the others. The last line counts single tests. Exit status: 0 when none
# failed, 1 when one did, 2 for arguments that cannot be used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD logs=$PWD/build/test-logs long=0 passed=0 failed=0 skipped=0
not_passed=()
# shellcheck source=tests/same_bits/targets.sh
. tests/same_bits/targets.sh
# The first has the tests of the whole repository, which use the builds of the others, so it is tested last.
all=(release clang sanitize aarch64 armv7 riscv64 riscv32 armv6 "${cortex_ms[@]}")
# Windows, whose compiler and Wine tools/setup.sh windows installs, is in the long form.
all_long=("${all[@]}" windows)
presets=()

for argument; do
    case $argument in
    --help | -h)
        sed -n '2,/^set /{/^set /d;s/^# //p}' "$0"
        exit
        ;;
    --long) long=1 ;;
    *)
        if [[ " ${all_long[*]} " != *" $argument "* ]]; then
            echo "test.sh: unknown option \"$argument\"; usage: test.sh [--long] [PRESET …]; presets: ${all_long[*]}" >&2
            exit 2
        fi
        [[ " ${presets[*]-} " == *" $argument "* ]] || presets+=("$argument")
        ;;
    esac
done
selection=(-LE slow) target=short_tests together=ON
if [ $long -eq 1 ]; then
    selection=() target=all together=OFF all=("${all_long[@]}")
fi
[ ${#presets[@]} -gt 0 ] || presets=("${all[@]}")
export MOTE_LONG=$long

# Why a preset cannot be built or run here; nothing where it can.
why_not() {
    case $1 in
    release | sanitize) ;;
    clang) command -v clang++ >/dev/null || echo 'there is no clang++' ;;
    *) lacking "$1" ;;
    esac
}

# build PRESET JOBS
build() {
    cmake --preset "$1" -DMOTE_BUILD_TESTS=ON "-DMOTE_UNITY=$together" &&
        cmake --build --preset "$1" -j "$2" --target $target
}

# run_tests PRESET JOBS. A command line under emulation is that of the host: an emulator does not reach what a program
# starts.
run_tests() {
    local emulated=()
    case $1 in release | clang | sanitize) ;; *) emulated=(-E '^(command line|convert)$') ;; esac
    ctest --test-dir "build/$1" -V -j "$2" --no-tests=error "${selection[@]}" "${emulated[@]}"
}

# step STEP PRESET [ARGUMENT]: runs build or run_tests with its output in a log. Fails where it did.
step() {
    local log=$logs/$2-$1.log status=0 start=$SECONDS
    "$1" "${@:2}" >"$log" 2>&1 </dev/null || status=$?
    echo "$status $((SECONDS - start))" >"$log.end"
    return $status
}

# report STEP PRESET: a line that counts what the step ran.
report() {
    local log=$logs/$2-$1.log status seconds p f s counts
    [ -f "$log.end" ] || echo '137 0' >"$log.end"
    read -r status seconds <"$log.end"
    rm "$log.end"
    mapfile -t counts < <(awk -f tests/count.awk "$log")
    read -r p f s <<<"${counts[0]}"
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
        f=1
        counts+=("FAIL $1")
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-12s %-10s %5d passed %3d failed %3d skipped %5d s\n' "$2" "$1" "$p" "$f" "$s" "$seconds"
    for line in "${counts[@]:1}"; do not_passed+=("${line%% *}  $2: ${line#* }"); done
    [ "$f" -eq 0 ] || awk -v log_name="$log" -f tests/failed.awk "$log" "$log"
}

# side_by_side AT_ONCE STEP ARGUMENT PRESET …: the step of each preset; those where it did not fail are `succeeded`.
side_by_side() {
    local at_once=$1 name=$2 argument=$3 preset pid
    local -A preset_of=()
    shift 3
    succeeded=()
    while [ $# -gt 0 ] || [ ${#preset_of[@]} -gt 0 ]; do
        while [ $# -gt 0 ] && [ ${#preset_of[@]} -lt "$at_once" ]; do
            step "$name" "$1" "$argument" &
            preset_of[$!]=$1
            shift
        done
        local status=0
        wait -n -p pid "${!preset_of[@]}" || status=$?
        # One that a signal has ended has no number any more.
        if [ -z "${pid-}" ]; then
            for pid in "${!preset_of[@]}"; do kill -0 "$pid" 2>/dev/null || break; done
        fi
        preset=${preset_of[$pid]}
        [ $status -ne 0 ] || succeeded+=("$preset")
        report "$name" "$preset"
        unset "preset_of[$pid]"
    done
}

tools/setup.sh test
mkdir -p "$logs"
rm -f "$logs"/*.log
wanted=()
for preset in "${presets[@]}"; do
    why=$(why_not "$preset")
    if [ -z "$why" ]; then
        wanted+=("$preset")
    else
        skipped=$((skipped + 1))
        not_passed+=("SKIP  $preset: $why")
    fi
done
# Two at once, so that no processor waits while another build is configured or links.
side_by_side 2 build "$(nproc)" ${wanted[@]+"${wanted[@]}"}
runnable=" ${succeeded[*]-} "
# A processor for each: most of a preset's tests is one program that computes in one thread. Those that take longest
# come first.
by_time=()
for preset in armv7 aarch64 sanitize clang ${wanted[@]+"${wanted[@]}"}; do
    [[ $runnable == *" $preset "* && " ${by_time[*]-} release " != *" $preset "* ]] && by_time+=("$preset")
done
side_by_side "$(nproc)" run_tests 1 ${by_time[@]+"${by_time[@]}"}
if [[ $runnable == *' release '* ]]; then
    step run_tests release "$(nproc)" || true
    report run_tests release
fi

echo
if [ ${#not_passed[@]} -gt 0 ]; then printf '%s\n' "${not_passed[@]}" | sort -u; fi
[ $long -eq 1 ] || echo "Tests with the label slow were left out; tools/test.sh --long runs them."
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
