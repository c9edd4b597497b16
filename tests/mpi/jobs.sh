# shellcheck shell=bash disable=SC2154
# What the tests of ranks share; sourced. Before: `mote`, the program.

# Debian's builds ask root for a confirmation.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# The MPIs that are here, in `mpis`; skips where there is none.
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

# hash_of FILE: in the last line, an object of JSON.
hash_of() { sed -n '$s/.*"weights_hash":"\([0-9a-f]*\)".*/\1/p' "$1"; }
