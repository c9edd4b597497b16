#!/usr/bin/env bash
# run.sh MOTE: libraries for one model each (MOTE_ONLY_MODEL) beside one for every model, all of the one file that
# tools/amalgamate makes: the same logits, draws, losses and weights, and every other model refused; the same bits, too,
# where it is a part of a program's source (MOTE_STATIC). MOTE is the program, whose exported headers tell how each is
# compiled.
set -euo pipefail
mote=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$root/tools/amalgamate" "$scratch" >/dev/null
compile=(g++ -O1 -Wall -Wextra -Werror -DMOTE_SINGLE_ISA=scalar -c "$scratch/mote.cpp")
"${compile[@]}" -o "$scratch/every.o"

# program LIBRARY MODEL: links it.
program() {
    gcc -std=c99 -O1 -Wall -Wextra -Werror "-I$scratch" "-DMODEL=$2" "$root/tests/only_model/only_model.c" \
        "$scratch/$1.o" -o "$scratch/$1-program"
}

passed=0 failed=0
verdict() {
    echo "  $1 $2"
    if [ "$1" = PASS ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# in_source MODEL BLOB FLAG …: the program with the library for the model in its own source.
in_source() {
    printf '#include "%s"\n' mote.h mote.cpp "$root/tests/only_model/only_model.c" >"$scratch/static.cpp"
    if g++ -std=c++20 -O1 "-I$scratch" "-DMODEL=$1" -DMOTE_STATIC -DMOTE_SINGLE_ISA=scalar "-DMOTE_ONLY_MODEL=$1" "${@:3}" \
        "$scratch/static.cpp" -o "$scratch/static" && "$scratch/static" run "$2" >"$scratch/got" &&
        diff "$scratch/wanted" "$scratch/got"; then
        verdict PASS "$1: the same bits, in the program's source"
    else
        verdict FAIL "$1: the same bits, in the program's source"
    fi
}

models=('MOTE_SHAPE_BIGRAM(29), 0' 'MOTE_SHAPE_RNN(65, 0, 64, 1), MOTE_TANH' 'MOTE_SHAPE_RNN(27, 5, 20, 3), MOTE_RELU'
    'MOTE_SHAPE_MLP(27, 3, 10, 33, 2), MOTE_RELU' 'MOTE_SHAPE_GRU(40, 0, 24, 2), MOTE_TANH'
    'MOTE_SHAPE_INT8(MOTE_SHAPE_GRU(40, 7, 24, 1)), MOTE_TANH' 'MOTE_SHAPE_INT4(MOTE_SHAPE_RNN(33, 0, 40, 1)), MOTE_RELU'
    'MOTE_SHAPE_INT8(MOTE_SHAPE_MLP(27, 3, 10, 33, 1)), MOTE_TANH')
other=$scratch/none
for model in "${models[@]}"; do
    blob=$scratch/$((passed + failed)).mote
    program every "$model"
    "$scratch/every-program" write "$blob"
    "$scratch/every-program" run "$blob" >"$scratch/wanted"
    relu=()
    case $model in *MOTE_RELU) ;; *) relu=(-DMOTE_WITHOUT_RELU) ;; esac
    "${compile[@]}" "-DMOTE_ONLY_MODEL=$model" "${relu[@]}" -o "$scratch/only.o"
    program only "$model"
    if "$scratch/only-program" run "$blob" >"$scratch/got" && diff "$scratch/wanted" "$scratch/got"; then
        verdict PASS "$model: the same bits"
    else
        cat "$scratch/got"
        verdict FAIL "$model: the same bits"
    fi
    case $model in # of most, the same as for these two
    MOTE_SHAPE_RNN\(65* | *INT8*GRU*) in_source "$model" "$blob" "${relu[@]}" ;;
    esac
    (cd "$scratch" && "$mote" export "$blob" -o only.h >log 2>&1) || cat "$scratch/log"
    if grep -qF " *     -D'MOTE_ONLY_MODEL=$model'${relu[*]:+ }${relu[*]}" "$scratch/only.h"; then
        verdict PASS "$model: the exported header tells it"
    else
        grep MOTE_ONLY_MODEL "$scratch/only.h" || true
        verdict FAIL "$model: the exported header tells it"
    fi
    rm -f "$scratch/only.h"
    if [ -f "$other" ]; then
        if "$scratch/only-program" refuse "$other"; then verdict PASS "$model: every other is refused"; else
            verdict FAIL "$model: every other is refused"
        fi
    fi
    other=$blob
done

# refused WHAT MESSAGE FLAG …: the library does not compile with them, and says why.
refused() {
    if "${compile[@]}" "${@:3}" -fsyntax-only >"$scratch/log" 2>&1 || ! grep -q "$2" "$scratch/log"; then
        verdict FAIL "$1 does not compile"
    else
        verdict PASS "$1 does not compile"
    fi
}
refused "a model that is none" 'MOTE_ONLY_MODEL is not the configuration of a model' \
    '-DMOTE_ONLY_MODEL=MOTE_SHAPE_RNN(65, 0, 0, 1), MOTE_TANH'
refused "a model of ReLU without it" 'MOTE_WITHOUT_RELU: MOTE_ONLY_MODEL has it' -DMOTE_WITHOUT_RELU \
    '-DMOTE_ONLY_MODEL=MOTE_SHAPE_RNN(65, 0, 8, 1), MOTE_RELU'
refused "every model without ReLU" 'MOTE_WITHOUT_RELU needs MOTE_ONLY_MODEL' -DMOTE_WITHOUT_RELU
if cmake -S "$root" -B "$scratch/cmake" -DMOTE_BUILD_TESTS=ON '-DMOTE_ONLY_MODEL=MOTE_SHAPE_BIGRAM(29), 0' \
    >"$scratch/log" 2>&1 || ! grep -q 'the program mote and the tests need every model' "$scratch/log"; then
    verdict FAIL "CMake refuses to build tests with it"
else
    verdict PASS "CMake refuses to build tests with it"
fi
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
