#!/usr/bin/env bash
# tour.sh [FOLDER]: the tour of tools/tour/README.md, from counting to the gated recurrent unit, on the built-in
# texts: trains each model, prints its losses and samples of its text, and draws its pictures, all into FOLDER (default:
# build/tour). Builds the program first. Needs gnuplot (Debian: gnuplot-nox). Takes half a minute.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-build/tour}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cmake --preset release >"$folder/build.log" && cmake --build --preset release --target mote_cli >>"$folder/build.log"
mote=$PWD/build/release/mote
cd "$folder"

title() { printf '\n== %s\n' "$1"; }

# run ARGUMENT …: the program, its command shown; progress goes to a log.
run() {
    printf '$ mote %s\n' "$*"
    "$mote" "$@" 2>>progress.log
}

title 'counting'
run train names --recipe bigram-counts -o counts.mote
run sample counts.mote --count 8 --length 20
run plot bigrams names --lines -o bigrams.svg

title 'the same, learned'
run train names --recipe bigram-softmax -o softmax.mote

title 'three characters and an embedding'
run lr-find names --recipe bengio-mlp --plot rate.svg
run train names --recipe bengio-mlp --steps 0 -o before.mote
run train names --recipe bengio-mlp --eval-every 5000 --log bengio.csv -o bengio.mote
run sample bengio.mote --count 8 --length 20
run plot embedding before.mote -o embedding-before.svg
run plot embedding bengio.mote -o embedding.svg
run plot loss bengio.csv -o loss.svg

title 'how weights begin'
run train names --recipe trigram-mlp -o trigram.mote
run train names --recipe trigram-mlp-scaled -o scaled.mote

title 'two hidden layers'
run train rhyme --recipe charlm --epochs 50 -o charlm.mote
run eval charlm.mote rhyme --rows 1
run sample charlm.mote --prompt 'A mote' --length 120 --temperature 0

title 'a state that carries on'
run train rhyme --recipe rnn-by-heart -o rhyme.mote
run eval rhyme.mote rhyme --rows 1
run sample rhyme.mote --prompt A --length 132 --temperature 0
run plot surprise rhyme.mote 'A mote of dust that learns to sing' -o surprise.svg

title 'the same on names'
run train names --recipe demo-names -o names.mote
run sample names.mote --count 8 --length 20 --temperature 0.8
run plot hidden names.mote --prompt marianne -o hidden.svg

title 'a gate'
run train names --recipe demo-names --model gru --hidden 48 -o gru.mote
run sample gru.mote --count 8 --length 20 --temperature 0.8
