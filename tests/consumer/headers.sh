#!/usr/bin/env bash
# headers.sh BUILD: a project that links mote, by add_subdirectory, by FetchContent or, of what the build installs, by
# find_package, sees mote.h and no other header of mote: a user's rng.h is the user's.
# headers.sh --check-itself: shows that it finds a private header that a project sees.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# compile WAY OPTION …: the project with mote found so.
compile() {
    local way=$1
    shift
    cmake -G Ninja -S "$here/headers" -B "$scratch/$way" "-DWAY=$way" "-DMOTE=$root" "$@" &&
        cmake --build "$scratch/$way" --target app
}

check() {
    local way failed=0
    cmake --install "$1" --prefix "$scratch/prefix" >/dev/null
    for way in add_subdirectory FetchContent find_package; do
        if ! compile "$way" "-DCMAKE_PREFIX_PATH=$scratch/prefix" >"$scratch/log" 2>&1; then
            grep -m 5 'rror' "$scratch/log" || tail -n 5 "$scratch/log"
            echo "FAIL $way"
            failed=$((failed + 1))
        fi
    done
    echo "$((3 - failed)) passed, $failed failed, 0 skipped"
    [ $failed -eq 0 ]
}

check_itself() {
    if compile add_subdirectory "-DLEAK=$root/platform/cpu" >"$scratch/log" 2>&1 ||
        ! grep -q "kernels.h is not the user's" "$scratch/log"; then
        cat "$scratch/log"
        echo "headers.sh: a private header that a project sees is not found"
        exit 1
    fi
    echo "a private header that a project sees is found"
}

case ${1:-} in
--check-itself) check_itself ;;
*)
    if [ $# -ne 1 ] || [ ! -f "$1/CMakeCache.txt" ]; then
        echo "headers.sh: needs a build directory, or --check-itself" >&2
        exit 2
    fi
    check "$1"
    ;;
esac
