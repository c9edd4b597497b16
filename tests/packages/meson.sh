#!/usr/bin/env bash
# meson.sh: builds and tests the library by meson.build; then a project of its own takes it as a subproject, and another
# one the installed library by pkg-config. Status 77: there is no Meson.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
command -v meson >/dev/null || { echo "SKIP: there is no meson"; exit 77; }

# quietly COMMAND …: its output only where it fails.
quietly() {
    "$@" >"$scratch/log" 2>&1 && return
    tail -n 30 "$scratch/log" >&2
    echo "meson.sh: failed: $*" >&2
    exit 1
}

quietly meson setup "$scratch/build" "$root" --prefix "$scratch/installed" --libdir lib
quietly meson test -C "$scratch/build"
quietly meson install -C "$scratch/build"
PKG_CONFIG_LIBDIR=$scratch/installed/lib/pkgconfig
export PKG_CONFIG_LIBDIR
[ "$(pkg-config --modversion mote)" = "$("$root/tools/version.sh")" ] || { echo "meson.sh: another version is installed" >&2; exit 1; }

# use NAME: a project that asks for the dependency `mote`.
use() {
    mkdir -p "$scratch/$1"
    cp "$root"/platform/boards/console{.c,.h,_host.c} "$root/tests/consumer/consumer.c" "$scratch/$1"
    cat >"$scratch/$1/meson.build" <<'PROJECT'
project('user', 'c', 'cpp')
program = executable('program', 'consumer.c', 'console.c', 'console_host.c', dependencies: dependency('mote'))
test('program', program)
PROJECT
}

use user
quietly meson setup "$scratch/build-user" "$scratch/user"
quietly meson test -C "$scratch/build-user"
echo "by pkg-config: ok"

use subproject
mkdir "$scratch/subproject/subprojects"
ln -s "$root" "$scratch/subproject/subprojects/mote"
cp "$root/platform/packages/meson/mote.wrap" "$scratch/subproject/subprojects"
unset PKG_CONFIG_LIBDIR
quietly meson setup "$scratch/build-subproject" "$scratch/subproject" --force-fallback-for=mote
quietly meson test -C "$scratch/build-subproject"
echo "as a subproject: ok"
echo "3 passed, 0 failed, 0 skipped"
