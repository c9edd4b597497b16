#!/usr/bin/env bash
# left_out.sh PROGRAM NM: runs left_out, then fails where it holds a function of the MLP or Adagrad's update all the same,
# or none of the RNN's, by which the check would find nothing.
set -eu

"$1" || exit 1
functions=$("$2" -C --defined-only "$1")
if grep -E '::(mlp_(step|forward|backward)|update_adagrad)\(' <<<"$functions"; then
    echo "$1: these were left out, and linked"
    exit 1
fi
if ! grep -q '::rnn_step(' <<<"$functions"; then
    echo "$1: the RNN is not in it"
    exit 1
fi
echo "$1: nothing of what was left out"
