#!/usr/bin/env bash
# microcontroller.sh [--write] [PROCESSOR …]: instructions, code and RAM on microcontrollers, each with its toolchain file
# and on its emulated board, beside the goals for a Cortex-M4F. PROCESSOR: m0 m3 m4 m7 m33 m55; without one, all of them.
# Instructions are those of -O2, code that of -Os: what a program has more with the library than without, its model not
# counted; MOTE_ONLY_MODEL is a library for one network alone, MOTE_STATIC one that is part of the program's source; -flto
# is -Os with the library and the program optimized together when they are linked. --write puts the table into
# MICROCONTROLLERS.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

boards=([0]=mps2-an385 [3]=mps2-an385 [4]=mps2-an386 [7]=mps2-an500 [33]=mps2-an505 [55]=mps3-an547)
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# build PROCESSOR NAME FLAGS [MODEL TARGET …]: the programs of bench/microcontroller, in $folder; or some of them, with
# a library for one model.
build() {
    folder=build/microcontroller/$1$2
    local flags="$3 -DNDEBUG" log=build/microcontroller/$1$2.log targets=("${@:5}")
    mkdir -p build/microcontroller
    if ! { cmake --preset "cortex-$1" -B "$folder" -DMOTE_BUILD_BENCH=ON -DMOTE_BUILD_TESTS=OFF \
        -DMOTE_ONLY_MODEL="${4-}" -DCMAKE_C_FLAGS_RELEASE="$flags" -DCMAKE_CXX_FLAGS_RELEASE="$flags" &&
        cmake --build "$folder" --target "${targets[@]:-all}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        exit 1
    fi
    folder+=/bench/microcontroller
}

# instructions PROGRAM [ARGUMENT …]: prints a row's name and its instructions. The clock of the first line says how many
# instructions a tick is; rows of the others are divided by it. Of stack the number are bytes.
instructions() {
    MOTE_EMULATE_OPTIONS="-icount shift=0" "platform/boards/$board/run" "$folder/$1.elf" "${@:2}" | awk '
        $1 == "clock" { tick = $2 / $3; next }
        $1 == "M8" { print "ram", $2; print "ram-goal", $3; next }
        $1 ~ /^stack-/ { print $1, $3; next }
        NF == 3 { printf "%s %.3f\n", $1, $3 * tick / $2; next }
        { last = $0 }
        END {
            if (last != "MOTE_OK") { print "the program failed: " last >"/dev/stderr"; exit 1 }
            megahertz = 1000 / tick # an instruction is a nanosecond
            if (megahertz < 19.99 || megahertz > 32.01 || megahertz - int(megahertz + 0.5) > 0.01 ||
                int(megahertz + 0.5) - megahertz > 0.01) {
                print "the timer does not count instructions: " tick " a tick" >"/dev/stderr"
                exit 1
            }
        }'
}

# The blobs of messages: the one that the repository holds, and one of 4 bits made on the processor.
message_blobs() {
    cp platform/boards/examples/messages.mote "$folder/messages-int8.mote"
    "platform/boards/$board/run" "$folder/make_blob.elf" messages-int4 "$folder/messages-int4.mote"
}

# Instructions and stack of messages.
messages() {
    local precision
    message_blobs
    for precision in int8 int4; do
        instructions messages "$folder/messages-$precision.mote" | sed "s/^/messages-$precision-/"
    done
}

# run_one PROGRAM BLOB: whether it does what it is weighed for.
run_one() {
    "platform/boards/$board/run" "$1" "$folder/$2.mote" >"$folder/output.txt" || {
        echo "$1 does not work: $(cat "$folder/output.txt")" >&2
        exit 1
    }
}

# Each program with a blob of its network made on the same processor.
run_weighed() {
    local network blob program
    for network in bigram mlp rnn gru; do
        for blob in "$network" "$network-int8" "$network-int4"; do
            "platform/boards/$board/run" "$folder/make_blob.elf" "$blob" "$folder/$blob.mote"
        done
        for program in "$folder/weighed_${network}"_*.elf; do
            blob=$network
            [[ $program != *_int[48].elf ]] || blob=$network-${program: -8:4}
            run_one "$program" "$blob"
        done
    done
    message_blobs
    for program in "$folder"/weighed_messages_*.elf; do run_one "$program" "messages-${program: -8:4}"; done
}

# sizes NAME: prints each program's code, and for -Os its RAM. The text section holds constants, too.
sizes() {
    arm-none-eabi-size "$folder"/weighed_*.elf | awk -v name="$1" '
        NR > 1 {
            sub(/.*weighed_/, "", $6)
            sub(/\.elf/, "", $6)
            code[$6] = $1
            ram[$6] = $2 + $3
        }
        END {
            for (program in code) {
                if (program == "nothing") continue
                print "code" name "_" program, code[program] - code["nothing"]
                if (name == "-Os") print "ram_" program, ram[program] - ram["nothing"]
            }
        }'
}

# alone PROCESSOR: the programs of each network with a library for its model alone, by the blobs of $1-Os.
alone() {
    local network shape activation program blobs=$folder
    for network in bigram mlp rnn gru; do
        shape=$(sed -n "s/^#define ${network^^}_SHAPE //p" bench/microcontroller/shapes.h)
        activation=MOTE_TANH
        [ $network != bigram ] || activation=0
        build "$1" "-Os-$network" -Os "$shape, $activation" weighed_{nothing,"$network"_{inference,sgd}{,_static}}
        cp "$blobs/$network.mote" "$folder"
        for program in {inference,sgd}{,_static}; do run_one "$folder/weighed_${network}_$program.elf" "$network"; done
        sizes -alone
    done
}

# Prints what the blobs of run_weighed take.
blob_sizes() {
    local blob
    for blob in "$folder"/*.mote; do
        echo "blob_$(basename "$blob" .mote) $(stat -c %s "$blob")"
    done
}

measure() {
    board=${boards[${1#m}]}
    echo "Cortex-${1^} on $board" >&2
    {
        build "$1" -O2 -O2
        instructions instructions
        messages
        [ "$1" != m4 ] || instructions slices
        for name in -Os -flto; do
            build "$1" $name "-Os ${name/-Os/}"
            run_weighed
            sizes $name
            [ $name != -Os ] || { blob_sizes && alone "$1"; }
        done
    } | sed "s/^/$1 /" >>"$results"
}

# The table of all that was measured.
table() {
    awk '
        function head(title,    i) {
            printf "\n%-48s %10s", title, "goal M4F"
            for (i = 1; i <= count; i++) printf " %9s", toupper(processors[i]) (processors[i] ~ /m[03]$/ ? "" : "F")
            print ""
        }
        function row(what, key, goal,    i, digits) {
            digits = goal != "" && goal < 100 ? 2 : 0
            printf "%-48s %10s", what, goal
            for (i = 1; i <= count; i++) printf " %9.*f", digits, value[processors[i], key]
            if (goal != "" && ("m4", key) in value) printf "  %s", value["m4", key] <= goal ? "met" : "missed"
            print ""
        }
        function programs(prefix, inference_goal, training_goal,    i, j, networks, kinds, goal, label) {
            split("bigram mlp rnn gru", networks)
            split("inference int8 int4 sgd momentum adagrad adamw", kinds)
            for (i = 1; i in networks; i++) for (j = 1; j in kinds; j++) {
                goal = networks[i] != "rnn" ? "" : j == 1 ? inference_goal : j == 4 ? training_goal : ""
                label = networks[i] ", " (j == 1 ? kinds[j] : j <= 3 ? "inference, " kinds[j] : "training, " kinds[j])
                row((goal != "" ? "M7 " : "   ") label, prefix "_" networks[i] "_" kinds[j], goal)
            }
        }
        # With a library for the network alone.
        function programs_alone(suffix,    i) {
            split("bigram mlp rnn gru", networks)
            for (i = 1; i in networks; i++) {
                row((networks[i] == "rnn" ? "M7 " : "   ") networks[i] ", inference",
                    "code-alone_" networks[i] "_inference" suffix, networks[i] == "rnn" ? 5000 : "")
                row((networks[i] == "rnn" ? "M7 " : "   ") networks[i] ", training, sgd",
                    "code-alone_" networks[i] "_sgd" suffix, networks[i] == "rnn" ? 10000 : "")
            }
        }
        function of_messages(precision, goal,    name, row_of) {
            name = "messages, " precision
            row_of = "messages-" precision
            row("   " name ", a token of a message to a packet", row_of "-encode-token", goal)
            row("   " name ", a token of a packet to a message", row_of "-decode-token", goal)
            row("   " name ", a character to a packet", row_of "-encode-character", "")
            row("   " name ", a character of a message again", row_of "-decode-character", "")
        }
        function programs_of_messages(prefix,    i, precisions) {
            split("int8 int4", precisions)
            for (i = 1; i in precisions; i++) {
                row("   messages, " precisions[i] ", decompressing", prefix "_messages_decode_" precisions[i], "")
                row("   messages, " precisions[i] ", compressing, too", prefix "_messages_both_" precisions[i], "")
            }
        }
        function stack_of_messages(precision) {
            row("   messages, " precision ", compressing", "messages-" precision "-stack-encode", 1024)
            row("   messages, " precision ", decompressing", "messages-" precision "-stack-decode", 1024)
        }
        # Of what a step takes, at once and by budget, from a key; in slices, by how much more.
        function in_slices(what, key,    i, at_once, budget) {
            at_once = value["m4", key "-step"]
            printf "%-48s %9d", what, at_once
            for (i = 1; i in budgets; i++) printf " %8d", value["m4", key "-" budgets[i] "-step"]
            printf "\n%-48s %9s", "      more than at once, percent", ""
            for (i = 1; i in budgets; i++) printf " %8.1f", 100 * (value["m4", key "-" budgets[i] "-step"] / at_once - 1)
            printf "\n%-48s %9s", "      the longest call", ""
            for (i = 1; i in budgets; i++) printf " %8d", value["m4", key "-" budgets[i] "-longest"]
            print ""
        }
        function slices_of_m4(    i) {
            split("1000 3000 10000 30000 100000", budgets)
            printf "\n%-48s %9s", "in slices, M4F, -O2: instructions, by budget", "at once"
            for (i = 1; i in budgets; i++) printf " %8d", budgets[i]
            print ""
            in_slices("   RNN, a training step, SGD", "slices-sgd")
            in_slices("   RNN, AdamW, clipped by the norm", "slices-adamw")
            in_slices("   GRU, a training step, SGD", "slices-gru")
            in_slices("   RNN of 256 units, a character", "slices-wide")
            in_slices("   RNN of 256 units of int8, a character", "slices-wide-int8")
            printf "\n%-48s %9s %9s\n", "in slices, M4F, -Os: bytes of code", "at once", "in slices"
            of_slices("   rnn, inference", "rnn_inference", "rnn_slices")
            of_slices("   rnn, inference, int8", "rnn_int8", "rnn_slices_int8")
            of_slices("   rnn, training, sgd", "rnn_sgd", "rnn_sgd_slices")
        }
        function of_slices(what, at_once, sliced) {
            printf "%-48s %9d %9d\n", what, value["m4", "code-Os_" at_once], value["m4", "code-Os_" sliced]
        }
        !($1 in seen) { seen[$1]; processors[++count] = $1 }
        { value[$1, $2] = $3 }
        END {
            split("bigram mlp rnn gru", networks)
            head("instructions, -O2")
            row("M1 RNN, a character and a draw from its softmax", "M1", 20000)
            row("   a character scored by its softmax", "M1-score", "")
            row("   a character, its logits alone", "M1-step", "")
            row("M1 RNN of int8, a character and a draw", "M1-int8", 22000)
            row("   a character scored by its softmax", "M1-int8-score", "")
            row("   a character, its logits alone", "M1-int8-step", "")
            row("   RNN of 4 bits, a character and a draw", "M1-int4", "")
            row("   a character scored by its softmax", "M1-int4-score", "")
            row("   a character, its logits alone", "M1-int4-step", "")
            row("M2 RNN, a training step over 16 characters", "M2", 1200000)
            row("   the same with Adagrad", "M2-adagrad", "")
            row("   GRU, a character and a draw from its softmax", "gru", "")
            row("   a character scored by its softmax", "gru-score", "")
            row("   a character, its logits alone", "gru-step", "")
            row("   GRU, a training step over 16 characters", "gru-training", "")
            row("M3 MLP, a prediction and a draw from its softmax", "M3", 15000)
            row("M4 MLP, a training step, batch 1", "M4-1", 70000)
            row("M4 MLP, a training step, batch 4", "M4-4", 220000)
            row("M5 int8 matrix-vector 64 x 64, a multiply-add", "M5-64", 1.6)
            row("M5 int8 matrix-vector 128 x 128, a multiply-add", "M5-128", 1.4)
            row("   64 activations to int8, one", "M5-quantize-64", "")
            row("M6 matrix-vector product, a multiply-add", "M6", 1.8)
            of_messages("int8", 120000)
            of_messages("int4", 250000)
            head("bytes of code, -Os")
            programs("code-Os", 5000, 10000)
            programs_of_messages("code-Os")
            head("bytes of code, -Os, MOTE_ONLY_MODEL")
            programs_alone("")
            head("the same, MOTE_STATIC, too")
            programs_alone("_static")
            head("bytes of code, -Os and -flto")
            programs("code-flto", 5000, 10000)
            programs_of_messages("code-flto")
            head("bytes of a blob: flash")
            for (i = 1; i in networks; i++) {
                row("   " networks[i] ", float32", "blob_" networks[i], "")
                row("   " networks[i] ", int8", "blob_" networks[i] "-int8", "")
                row("   " networks[i] ", int4", "blob_" networks[i] "-int4", "")
            }
            row("   messages, int8", "blob_messages-int8", 65536)
            row("   messages, int4", "blob_messages-int4", 65536)
            head("bytes of RAM")
            row("M8 of M2, model and trainer", "ram", value[processors[1], "ram-goal"])
            programs("ram", "", "")
            programs_of_messages("ram")
            head("bytes of stack, -O2")
            stack_of_messages("int8")
            stack_of_messages("int4")
            if (("m4", "slices-sgd-step") in value) slices_of_m4()
        }' "$results"
}

write=0
if [ "${1-}" = --write ]; then
    write=1
    shift
fi
[ $# -gt 0 ] || set -- m0 m3 m4 m7 m33 m55
for processor; do
    case $processor in
    m0 | m3 | m4 | m7 | m33 | m55) measure "$processor" ;;
    *)
        echo "microcontroller.sh: there is no $processor, but m0 m3 m4 m7 m33 m55" >&2
        exit 2
        ;;
    esac
done
if [ $write -eq 0 ]; then
    table
    exit
fi
{
    cat <<'END'
# Microcontrollers

What mote takes on a Cortex-M, emulated, as `bench/microcontroller.sh --write` measured it. The networks: an RNN with 65
one-hot characters and 64 units; a GRU of the same sizes; an MLP that reads 3 characters of 27, 10 numbers each, with 64
units; a bigram of 65 characters. They train with SGD and a batch of one row, unless said otherwise. Instructions are
counted by QEMU, not cycles; M0 and M3 have no FPU. Code is what a program has more with the library than without,
opening a blob, its checks and a draw from the softmax included, and RAM what it has more than that, the trainer's copy of
the weights included. Each program leaves out what its network does not need; with `MOTE_ONLY_MODEL` the library is
compiled for that network alone, and with `MOTE_STATIC` it is part of the program's one source
([lib/README.md](lib/README.md#the-library-in-the-programs-source)).

The M55F multiplies by vectors of four floats (MVE), the others by one float at a time; an M55 without vectors runs what
is built for an M33F, which the column M33F shows. Vectors are left to the inner loops of products: GCC's own use of
them, with `chains_fast_vfp.h` in those loops, took 3% of the instructions of M2 away and none of M1, M3 and M6.

Quantized products (M5) are exact sums of int8 times int8. QEMU counts no cycles, but a Cortex-M4's are documented (the
tables of instructions in its Technical Reference Manual, ARM DDI 0439): LDRD takes 3, VLDM of n registers 1 + n, VFMA
3, SXTB16, SMLAD and SUBS 1, a branch that is taken at most 4. What the inner loops take for 64 multiply-adds, an
**estimate** without waits for the flash:

| | int8: 16 inputs by 4 outputs | float32: 4 inputs by 16 outputs |
| --- | --- | --- |
| inputs | 4 LDRD: 12 | VLDM of 4: 5 |
| weights | 8 LDRD: 24 | 8 VLDM of 8: 72 |
| multiply-adds | 32 SXTB16 and 32 SMLAD: 64 | 64 VFMA: 192 |
| the loop | SUBS and a branch: 5 | 5 |
| together | 105, 1.64 for a multiply-add | 274, 4.28 for a multiply-add |

That is 0.38 of float32's cycles. What is around the loops is 0.29 instructions for a multiply-add of 64 x 64 in M5 and
0.13 in M6: at two cycles each, 2.22 cycles against 4.54, 0.49 of them; of 128 x 128, 1.90 against at least 4.28, 0.44.
A quarter of the bytes is read from the flash.

Weights of 4 bits are multiplied the same way, 32 inputs by 4 outputs at a time: AND with a shifted operand widens two of
them, so that the inner loop takes 36 instructions for 32 multiply-adds, and 1.3 for each with what a group of 32 inputs
adds: its sum begins with -8 times the inputs' and is multiplied by the group's integer.

Messages (`mote_compress`, `mote_decompress`): a GRU of int8 with 224 tokens, 16 numbers each, and 88 units, which is
[messages.mote](platform/boards/examples/messages.mote), and one of 4 bits with 256 tokens, 24 numbers each, and 128
units, whose weights are random; both make blobs of 64 KB or less. The messages are six of 24 characters or less that
each model draws itself; a message takes one step more than it has tokens. RAM is the handle, the codec with its state,
256 bytes for a message and 261 for a packet. The stack is what a call and its caller take together.

Slices (`mote_slices.h`), on an M4F: steps of the RNN and the GRU over 16 characters, and a character of an RNN of 256
units, in calls of so many multiply-adds. The code is that of a program which takes in slices the step that it would
else take at once.

```
END
    arm-none-eabi-gcc --version | head -n 1
    table
    echo '```'
} >MICROCONTROLLERS.md
