#!/usr/bin/env bash
# ranks.sh MOTE: a training in shards has the same weights, checkpoint, model and log with any number of ranks of any MPI
# as without MPI, goes on with another number of them, and only one rank prints. MOTE_LONG=1: more models, every number.
# ranks.sh --check-itself MOTE: shows that other bits are found.
set -u
# shellcheck source=tests/mpi/jobs.sh
. "$(dirname "$0")/jobs.sh"

common=(--seed 3 --quiet --json --split 90/10)
# shellcheck disable=SC2034 # by their numbers, below
{
    model_0=(names --lines --hidden 40 --batch 19 --time 8 --steps 40 --optimizer adamw --clip-norm 0.5 --shards 8)
    model_1=(rhyme --model gru --hidden 24 --batch 9 --time 9 --steps 30 --optimizer momentum --clip-value 0.01 --shards 8)
    model_2=(names --lines --model mlp --hidden 48 --batch 32 --steps 30 --optimizer adagrad --shards 9 --eval-every 10
        --patience 2)
    model_3=(rhyme --model bigram --batch 8 --steps 30 --optimizer adamw --shards 8 --loss sum --clip-norm 1)
}

# same NAME: what was written last, and its hash, are those of the training without MPI.
same() {
    local file
    for file in model.mote checkpoint.mote log.csv; do
        cmp -s "alone/$file" "ranks/$file" || { fail "$1: another $file"; return; }
    done
    [ "$(hash_of alone/out)" = "$(hash_of ranks/out)" ] || { fail "$1: another hash"; return; }
    [ "$(wc -l <ranks/out)" -eq 1 ] || { fail "$1: not one line of stdout"; return; }
    pass
}

files() { echo "-o $1/model.mote --checkpoint $1/checkpoint.mote --log $1/log.csv"; }

# train_alone OPTION…
train_alone() {
    rm -rf alone ranks
    mkdir alone ranks
    # shellcheck disable=SC2046
    "$mote" train "$@" "${common[@]}" $(files alone) >alone/out 2>alone/err || fail "without MPI: $(cat alone/err)"
}

# train_ranks MPI N OPTION…
train_ranks() {
    local mpi=$1 count=$2
    shift 2
    rm -rf ranks
    mkdir ranks
    # shellcheck disable=SC2046
    mpirun_of "$mpi" -n "$count" "$mote" train "$@" "${common[@]}" $(files ranks) >ranks/out 2>ranks/err </dev/null ||
        fail "$mpi, $count ranks: $(cat ranks/err)"
}

if [ $check -eq 1 ]; then
    train_alone "${model_0[@]}"
    train_ranks "${mpis[0]}" 2 "${model_0[@]}" --shards 7
    same "another number of shards" >found.txt
    [ $failed -eq 1 ] || { echo "FAIL other bits are not found"; exit 1; }
    cat found.txt
    exit 0
fi

every="1 2 3 4 7 8"
for index in 0 1 2 3; do
    declare -n options=model_$index
    train_alone "${options[@]}"
    counts=$every
    [ $index -eq 0 ] || [ -n "${MOTE_LONG-}" ] || counts=3
    for mpi in "${mpis[@]}"; do
        for count in $counts; do
            train_ranks "$mpi" "$count" "${options[@]}"
            same "$mpi, $count ranks of ${options[*]}"
        done
    done
done

# A checkpoint goes on with other ranks, and without.
train_alone "${model_0[@]}"
for mpi in "${mpis[@]}"; do
    for counts in "2 7" "8 1" "3 0"; do
        read -r first second <<<"$counts"
        train_ranks "$mpi" "$first" "${model_0[@]}" --steps 17
        resume=(train names --resume ranks/checkpoint.mote --steps 40 --quiet --json -o ranks/model.mote
            --checkpoint ranks/checkpoint.mote --log ranks/log.csv)
        if [ "$second" -eq 0 ]; then
            "$mote" "${resume[@]}" >ranks/out
        else
            mpirun_of "$mpi" -n "$second" "$mote" "${resume[@]}" >ranks/out 2>ranks/err </dev/null
        fi
        same "$mpi, $first ranks and then $second"
    done
done

# Threads in ranks; progress from one rank alone; what cannot be.
for mpi in "${mpis[@]}"; do
    train_ranks "$mpi" 2 "${model_0[@]}" --threads 2
    same "$mpi, 2 ranks of 2 threads"
    mpirun_of "$mpi" -n 3 "$mote" train rhyme -o m.mote --hidden 8 --steps 5 --shards 3 >out 2>err </dev/null
    if [ "$(grep -c '^parameters:' err)" -eq 1 ] && [ "$(grep -c '^weights hash' out)" -eq 1 ]; then
        pass
    else
        fail "$mpi: more or less than one rank prints: $(cat out err)"
    fi
    mpirun_of "$mpi" -n 3 "$mote" train rhyme -o m.mote --steps 5 --shards 2 >out 2>err </dev/null
    status=$?
    if [ $status -eq 2 ] && [ "$(grep -c '^mote: ' err)" -eq 1 ] && grep -q '^mote: .*mpirun -n 2' err; then
        pass
    else
        fail "$mpi: 3 ranks of 2 shards end with $status: $(cat err)"
    fi
    refused "$mpi" 'several processes cannot read one' train - -o m.mote --shards 2
done
finish
