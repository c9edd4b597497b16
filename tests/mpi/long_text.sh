#!/usr/bin/env bash
# long_text.sh MOTE [BYTES]: mote train reads a text of BYTES, 1 GB where it is not said, as lines and not, alone and as
# two ranks of each MPI, with at most 300 MB of private memory for each process; a text that must be kept in memory does
# not fit that. Needs as much room in TMPDIR, else /var/tmp, as the text takes, with lines twice that.
set -u
bytes=${2:-1000000000}
set -- "$1"
export TMPDIR=${TMPDIR:-/var/tmp}
# shellcheck source=tests/mpi/jobs.sh
. "$(dirname "$0")/jobs.sh"
TMPDIR=$scratch
seq 1 "$bytes" 2>seq.err | paste -d ' ' - - - - - - 2>>seq.err | head -c "$bytes" >text
[ "$(stat -c %s text)" -eq "$bytes" ] || { echo "FAIL: the text is not written: $(df -h . | tail -1)"; exit 1; }
echo "a text of $bytes bytes"

# The private memory of a process that may be written: heap, stacks and mappings, in KiB. What ranks of MPI have beside is
# not in it: they share it.
ulimit -d $((300000000 / 1024)) || exit 1
common=(--hidden 128 --steps 100 --seed 3 --eval-limit 100000 --quiet --json)

# trained NAME ARGUMENT…: within the memory; its hash is in `hash`.
trained() {
    local name=$1 begin=$SECONDS
    shift
    if "$@" >"$name.out" 2>"$name.err" </dev/null; then
        hash=$(hash_of "$name.out")
        echo "$name: $hash, $((SECONDS - begin)) s"
        if [ -n "$hash" ]; then pass; else fail "$name: no hash: $(cat "$name.out")"; fi
    else
        hash=none
        fail "$name: $(tail -3 "$name.err")"
    fi
}
same_hash() { if [ "$hash" = "$2" ]; then pass; else fail "$1: $hash, alone $2"; fi; }

trained "in order" "$mote" train text -o m.mote "${common[@]}" --split 98/1/1
"$mote" eval m.mote text --split dev --limit 100000 --json >eval.out 2>&1
if [ "$(sed 's/.*"loss":\([^,}]*\).*/\1/' eval.out)" = "$(sed 's/.*"dev_loss":\([^,]*\).*/\1/' "in order.out")" ]; then
    pass
else
    fail "mote eval: $(cat eval.out)"
fi
trained "at random places" "$mote" train text -o m.mote "${common[@]}" --order random
trained "chunks, shuffled" "$mote" train text -o m.mote "${common[@]}" --model mlp --time 16
if [ "$bytes" -le 4000000000 ]; then
    trained "lines" "$mote" train text -o m.mote "${common[@]}" --lines --split 98/1/1
else
    echo "skipped: lines of a text of 2^32 characters, which is refused"
    skipped=$((skipped + 1))
fi
trained "two shards" "$mote" train text -o m.mote "${common[@]}" --shards 2
alone=$hash
for mpi in "${mpis[@]}"; do
    trained "two ranks of $mpi" mpirun_of "$mpi" -n 2 "$mote" train text -o m.mote "${common[@]}" --shards 2 --timeout 120
    same_hash "two ranks of $mpi" "$alone"
done
if "$mote" train - -o m.mote "${common[@]}" <text >memory.out 2>memory.err; then
    fail "all of the text in memory fits the limit, so that it limits nothing"
else
    pass
    echo "in memory: $(tail -1 memory.err)"
fi
finish
