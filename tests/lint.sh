#!/usr/bin/env bash
# lint.sh format | scripts | tidy FOLDERS: clang-format, shellcheck or clang-tidy over the files that git tracks, or would.
# FOLDERS: those for clang-tidy, as `lib|platform`. Status 77: the tool is not here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

needs() { command -v "$1" >/dev/null || { echo "SKIP: there is no $1"; exit 77; }; }

sources() { git ls-files -co --exclude-standard -- "$@"; }

case ${1-} in
format)
    needs clang-format
    sources '*.c' '*.cpp' '*.h' | xargs clang-format --dry-run -Werror
    ;;
scripts)
    needs shellcheck
    sources '*.sh' 'platform/boards/*/run' .ci/run | xargs shellcheck
    ;;
tidy)
    needs clang-tidy
    needs clang++
    # The compile commands of a build of its own: others may configure theirs at the same time.
    cmake --preset clang -B build/tidy -DMOTE_BUILD_TESTS=ON
    sed -n "s|^  \"file\": \"$PWD/\(.*\)\",\{0,1\}$|\1|p" build/tidy/compile_commands.json | grep -E "^(${2:?})/" |
        sort -u | xargs -P "$(nproc)" -n 1 clang-tidy -p build/tidy --quiet
    ;;
*)
    echo "lint.sh: usage: lint.sh format | scripts | tidy FOLDERS" >&2
    exit 2
    ;;
esac
