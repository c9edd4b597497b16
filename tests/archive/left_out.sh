#!/usr/bin/env bash
# left_out.sh PROGRAM ARCHIVE NM: runs left_out, then fails where it holds a function of the MLP, of the GRU, of an
# embedding, Adagrad's update, clipping by the norm or transposed weights all the same, or none of the RNN's. The names
# that it looks for must be in the archive, where nothing is left out.
set -eu

"$1" || exit 1
program=$("$3" -C --defined-only "$1")
archive=$("$3" -C --defined-only "$2")
for name in dense_step dense_forward dense_backward window_read window_forward embedding_read \
    embedding_forward update_adagrad clip_by_norm transposed_count layers_pass states_pass one_hot_read recurrent_step \
    gated_step gated_forward; do
    if ! grep -q "::${name}[(<]" <<<"$archive"; then
        echo "$2 has no $name: this looks for a name that is none"
        exit 1
    fi
    linked=no
    ! grep -q "::${name}[(<]" <<<"$program" || linked=yes
    wanted=no
    case $name in recurrent_step | one_hot_read | states_pass) wanted=yes ;; esac
    if [ $linked != $wanted ]; then
        echo "$1: $name is linked: $linked, wanted: $wanted"
        exit 1
    fi
done
# Weights of int8 and of 4 bits are left out whole.
for name in {one_hot_read,recurrent_step,hidden_step,quantized_table_step}'<mote::Int'{8,4}'>' check_int{8,4}_tensor; do
    if ! grep -qF "::$name(" <<<"$archive" || grep -qF "::$name(" <<<"$program"; then
        echo "$name is not in $2, or also in $1, which leaves integers out"
        exit 1
    fi
done
# What describes an optimizer, the steps with a hook, and the codec are for programs that ask for them.
for name in sgd_info mote_optimizer_describe mote_profile_step mote_profile_score mote_profile_train_step watched_step \
    watched_forward watched_loss watched_backward mote_codec_init mote_compress mote_decompress \
    mote_stream_init mote_stream_start mote_stream_write mote_stream_open mote_stream_read; do
    if ! grep -qw "$name" <<<"$archive" || grep -qw "$name" <<<"$program"; then
        echo "$name is not in $2, or also in $1, which does not ask for it"
        exit 1
    fi
done
echo "$1: nothing of what was left out"
