#!/usr/bin/env bash
# run.sh [SECONDS [NAME …]]: builds the fuzz targets in build/fuzz and runs each for SECONDS (60). One line a target says
# how it went; what the fuzzer learned stays in build/fuzz/corpus. Exit status: 1 on a finding, whose input it names.
# run.sh --check-itself: shows that what the targets hold of a reader is found where it does not hold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

built=build/fuzz
containers=tests/convert/containers models=tests/convert/models readers=tests/convert/readers

# seeds NAME: copies what the target begins with to $corpus.
seeds() {
    case $1 in
    safetensors) cp "$containers"/*.safetensors "$corpus" ;;
    npy) cp "$containers"/folder/*.npy "$corpus" ;;
    npz) cp "$containers"/*.npz "$readers"/*.npz "$corpus" ;;
    pt) cp "$containers"/*.pt "$readers"/*.pt "$corpus" ;;
    onnx) cp "$models"/*.onnx "$readers"/*.onnx "$corpus" ;;
    map) cp "$models"/*.map.json "$corpus" ;;
    vocabulary) cp "$models"/*.vocab.* "$corpus" ;;
    blob | packet | stream) "$built/tests/fuzz/fuzz_seeds" "$1" "$corpus" ;;
    *)
        echo "run.sh: the target $1 has no seeds" >&2
        exit 2
        ;;
    esac
}

# run NAME: a target for its time.
run() {
    local name=$1 corpus=$built/corpus/$1 findings=$built/findings log=$built/$1.log executions
    mkdir -p "$corpus" "$findings"
    seeds "$name"
    if "$built/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
        -print_final_stats=1 -artifact_prefix="$findings/$name-" "$corpus" >"$log" 2>&1; then
        executions=$(awk '/^stat::number_of_executed_units:/ { print $2 }' "$log")
        echo "ok fuzz $name $executions executions"
        passed=$((passed + 1))
    else
        grep -m 3 -E 'FINDING|ERROR|runtime error' "$log" || tail -n 3 "$log"
        echo "FAIL fuzz $name: $(grep -o "$findings/$name-[a-z0-9-]*" "$log" | tail -n 1)"
        failed=$((failed + 1))
    fi
}

build() {
    mkdir -p build
    cmake --preset fuzz && cmake --build --preset fuzz --target "$@"
}

run_all() {
    passed=0 failed=0
    for name in "$@"; do run "$name"; done
    echo "$passed passed, $failed failed, 0 skipped"
    [ "$failed" -eq 0 ]
}

# expect CASE TEXT: the check of bounds finds this case with this text; no text: it finds nothing.
expect() {
    local output status=0
    output=$("$built/tests/fuzz/fuzz_bounds_check" "$1" 2>&1) || status=$?
    if [ -z "$2" ] && [ $status -eq 0 ]; then
        echo "finds nothing in what is allowed"
    elif [ -n "$2" ] && [ $status -ne 0 ] && [[ $output == *"$2"* ]]; then
        echo "finds: $1"
    else
        echo "run.sh: $1: wanted \"$2\", got status $status and: $output" >&2
        exit 1
    fi
}

check_itself() {
    expect memory 'FINDING: more memory than stated'
    expect sum 'FINDING: more memory than stated'
    expect exception 'FINDING: too long'
    expect message 'FINDING: a message that is not a line'
    expect name 'invalid UTF-8'
    expect '' ''
}

if ! command -v clang++ >/dev/null; then
    echo "there is no clang++"
    exit 77
fi
if [ "${1-}" = --check-itself ]; then
    build fuzz_bounds_check >/dev/null
    check_itself
    exit
fi
seconds=${1:-60}
if ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
    echo "run.sh: \"$seconds\" is not a number of seconds; usage: run.sh [SECONDS [NAME …]]" >&2
    exit 2
fi
names=("${@:2}")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(sed -n 's/^mote_fuzz(\([a-z_]*\)[ )].*/\1/p' tests/fuzz/CMakeLists.txt)
build fuzzers >"$built.log" 2>&1 || {
    cat "$built.log"
    exit 1
}
run_all "${names[@]}"
