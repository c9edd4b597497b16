# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of ranks share; sourced by a script whose arguments are [--check-itself] MOTE [RANK_OF_ANOTHER_VERSION…].
# Sets `check` (1: --check-itself), `mote`, `others`, and `mpis`, those that are here; the script goes on in a new folder,
# `scratch`, which is removed at its end.

# Debian's builds ask root for a confirmation.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

passed=0 failed=0 skipped=0
pass() { passed=$((passed + 1)); }
fail() {
    echo "FAIL $*"
    failed=$((failed + 1))
}
finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed -eq 0 ]
}

# Fills `mpis`; skips where there is none.
find_mpis() {
    local mpi
    mpis=()
    for mpi in openmpi mpich; do
        if [ -x "$(dirname "$mote")/mote-mpi-$mpi" ] && command -v "mpirun.$mpi" >/dev/null; then
            mpis+=("$mpi")
        else
            echo "skipped: $mpi, which is not installed or was not when mote was built"
            skipped=$((skipped + 1))
        fi
    done
    [ ${#mpis[@]} -gt 0 ] || { echo "SKIP: there is no MPI; tools/setup.sh test installs two"; exit 77; }
}

# mpirun_of MPI ARGUMENT…: more processes than cores are no error here.
mpirun_of() {
    local mpi=$1
    shift
    case $mpi in
    openmpi) mpirun.openmpi --oversubscribe "$@" ;;
    mpich) mpirun.mpich "$@" ;;
    esac
}

# mpirun_in JOB: the process of mpirun, which a job of the shell is or has.
mpirun_in() {
    local found
    found=$(pgrep -P "$1" -x "mpirun.*|mpiexec.*|orterun.*" | head -n 1)
    echo "${found:-$1}"
}

# pid_of MPI RANK: of the program of a rank that has $scratch in its arguments.
pid_of() {
    local pid variable=OMPI_COMM_WORLD_RANK
    [ "$1" = openmpi ] || variable=PMI_RANK
    for pid in $(pgrep -f "mote-mpi-$1 .*$scratch"); do
        tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "$variable=$2" && echo "$pid" && return
    done
}

# expect_end NAME JOB PATTERN: it ends in time, with a failure and one line like that in the file err.
expect_end() {
    local began=$SECONDS status=0
    # A background part of this shell would inherit its trap, and remove `scratch` where it is killed at once.
    timeout 30 tail -s 0.1 --pid="$2" -f /dev/null || kill -KILL "$2"
    wait "$2" 2>/dev/null || status=$?
    if [ $status -eq 0 ] || [ $((SECONDS - began)) -ge 30 ]; then
        fail "$1: status $status after $((SECONDS - began)) seconds"
    elif [ "$(grep -c '^mote: ' err)" -ne 1 ] || ! grep -Eq "^mote: .*($3)" err; then
        fail "$1: not one line with \"$3\": $(cat err)"
    else
        pass
    fi
}

# refused MPI PATTERN ARGUMENT…: by two ranks, in a line at least, and nothing is written to r.csv.
refused() {
    local status=0
    mpirun_of "$1" -n 2 "$mote" "${@:3}" >out 2>err </dev/null || status=$?
    if [ $status -ne 0 ] && grep -Eq "^mote: .*($2)" err && ! [ -e r.csv ]; then
        pass
    else
        fail "$1: ${*:3} ends with $status: $(cat err)"
    fi
}

# hash_of FILE: in the last line, an object of JSON.
hash_of() { sed -n '$s/.*"weights_hash":"\([0-9a-f]*\)".*/\1/p' "$1"; }

# MOTE_LONG=0 is the short form.
[ "${MOTE_LONG-}" = 1 ] || unset MOTE_LONG
check=0
if [ "${1-}" = --check-itself ]; then
    check=1
    shift
fi
mote=$(realpath "$1")
shift
others=()
for other in "$@"; do others+=("$(realpath "$other")"); done
find_mpis
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
