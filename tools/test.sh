#!/usr/bin/env bash
# test.sh [--long]: installs what the tests need, builds the house for every target and tests it. The short form takes
# some minutes; --long runs everything on every target. Details are left in build/test-logs.
# A step that fails does not stop the others. Exit status: 0 when nothing failed, else 1. The last line counts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

long=0
case ${1-} in
'') ;;
--long) long=1 ;;
*)
    echo "test.sh: \"$1\" is no option; usage: test.sh [--long]" >&2
    exit 2
    ;;
esac
export MOTE_LONG=$long
logs=build/test-logs
jobs=$(nproc)
root=$PWD
# shellcheck source=tests/same_bits/targets.sh
. tests/same_bits/targets.sh
passed=0 failed=0 skipped=0 steps=0
not_passed=()

# step NAME COMMAND …: runs it with its output in a log, and counts the tests in it. Status 77: it was skipped, for the
# reason in the last line of the log.
step() {
    local name=$1 log status=0 counts p f s start=$SECONDS verdict=ok
    shift
    steps=$((steps + 1))
    log=$(printf '%s/%02d-%s.log' "$logs" "$steps" "${name//[^A-Za-z0-9-]/_}")
    # In a shell of its own, so that `set -e` holds inside the command.
    set +e
    (set -e; "$@") >"$log" 2>&1 </dev/null
    status=$?
    set -e
    mapfile -t counts < <(awk -f tests/count.awk "$log")
    read -r p f s <<<"${counts[0]}"
    if [ $status -eq 77 ]; then
        s=$((s + 1)) verdict=skip
        counts+=("SKIP $(tail -n 1 "$log")")
    elif [ $status -ne 0 ] && [ "$f" -eq 0 ]; then
        f=1
        counts+=("FAIL $name")
    elif [ $((p + f + s)) -eq 0 ]; then
        p=1
    fi
    [ "$f" -eq 0 ] || verdict=FAIL
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-5s %-42s %5d passed %3d failed %3d skipped %5d s\n' "$verdict" "$name" "$p" "$f" "$s" $((SECONDS - start))
    for line in "${counts[@]:1}"; do not_passed+=("${line%% *}  $name: ${line#* }"); done
    if [ $verdict = FAIL ]; then
        printf '      %s\n' "${counts[@]:1}"
        echo "      the end of $log:"
        tail -n 30 "$log" | sed 's/^/      | /'
    fi
}

skip() {
    echo "$1"
    exit 77
}

needs() { command -v "$1" >/dev/null || skip "there is no $1"; }

# The sources that git tracks, or would.
sources() { git ls-files -co --exclude-standard -- "$@"; }

check_format() {
    needs clang-format
    sources '*.c' '*.cpp' '*.h' | xargs clang-format --dry-run -Werror
}

check_scripts() {
    needs shellcheck
    sources '*.sh' 'platform/boards/*/run' .ci/run | xargs shellcheck
}

# build PRESET TARGET … [-- OPTION …]: configures and builds; no target: all of them.
build() {
    local preset=$1 targets=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        targets+=("$1")
        shift
    done
    cmake --preset "$preset" -DMOTE_BUILD_TESTS=ON "${@:2}"
    cmake --build --preset "$preset" -j "$jobs" ${targets[@]+--target "${targets[@]}"}
}

# run_tests PRESET REGEX: the tests of ctest whose names match. None is a failure.
run_tests() { ctest --test-dir "build/$1" -V -j "$jobs" --no-tests=error -R "$2"; }

host_gcc() {
    build release -- -DMOTE_STACK_REPORT=ON
    run_tests release .
}

# Every other build of the host runs the unit tests in one mode, and all else in the long form only: what the modes
# differ in, the instruction set and the handling of denormals, the first build has shown.
host_variant() {
    if [ $long -eq 1 ]; then
        build "$1"
        run_tests "$1" .
    else
        build "$1" mote_tests same_bits
        run_tests "$1" '^(unit tests: (best|portable)|same bits: every case)'
    fi
}

# linux_target TARGET: another processor's Linux, under emulation, which does not reach what a program starts: the
# command line is tested on the host.
linux_target() {
    local why
    why=$(lacking "$1")
    [ -z "$why" ] || skip "$why"
    if [ $long -eq 1 ]; then
        build "$1"
        run_tests "$1" '^(unit tests|sizes|same bits|archive)'
    else
        build "$1" mote_tests same_bits sizes parts
        run_tests "$1" '^(unit tests: kernels|sizes|archive: (it|1|inst))'
    fi
}

# Plain C++: on all but the M4 the short form leaves the rest to the comparison with the other targets.
portable_target() {
    local why
    why=$(lacking "$1")
    [ -z "$why" ] || skip "$why"
    if [ $long -eq 1 ] || [ "$1" = cortex-m4 ]; then
        build "$1"
        run_tests "$1" '^(unit tests|sizes|same bits|archive)'
    else
        build "$1" same_bits sizes parts
        run_tests "$1" '^(sizes|archive: (it|1))'
    fi
}

# PyTorch is large, so it is not installed for this.
gradients() {
    needs python3
    local count=40
    [ $long -eq 0 ] || count=400
    tests/pytorch/compare.py build/release/lib/libmote.a --count $count
}

fuzzing() {
    local seconds=5
    [ $long -eq 0 ] || seconds=60
    tests/fuzz/run.sh $seconds
}

# Models made and trained now, of another seed; the short form has those beside the tests.
fresh_models() {
    [ $long -eq 1 ] || skip 'fresh models of PyTorch: MOTE_LONG=1 makes them'
    /usr/bin/python3 -c 'import torch, numpy' 2>/dev/null || skip 'there is no PyTorch (python3-torch)'
    /usr/bin/python3 tests/convert/make_models.py build/models "$(date +%s)"
    MOTE_MODELS=$root/build/models MOTE_CLI=$root/build/release/mote build/release/tests/mote_cli_tests \
        -tc='models trained elsewhere*,a comparison that fails*'
}

pytorch_readme() {
    [ $long -eq 1 ] || skip 'from torch.save to a Cortex-M4, as README.md says: takes minutes, MOTE_LONG=1 runs it'
    tests/pytorch/readme_pytorch.sh
}

# Exported tensors in torch.nn's modules.
exported_tensors() {
    needs python3
    tests/pytorch/load_exported.py build/release
}

benchmark_checks() {
    needs python3
    python3 bench/compare.py - --check-itself
    python3 bench/scaling.py - --check-itself
}

same_bits_everywhere() {
    local options=()
    [ $long -eq 0 ] || options=(--long)
    tools/same-bits.sh "${options[@]}"
}

# The library in the short form; in the long one everything.
check_tidy() {
    needs clang-tidy
    [ -f build/clang/compile_commands.json ] || cmake --preset clang
    local folders='lib|platform'
    [ $long -eq 0 ] || folders+='|tools|tests|bench'
    sed -n "s|^  \"file\": \"$PWD/\(.*\)\",\{0,1\}$|\1|p" build/clang/compile_commands.json | grep -E "^($folders)/" |
        sort -u | xargs -P "$jobs" -n 1 clang-tidy -p build/clang --quiet
}

tools/setup.sh test
mkdir -p "$logs"
rm -f "$logs"/*.log

step 'format' check_format
step 'scripts' check_scripts
step 'includes run downwards' tests/includes.sh
step 'includes: the check itself' tests/includes.sh --check-itself
step 'words' tests/words.sh
step 'words: the check itself' tests/words.sh --check-itself
step 'counting: the check itself' tests/count_check.sh
step 'rivals and scaling: the checks themselves' benchmark_checks
step 'host, gcc' host_gcc
step 'host, clang' host_variant clang
step 'host, sanitizers of addresses and undefined behaviour' host_variant sanitize
step 'fuzzing' fuzzing
step 'fuzzing: the check itself' tests/fuzz/run.sh --check-itself
step 'instruction sets apart, at -O0 and -O2' tests/archive/shared_symbols.sh --builds build/symbols
step "the processor's flags beside a user's" tests/toolchains/flags.sh
step "the processor's flags: the check itself" tests/toolchains/flags.sh --check-itself
for target in aarch64 armv7; do step "$target under qemu" linux_target "$target"; done
for target in riscv64 riscv32 armv6 "${cortex_ms[@]}"; do step "$target under qemu" portable_target "$target"; done
step 'same bits on every target' same_bits_everywhere
step 'installed library' tests/consumer/run.sh build/release build/aarch64 build/armv7 build/riscv64 build/armv6 build/riscv32 build/cortex-m4
step 'public headers alone' tests/consumer/headers.sh build/release
step 'public headers: the check itself' tests/consumer/headers.sh --check-itself
step 'programs in README.md' tests/readme.sh build/release
step 'gradients beside PyTorch' gradients
step 'exported tensors in PyTorch' exported_tensors
step 'fresh models of PyTorch' fresh_models
step 'from PyTorch to a Cortex-M4' pytorch_readme
step 'every model in firmware' tests/firmware.sh build/release
step 'demo' tools/demo.sh
step 'clang-tidy' check_tidy

echo
if [ ${#not_passed[@]} -gt 0 ]; then printf '%s\n' "${not_passed[@]}" | sort -u; fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
