#!/usr/bin/env bash
# faults.sh MOTE [RANK_OF_ANOTHER_VERSION…]: where a rank of a training is killed or stopped, its disk is full, or it has
# another corpus or another version, all ranks end within 30 seconds with one line that says which and what; the last
# checkpoint is whole, and going on from it gives the bits of an undisturbed run. Ctrl-C saves. MOTE_LONG=1: every rank,
# with the usual --timeout too.
# faults.sh --check-itself MOTE: shows that a training that ends otherwise is found.
set -u
# shellcheck source=tests/mpi/jobs.sh
. "$(dirname "$0")/jobs.sh"

steps=400
options=(names --lines --hidden 128 --batch 24 --time 24 --seed 3 --optimizer adamw --shards 4 --quiet)
# The hash of so many steps without a fault, and without MPI.
undisturbed() {
    "$mote" train "${options[@]}" --steps "$1" -o undisturbed.mote --json --eval-limit 1000 >undisturbed
    hash_of undisturbed
}
wanted=$(undisturbed $steps)
ranks=3

# Starts a training that would last for hours, its mpirun in `job`, and waits for its first checkpoint.
# start MPI TIMEOUT
start() {
    local waited=0
    rm -f checkpoint.mote
    mpirun_of "$1" -n $ranks "$mote" train "${options[@]}" --steps 10000000 --timeout "$2" -o "$scratch/m.mote" \
        --checkpoint checkpoint.mote --checkpoint-every 10 >out 2>err </dev/null &
    job=$!
    until [ -e checkpoint.mote ]; do
        sleep 0.1
        waited=$((waited + 1))
        [ $waited -lt 300 ] || { fail "$1: no checkpoint after 30 seconds: $(cat err)"; return 1; }
    done
}

# expect_bits NAME [STEPS WANTED]: the checkpoint is whole, and leads to the weights of an undisturbed run.
expect_bits() {
    local found
    "$mote" train names --resume checkpoint.mote --steps "${2-$steps}" -o m.mote --quiet --json --eval-limit 1000 >resumed ||
        { fail "$1: the checkpoint cannot be resumed"; return; }
    found=$(hash_of resumed)
    if [ "$found" = "${3-$wanted}" ]; then pass; else fail "$1: resumed to $found, undisturbed ${3-$wanted}"; fi
}

# disturbed MPI SIGNAL RANK TIMEOUT PATTERN
disturbed() {
    local name="$1, SIG$2 to rank $3" pid
    start "$1" "$4" || return
    pid=$(pid_of "$1" "$3")
    kill "-$2" "$pid" || { fail "$name: no process"; kill "$job"; return; }
    expect_end "$name" "$job" "$5"
    expect_bits "$name"
}

# A rank that is aborted because another one has died is not the one to be named, though it ends a little sooner.
aborted_by_another() {
    local aborted died
    start "$1" 5 || return
    aborted=$(pid_of "$1" 2) died=$(pid_of "$1" 1)
    # A rank that is stopped does not read the memory of the one that is aborted, for which MPI would abort it, too.
    if ! kill -STOP "$died" || ! kill -ABRT "$aborted"; then
        fail "$1, SIGABRT to rank 2: no process"
        kill "$job"
        return
    fi
    sleep 0.3
    kill -KILL "$died"
    expect_end "$1, SIGABRT to rank 2 and SIGKILL to rank 1" "$job" 'rank 1 was ended by signal 9'
    expect_bits "$1, SIGABRT to rank 2 and SIGKILL to rank 1"
}

# Of all ranks of mpirun, as by Ctrl-C.
interrupted() {
    local reached
    start "$1" 5 || return
    kill -INT "$(mpirun_in "$job")"
    expect_end "$1, Ctrl-C" "$job" 'stopped by SIG(INT|TERM) after step'
    reached=$(($(sed -n 's/^mote: .* after step \([0-9]*\).*/\1/p' err) + 10))
    expect_bits "$1, Ctrl-C" "$reached" "$(undisturbed "$reached")"
}

# One rank has something else: different COMMAND of the last rank.
# unlike MPI NAME PATTERN PROGRAM CORPUS
unlike() {
    local run=(-o m.mote --hidden 8 --steps 1000000 --shards 3 --quiet --timeout 10)
    mpirun_of "$1" -n 2 "$mote" train rhyme "${run[@]}" : -n 1 "$4" train "$5" "${run[@]}" >out 2>err </dev/null &
    expect_end "$1, $2" $! "$3"
}

# full_disk MPI: a checkpoint that has been saved, and no room for another.
full_disk() {
    local space=()
    [ "$(id -u)" -eq 0 ] || space=(-r)
    if ! unshare "${space[@]}" -m mount -t tmpfs tmpfs "$scratch" 2>/dev/null; then
        echo "skipped: a full disk, since no file system can be mounted here"
        skipped=$((skipped + 1))
        return
    fi
    mkdir -p disk
    rm -f checkpoint.mote
    "$mote" train "${options[@]}" --steps 20 -o m.mote --checkpoint checkpoint.mote >out
    cat >on_full_disk.sh <<END
mount -t tmpfs -o size=$(($(wc -c <checkpoint.mote) * 3 / 2048))k tmpfs disk && cp checkpoint.mote disk/ || exit 3
mpirun_of $1 -n $ranks "$mote" train names --resume disk/checkpoint.mote --checkpoint disk/checkpoint.mote \
    --checkpoint-every 10 --steps 10000000 --quiet -o m.mote </dev/null
status=\$?
cp disk/checkpoint.mote left.mote && exit \$status
END
    export -f mpirun_of
    unshare "${space[@]}" -m bash on_full_disk.sh >out 2>err &
    expect_end "$1, a full disk" $! 'rank 0: .*[Ss]pace'
    if cmp -s left.mote checkpoint.mote; then pass; else fail "$1, a full disk: the checkpoint has changed"; fi
    expect_bits "$1, a full disk"
}

if [ $check -eq 1 ]; then
    "$mote" train "${options[@]}" --steps 30 -o m.mote --checkpoint checkpoint.mote >out 2>err &
    expect_end "a training that ends well" $! 'rank 1' >found.txt
    "$mote" train "${options[@]}" --seed 4 --steps 20 -o m.mote --checkpoint checkpoint.mote >out 2>err
    expect_bits "another training" >>found.txt
    cat found.txt
    [ $failed -eq 2 ] || { echo "FAIL $((2 - failed)) of 2 are not found"; exit 1; }
    exit 0
fi

for mpi in "${mpis[@]}"; do
    disturbed "$mpi" KILL 1 5 'rank 1'
    disturbed "$mpi" STOP 2 3 'rank 2 did not answer for 3 seconds'
    # Open MPI's mpirun names a rank that dies itself.
    [ "$mpi" = openmpi ] || aborted_by_another "$mpi"
    interrupted "$mpi"
    unlike "$mpi" "another corpus" 'rank 2 reads another text' "$mote" names
    for other in "${others[@]}"; do
        [[ $other == *_$mpi ]] || continue
        unlike "$mpi" "another version" 'rank 2 is mote 0\.0\.99' "$other" rhyme
    done
    full_disk "$mpi"
    if [ -n "${MOTE_LONG-}" ]; then
        disturbed "$mpi" KILL 0 5 'rank 0'
        disturbed "$mpi" KILL 2 5 'rank 2'
        disturbed "$mpi" STOP 0 3 'rank 0 did not answer for 3 seconds'
        disturbed "$mpi" STOP 1 20 'rank 1 did not answer for 20 seconds'
    fi
done
finish
