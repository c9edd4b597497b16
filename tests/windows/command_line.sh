#!/usr/bin/env bash
# command_line.sh PROGRAM TESTS: the tests of the command line, TESTS of a build of the host, with PROGRAM, a mote.exe, by
# Wine. Status 77: there is no such build.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
[ -x "$2" ] || { echo "SKIP: there is no $2; cmake --preset release && cmake --build --preset release"; exit 77; }

# What Windows has not, or Wine does otherwise.
without=(
    'arguments that cannot be used*'                   # a command line is UTF-16, so that no argument can be broken UTF-8
    'what cannot be completed is named*'               # the same
    'files that cannot be used*'                       # /dev/full
    'an export that cannot be writes*'                 # /dev/full
    'an output that is not a regular file*'            # /dev/null
    'an output that cannot be written*'                # /dev/full
    'every form for a compiler*'                       # names.S and names.s are one file
    'safetensors and npz hold*'                        # the program is built without libzip
    'exports of tensors are the same bytes*'           # the same
    'the list of characters says each*'                # the same
    'a run asked to stop*'                             # SIGTERM
    'a training with integers that is stopped*'        # SIGTERM
    'so has one that went on with integers*'           # B.mote and b.mote are one file
    'pictures are drawn of a model of 4 bits'          # gnuplot
    'a sweep with more values or seeds*'               # a script as --program
    'a training that fails has its error*'             # the same
    'a training that a signal ends*'                   # the same
    'a sweep that is asked to end*'                    # the same
    'a training that the same Ctrl-C*'                 # the same
    'a table that a sweep is writing*'                 # the same
    'what no training can use is refused*'             # /dev/null
)
# Signals are in program.sh; of gnuplot, too. Weights of other frameworks are mostly zip archives.
files=('*cli_signals*' '*cli_plot*' '*cli_convert*' '*reference*')
join() { local IFS=,; echo "$*"; }
printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$root/platform/toolchains/run_by_wine.sh" "$(realpath -m "$1")" >"$scratch/mote"
chmod +x "$scratch/mote"
MOTE_CLI=$scratch/mote "$(realpath -m "$2")" "-tce=$(join "${without[@]}")" "-sfe=$(join "${files[@]}")"
