#!/usr/bin/env bash
# firmware.sh BUILD: a model of each kind, trained by the program of a build of the host, in the flash of a Cortex-M4:
# the firmware examples generate and learn there what they do on the host, and generate what `mote sample` prints. So
# they do on a Raspberry Pi Zero; a micro:bit, a Cortex-M0 with 16 KiB of RAM, generates the same, too, and that RAM is
# enough for a bigram to learn in. There the blob is in the header; assemblers for bare metal make the same bytes of the
# other forms. Those whose line begins with int8 come from the tensors of the trained one, converted and quantized, and
# generate alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mote=${1:?usage: firmware.sh BUILD}/mote
examples=platform/boards/examples
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# build FOLDER PRESET OPTION … -- EXAMPLE …: the examples with the names.h of the scratch folder.
build() {
    local folder=build/firmware/$1 options=("--preset" "$2" "-DMOTE_BUILD_TESTS=OFF" "-DMOTE_NAMES_HEADER=$scratch/names.h")
    shift 2
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    if ! { cmake "${options[@]}" -B "$folder" && cmake --build "$folder" --target "${@:2}"; } >"$scratch/log" 2>&1; then
        cat "$scratch/log"
        exit 1
    fi
}

same() {
    if [ -s "$1" ] && cmp "$1" "$2"; then
        echo "PASS $3"
    else
        echo "FAIL $3"
        failed=$((failed + 1))
    fi
}

# The model in names.mote by way of its tensors, with weights of int8.
quantize() {
    "$mote" export "$scratch/names.mote" -o "$scratch/names.safetensors" --vocab "$scratch/vocab.json"
    "$mote" convert "$scratch/names.safetensors" --vocab "$scratch/vocab.json" --boundary "<boundary>" -o "$scratch/converted.mote"
    "$mote" quantize "$scratch/converted.mote" -o "$scratch/names.mote"
}

# assembled COMPILER OBJCOPY: its object of the assembler's form holds the bytes of the model, where it was told to.
assembled() {
    local folder=$scratch/assembled
    rm -rf "$folder"
    mkdir "$folder"
    "$mote" export "$scratch/names.mote" -o "$folder/names.S" --section .model --align 256 2>"$scratch/log"
    "$1" -c -I "$folder" "$folder/names.S" -o "$folder/names.o"
    "$2" -O binary -j .model "$folder/names.o" "$folder/blob"
    same "$scratch/names.mote" "$folder/blob" "$model: $1 assembles the blob"
    checks=$((checks + 1))
}

checks=0
while read -r precision model options; do
    read -ra arguments <<<"$options"
    "$mote" train names --lines --steps 300 -o "$scratch/names.mote" --quiet --model "$model" "${arguments[@]}" >"$scratch/log"
    on_all=(generate learn)
    if [ "$precision" = int8 ]; then
        quantize >"$scratch/log"
        model+=" of int8"
        on_all=(generate)
    fi
    "$mote" export "$scratch/names.mote" -o "$scratch/names.h" 2>"$scratch/log"
    for cross in arm-none-eabi riscv64-unknown-elf; do assembled "$cross-gcc" "$cross-objcopy"; done
    "$mote" sample "$scratch/names.mote" --count 10 --length 40 --temperature 0.8 --seed 1 >"$scratch/sample.txt"
    on_microbit=(generate)
    [ "$model" != bigram ] || on_microbit+=(learn)
    build release release -- "${on_all[@]}"
    build cortex-m4 cortex-m4 -- "${on_all[@]}"
    build armv6 armv6 -- "${on_all[@]}"
    build microbit cortex-m0 -DMOTE_BOARD=microbit -- "${on_microbit[@]}"
    for example in "${on_all[@]}"; do
        "build/firmware/release/$examples/$example" >"$scratch/$example-host.txt"
        platform/boards/mps2-an386/run "build/firmware/cortex-m4/$examples/$example.elf" >"$scratch/$example-m4.txt"
        same "$scratch/$example-host.txt" "$scratch/$example-m4.txt" "$model: $example is the same on the Cortex-M4"
        platform/boards/raspi0/run "build/firmware/armv6/$examples/$example.elf" >"$scratch/$example-v6.txt"
        same "$scratch/$example-host.txt" "$scratch/$example-v6.txt" "$model: $example is the same on the Raspberry Pi Zero"
        checks=$((checks + 2))
    done
    for example in "${on_microbit[@]}"; do
        platform/boards/microbit/run "build/firmware/microbit/$examples/$example.elf" >"$scratch/$example-m0.txt"
        same "$scratch/$example-host.txt" "$scratch/$example-m0.txt" "$model: $example is the same on the micro:bit"
        checks=$((checks + 1))
    done
    same "$scratch/sample.txt" "$scratch/generate-m4.txt" "$model: the Cortex-M4 generates what mote sample prints"
    checks=$((checks + 1))
done <<'MODELS'
float32 bigram --batch 64
float32 mlp --context 5 --embed 6 --hidden 40 --layers 2 --activation relu
float32 rnn --hidden 40 --embed 6 --time 16
float32 gru --hidden 24 --embed 6 --time 16
int8 bigram --batch 64
int8 mlp --context 5 --embed 6 --hidden 40 --layers 2 --activation relu
int8 rnn --hidden 40 --embed 6 --time 16
int8 gru --hidden 24 --embed 6 --time 16
MODELS
echo "$((checks - failed)) passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
