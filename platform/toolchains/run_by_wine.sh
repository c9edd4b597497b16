#!/bin/sh
# run_by_wine.sh PROGRAM ARGUMENT …: a Windows program, with the files and arguments of this system. Wine keeps what it
# takes for drive C in WINEPREFIX, by default below build/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export WINEPREFIX="${WINEPREFIX:-$here/../../build/wine}" WINEDEBUG="${WINEDEBUG:--all}" LC_ALL=C.UTF-8
if [ ! -d "$WINEPREFIX" ]; then
    mkdir -p "$(dirname "$WINEPREFIX")"
    # No programs that Windows would bring for web pages and .NET.
    WINEDLLOVERRIDES="mscoree=;mshtml=" wineboot --init >/dev/null 2>&1 || true
fi
exec wine "$@"
