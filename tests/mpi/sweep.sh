#!/usr/bin/env bash
# sweep.sh MOTE [RANK_OF_ANOTHER_VERSION…]: a sweep writes the same table with any number of ranks of any MPI as with
# workers without MPI, failed trainings in it; after Ctrl-C, or where a rank is killed, the job ends within 30 seconds with
# one line that says so, no training goes on alone, and the same command goes on to the same table. MOTE_LONG=1: every
# rank, and ranks that stop.
# sweep.sh --check-itself MOTE: shows that another table, and a training that goes on, are found.
set -u
# shellcheck source=tests/mpi/jobs.sh
. "$(dirname "$0")/jobs.sh"

sweep=(sweep names -o "$scratch/r.csv" --quiet --grid "hidden=4,8" --seeds 1-4)
trainings=(-- --lines --split 80/10/10 --batch 4 --time 8 --steps 10)

# program FILE: trains; the second half of the seeds without end where there is a file slow, which takes the numbers of
# these processes; one of them fails where there is a file failing.
cat >program <<END
#!/bin/sh
case "\$*" in
*hidden=8*seed=[34]*) [ -e $scratch/slow ] && echo \$\$ >>$scratch/slow && exec "$mote" "\$@" --steps=4000000000 ;;
*hidden=4*seed=2*) [ -e $scratch/failing ] && echo 'mote: no, "never"' >&2 && exit 1 ;;
esac
exec "$mote" "\$@"
END
chmod +x program

# same NAME: the table and what is printed are those of one worker.
same() {
    if cmp -s r.csv "$wanted" && cmp -s out "$wanted.out" && ! [ -e r.csv.lock ] && ! [ -e r.csv.part ]; then
        pass
    else
        fail "$1: another table, or another best one: $(cat err; diff r.csv "$wanted" | head -n 4)"
    fi
}

# none_goes_on NAME: the trainings in the file slow have ended, or do soon.
none_goes_on() {
    local pid waited
    while read -r pid; do
        for ((waited = 0; waited < 50; waited++)); do
            # One that has ended may have a number until its new parent asks for it.
            [[ $(ps -o stat= -p "$pid") =~ ^[^Z] ]] || break
            sleep 0.1
        done
        [ $waited -lt 50 ] || { fail "$1: training $pid goes on"; return; }
    done <slow
    pass
}

# start MPI N OPTION…: a sweep, its mpirun in `job`; returns when only trainings without end are left.
start() {
    local mpi=$1 count=$2 waited=0
    shift 2
    rm -f r.csv
    : >slow
    mpirun_of "$mpi" -n "$count" "$mote" "${sweep[@]}" --program "$scratch/program" "$@" "${trainings[@]}" \
        >out 2>err </dev/null &
    job=$!
    until [ "$(wc -l <slow)" -eq 2 ] && [ -e r.csv ] && [ "$(wc -l <r.csv)" -eq 7 ]; do
        sleep 0.05
        waited=$((waited + 1))
        [ $waited -lt 600 ] || { fail "$mpi: no table after 30 seconds: $(cat err)"; kill $job; return 1; }
    done
}

# goes_on NAME MPI: after a disturbance; its table is whole.
goes_on() {
    none_goes_on "$1"
    rm slow
    if [ "$(wc -l <r.csv)" -lt 7 ]; then fail "$1: trainings are lost: $(cat r.csv)"; else pass; fi
    mpirun_of "$2" -n 2 "$mote" "${sweep[@]}" --program ./program "${trainings[@]}" >out 2>err </dev/null
    same "$1, gone on"
}

# disturbed MPI SIGNAL RANK PATTERN
disturbed() {
    local name="$1, SIG$2 to rank $3" pid
    start "$1" 3 --timeout 3 || return
    pid=$(pid_of "$1" "$3")
    kill "-$2" "$pid" || { fail "$name: no process"; kill "$job"; return; }
    expect_end "$name" "$job" "$4"
    goes_on "$name" "$1"
}

interrupted() {
    start "$1" 2 || return
    mpirun_of "$1" -n 2 "$mote" "${sweep[@]}" "${trainings[@]}" >out.second 2>err.second </dev/null
    if grep -q '^mote: .*r.csv: another process is writing it' err.second; then
        pass
    else
        fail "$1, two sweeps at once: $(cat err.second)"
    fi
    # The mpirun of Open MPI 4.1 now and then waits for itself in PMIx_server_finalize after a signal, its ranks having
    # ended; faults.sh sends it one, this test sends it to the rank.
    case $1 in
    openmpi) kill -INT "$(pid_of "$1" 0)" ;;
    *) kill -INT "$(mpirun_in "$job")" ;;
    esac
    expect_end "$1, Ctrl-C" "$job" 'r.csv: has 6 of 8 trainings, the same command goes on: stopped by SIG(INT|TERM)'
    goes_on "$1, Ctrl-C" "$1"
}

# unlike MPI NAME PATTERN PROGRAM OPTION…: the last rank has another program, and further options.
unlike() {
    rm -f r.csv
    mpirun_of "$1" -n 2 "$mote" "${sweep[@]}" "${trainings[@]}" : -n 1 "$4" "${sweep[@]}" "${@:5}" "${trainings[@]}" \
        >out 2>err </dev/null &
    expect_end "$1, $2" $! "$3"
    if [ -e r.csv ]; then fail "$1, $2: there is a table"; else pass; fi
}

wanted=alone.csv
"$mote" "${sweep[@]}" --workers 1 "${trainings[@]}" >alone.csv.out && mv r.csv alone.csv

if [ $check -eq 1 ]; then
    "$mote" "${sweep[@]}" "${trainings[@]}" --lr 0.2 >out 2>err
    same "other trainings" >found.txt
    sleep 20 &
    echo $! >slow
    none_goes_on "a process that does not end" >>found.txt
    kill $!
    cat found.txt
    [ $failed -eq 2 ] || { echo "FAIL $((2 - failed)) of 2 are not found"; exit 1; }
    exit 0
fi

rm -f r.csv
"$mote" "${sweep[@]}" --workers 2 "${trainings[@]}" >out 2>err
same "two workers"
for mpi in "${mpis[@]}"; do
    for count in 1 2 3; do
        rm -f r.csv
        mpirun_of "$mpi" -n $count "$mote" "${sweep[@]}" "${trainings[@]}" >out 2>err </dev/null
        same "$mpi, $count ranks"
    done
    mpirun_of "$mpi" -n 2 "$mote" "${sweep[@]}" "${trainings[@]}" >out 2>err </dev/null
    same "$mpi, nothing to do"
    interrupted "$mpi"
    disturbed "$mpi" KILL 1 'rank 1'
    unlike "$mpi" "no program" 'rank 2: .*no-such-program: is no program that can be started' "$mote" \
        --program "$scratch/no-such-program"
    unlike "$mpi" "other options" 'rank 2 has other trainings' "$mote" --recipe demo-names
    for other in "${others[@]}"; do
        [[ $other == *_$mpi ]] && unlike "$mpi" "another version" 'rank 2 is mote 0\.0\.99' "$other" --program "$mote"
    done
    rm -f r.csv
    refused "$mpi" '--workers: .* leave --workers out' "${sweep[@]}" --workers 2 "${trainings[@]}"
    if [ -n "${MOTE_LONG-}" ]; then
        disturbed "$mpi" KILL 0 'rank 0'
        disturbed "$mpi" KILL 2 'rank 2'
        disturbed "$mpi" STOP 0 'rank 0 did not answer for 3 seconds'
        disturbed "$mpi" STOP 2 'rank 2 did not answer for 3 seconds'
    fi
done

: >failing
rm -f r.csv
wanted=failing.csv
"$mote" "${sweep[@]}" --program ./program "${trainings[@]}" >failing.csv.out 2>err && fail "a failure is none"
mv r.csv failing.csv
for mpi in "${mpis[@]}"; do
    rm -f r.csv
    mpirun_of "$mpi" -n 3 "$mote" "${sweep[@]}" --program ./program "${trainings[@]}" >out 2>err </dev/null &
    expect_end "$mpi, a training fails" $! '1 of 8 trainings failed, .*r.csv tells why'
    same "$mpi, a training fails"
done
finish
