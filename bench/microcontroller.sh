#!/usr/bin/env bash
# microcontroller.sh [PROCESSOR …]: instructions, code and RAM on microcontrollers, each with its toolchain file and on its
# emulated board, beside the goals for a Cortex-M4F. PROCESSOR: m0 m3 m4 m7 m33 m55; without one, all of them.
# Instructions are those of -O2, code that of -Os: what a program has more with the library than without, its model not
# counted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

boards=([0]=mps2-an385 [3]=mps2-an385 [4]=mps2-an386 [7]=mps2-an500 [33]=mps2-an505 [55]=mps3-an547)

# build PROCESSOR LEVEL: the programs of bench/microcontroller, in $folder.
build() {
    folder=build/microcontroller/$1$2
    local flags="$2 -DNDEBUG" log=build/microcontroller/$1$2.log
    mkdir -p build/microcontroller
    if ! { cmake --preset "cortex-$1" -B "$folder" -DMOTE_BUILD_BENCH=ON -DMOTE_BUILD_TESTS=OFF \
        -DCMAKE_C_FLAGS_RELEASE="$flags" -DCMAKE_CXX_FLAGS_RELEASE="$flags" && cmake --build "$folder"; } >"$log" 2>&1; then
        tail -n 20 "$log"
        exit 1
    fi
    folder+=/bench/microcontroller
}

# The clock of the first line says how many instructions a tick is; rows of the others are divided by it.
instructions() {
    MOTE_EMULATE_OPTIONS="-icount shift=0" "platform/boards/$board/run" "$folder/instructions.elf" | awk '
        BEGIN {
            split("M1 M2 M3 M4-1 M4-4 M6", order)
            what["M1"] = "RNN, a character and a draw from its softmax";    goal["M1"] = 20000
            what["M2"] = "RNN, a training step over 16 characters";         goal["M2"] = 1200000
            what["M3"] = "MLP, a prediction and a draw from its softmax";   goal["M3"] = 15000
            what["M4-1"] = "MLP, a training step, batch 1";                 goal["M4-1"] = 70000
            what["M4-4"] = "MLP, a training step, batch 4";                 goal["M4-4"] = 220000
            what["M6"] = "matrix-vector product 64 x 64, a multiply-add";   goal["M6"] = 1.8
        }
        $1 == "clock" { tick = $2 / $3; next }
        $1 == "M8" { ram = $2; ram_goal = $3; next }
        NF == 3 { counted[$1] = $3 * tick / $2; next }
        { last = $0 }
        END {
            if (last != "MOTE_OK") { print "the program failed: " last; exit 1 }
            megahertz = 1000 / tick # an instruction is a nanosecond
            if (megahertz < 19.99 || megahertz > 32.01 || megahertz - int(megahertz + 0.5) > 0.01 ||
                int(megahertz + 0.5) - megahertz > 0.01) {
                print "the timer does not count instructions: " tick " a tick"
                exit 1
            }
            printf "%-4s %-50s %12s %10s  %s\n", "", "instructions, -O2", "counted", "goal M4F", ""
            for (i = 1; i in order; i++) {
                row = order[i]
                digits = goal[row] < 100 ? 2 : 0
                printf "%-4s %-50s %12.*f %10.*f  %s\n", substr(row, 1, 2), what[row], digits, counted[row], digits,
                    goal[row], counted[row] <= goal[row] ? "met" : "missed"
            }
            printf "%-4s %-50s %12d %10d  %s\n", "M8", "RAM of M2, bytes: model and trainer", ram, ram_goal,
                ram <= ram_goal ? "met" : "missed"
            printf "     %-50s %12.0f\n", "RNN, a character scored by its softmax", counted["M1-score"]
            printf "     %-50s %12.0f\n", "RNN, a character, its logits alone", counted["M1-step"]
            printf "     %-50s %12.0f\n", "RNN, a training step with Adagrad", counted["M2-adagrad"]
        }'
}

# Whether the programs do what they are weighed for: each with a blob of its network made on the same processor.
run_weighed() {
    local network program
    for network in bigram mlp rnn; do
        "platform/boards/$board/run" "$folder/make_blob.elf" "$network" "$folder/$network.mote"
        for program in "$folder/weighed_${network}"_*.elf; do
            "platform/boards/$board/run" "$program" "$folder/$network.mote" >"$folder/said.txt" || {
                echo "$program does not work: $(cat "$folder/said.txt")"
                exit 1
            }
        done
    done
}

# The text section holds constants, too.
sizes() {
    arm-none-eabi-size "$folder"/weighed_*.elf | awk '
        NR > 1 {
            sub(/.*weighed_/, "", $6)
            sub(/\.elf/, "", $6)
            code[$6] = $1
            ram[$6] = $2 + $3
        }
        function row(network, what,    name) {
            name = network "_" what
            printf "     %-50s %12d %10d\n", network ", " (what == "inference" ? what : "training, " what),
                code[name] - code["nothing"], ram[name] - ram["nothing"]
        }
        function judged(label, what, counted, goal) {
            printf "%-4s %-50s %12d %10d  %s\n", label, what, counted, goal, counted <= goal ? "met" : "missed"
        }
        END {
            printf "%-4s %-50s %12s %10s\n", "", "bytes, -Os", "code", "RAM"
            split("bigram mlp rnn", networks)
            split("inference sgd momentum adagrad adamw", kinds)
            for (i = 1; i in networks; i++) for (j = 1; j in kinds; j++) row(networks[i], kinds[j])
            printf "%-4s %-50s %12s %10s\n", "", "", "counted", "goal M4F"
            judged("M7", "code: RNN, inference", code["rnn_inference"] - code["nothing"], 5000)
            judged("M7", "code: RNN, with training (SGD)", code["rnn_sgd"] - code["nothing"], 10000)
        }'
}

measure() {
    board=${boards[${1#m}]}
    echo "Cortex-${1^} on $board"
    build "$1" -O2
    instructions
    build "$1" -Os
    run_weighed
    sizes
    echo
}

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
