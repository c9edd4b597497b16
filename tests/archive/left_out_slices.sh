#!/usr/bin/env bash
# left_out_slices.sh PROGRAM WITHOUT_SLICES ARCHIVE NM: runs left_out_slices, then fails where it holds a function that it
# leaves out of slices, or where a program that takes no step in slices holds any of them. The names must be in the archive.
set -eu

"$1" || exit 1
sliced=$("$4" -C --defined-only "$1")
without=$("$4" -C --defined-only "$2")
archive=$("$4" -C --defined-only "$3")
for name in run_product run_gate_deltas run_add_windows 'run_units<mote::Float32>' 'run_units<mote::Int8>' \
    'run_units<mote::Int4>' mote_train_slice mote_step_slice; do
    if ! grep -q "$name" <<<"$archive"; then
        echo "$3 has no $name: this looks for a name that is none"
        exit 1
    fi
    linked=no
    ! grep -q "$name" <<<"$sliced" || linked=yes
    wanted=no
    case $name in run_product | *Float32* | mote_*) wanted=yes ;; esac
    if [ $linked != $wanted ]; then
        echo "$1: $name is linked: $linked, wanted: $wanted"
        exit 1
    fi
    if grep -q "$name" <<<"$without"; then
        echo "$2: $name is linked, though it takes no slices"
        exit 1
    fi
done
echo "slices link what they need, and nothing where there are none"
