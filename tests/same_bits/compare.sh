#!/usr/bin/env bash
# compare.sh [--long] TARGET[=PROGRAM] …: runs same_bits and sizes of several targets on every instruction set, with
# flush-to-zero on and off where there is a choice, and compares what they print, case by case. TARGET is one of those in
# targets.sh; PROGRAM is its same_bits (its sizes lies beside it) where it is not in the target's build. The first run of
# a set of cases that works is what the others are held against. An x86_64 runs every set that another target does.
#
# Then, for each set, a table: a case and its hash, and for each target `same`, or the first run that differs.
# Exit status: 0 when nothing differs, else 1; 2 for arguments that cannot be used. A target that cannot run here is
# listed and counted as skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/same_bits/targets.sh
. "$here/targets.sh"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
long=0 passed=0 failed=0 skipped=0

usage() {
    echo "compare.sh: $1; usage: compare.sh [--long] TARGET[=PATH/TO/same_bits] …; targets: ${targets[*]} ${long_targets[*]}" >&2
    exit 2
}

cpu_lacks() {
    local needed flag
    case $1 in
    avx2) needed="avx2 fma" ;;
    avx2vnni) needed="avx2 fma avx_vnni" ;;
    avx512) needed="avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl" ;;
    avx512vnni) needed="avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl avx512_vnni" ;;
    *) return 1 ;;
    esac
    for flag in $needed; do grep -qw "$flag" /proc/cpuinfo || return 0; done
    return 1
}

# The sets that a target runs.
sets_of() {
    local target
    if [ "$1" = x86_64 ]; then
        for target in "${asked[@]}"; do set_of "${target%%=*}" $long; done | sort -u
    else
        set_of "$1" $long
    fi
}

row() { printf '%-20s %-9s %-4s %-6s %6s  %7s  %s\n' "$@"; }

skip() {
    skipped=$((skipped + 1))
    row "$1" "$2" "$3" "$4" - - "SKIP: $5"
}

fail() {
    failed=$((failed + 1))
    row "$1" "$2" "$3" "$4" "$5" "$6" "FAIL: $7"
}

# The first line that the two outputs do not share, of the case that it belongs to.
show_difference() {
    diff <(grep -v '^isa \|^ftz ' "$1") <(grep -v '^isa \|^ftz ' "$2") | grep '^[<>]' | awk '
        { sign = $1; name = $2; $1 = "" }
        first == "" { first = name }
        name == first && !(sign in seen) { seen[sign] = 1; print "    " (sign == "<" ? "wanted" : "got   ") $0 }'
}

# compare TARGET ISA FTZ SET OUTPUT REFERENCE SECONDS
compare() {
    local cases differ
    cases=$(grep -vc '^isa \|^ftz \|^end ' "$5")
    if [ ! -s "$6" ]; then
        cp "$5" "$6"
        passed=$((passed + 1))
        row "$1" "$2" "$3" "$4" "$cases" "$7" "the reference"
        return
    fi
    # A case is its whole line, so that one missing, added or changed counts.
    differ=$(diff <(grep -v '^isa \|^ftz ' "$6") <(grep -v '^isa \|^ftz ' "$5") | sed -n 's/^[<>] \([^ ]*\).*/\1/p' | sort -u)
    if [ -z "$differ" ]; then
        passed=$((passed + 1))
        row "$1" "$2" "$3" "$4" "$cases" "$7" "same bits"
    else
        fail "$1" "$2" "$3" "$4" "$cases" "$7" "$(echo "$differ" | wc -l) cases differ, the first: $(echo "$differ" | head -n 1)"
        show_difference "$6" "$5"
    fi
}

# --- the runs: planned, made several at a time, and then looked at in their order ---

# A line each: KIND TARGET ISA FTZ SET PROGRAM; KIND: bits, sizes, choice, or skip, with the reason instead of PROGRAM.
plan=()

plan_target() {
    local target=$1 program=$2 isa ftz set why
    why=$(lacking "$target")
    if [ -n "$why" ]; then
        plan+=("skip $target all - - $why")
        return
    fi
    [ -z "$(cpu_of "$target")" ] || plan+=("choice $target - - choice $program")
    plan+=("sizes $target - - sizes ${program%same_bits*}sizes${program##*same_bits}")
    find_runner "$target"
    for set in $(sets_of "$target"); do
        for isa in $(isas_of "$target"); do
            for ftz in $(modes_of "$target"); do
                if [ "${runner[*]}" = "" ] && cpu_lacks "$isa"; then
                    plan+=("skip $target $isa $ftz $set this CPU has no $isa")
                else
                    plan+=("bits $target $isa $ftz $set $program")
                fi
            done
        done
    done
}

# output_of INDEX SET TARGET: the name of the output of a run.
output_of() { printf '%s/run-%s-%03d-%s' "$scratch" "$2" "$1" "$3"; }

# make_run INDEX: output, errors, status and seconds go to files.
make_run() {
    local kind target isa ftz set program output start=$SECONDS options=()
    read -r kind target isa ftz set program <<<"${plan[$1]}"
    output=$(output_of "$1" "$set" "$target")
    find_runner "$target"
    case $kind in
    bits)
        options=(--isa "$isa" --ftz "$ftz")
        [ "$set" = full ] || options+=("--$set")
        ;;
    choice) options=(--list) ;;
    esac
    if [ -f "$program" ]; then
        "${runner[@]}" "$program" "${options[@]}" >"$output" 2>"$scratch/errors-$1"
    else
        echo "there is no $program" >"$scratch/errors-$1"
        false
    fi
    echo "$? $((SECONDS - start))" >"$scratch/status-$1"
}

make_runs() {
    local i running=0
    for i in "${!plan[@]}"; do
        [[ ${plan[i]} != skip* ]] || continue
        if [ $running -ge "$(nproc)" ]; then
            wait -n
            running=$((running - 1))
        fi
        make_run "$i" &
        running=$((running + 1))
    done
    wait
}

# judge_bits INDEX TARGET ISA FTZ SET OUTPUT STATUS SECONDS
judge_bits() {
    if [ "$7" -ne 0 ] || ! grep -q '^end failures=0$' "$6"; then
        fail "$2" "$3" "$4" "$5" - "$8" "exit status $7"
        grep ' failed: \|^same_bits: \|^fault' "$6" | head -n 5 | sed 's/^/    /'
        grep -v '^qemu-x86_64: warning' "$scratch/errors-$1" | head -n 5 | sed 's/^/    /'
    elif ! grep -qx "isa $3" "$6" || ! grep -qx "ftz $4" "$6"; then
        fail "$2" "$3" "$4" "$5" - "$8" "it ran on $(grep -m 2 '^isa \|^ftz ' "$6" | tr '\n' ' ')"
    else
        compare "$2" "$3" "$4" "$5" "$6" "$scratch/reference.$5" "$8"
    fi
}

# What the library chooses from on a CPU that lacks something is what the CPU has.
judge_choice() {
    local listed wanted
    listed=$(sort "$2" | tr '\n' ' ')
    # shellcheck disable=SC2046 # words
    wanted=$(printf '%s\n' $(isas_of "$1") | sort | tr '\n' ' ')
    if [ "$listed" = "$wanted" ]; then
        passed=$((passed + 1))
        row "$1" - - choice - - "it has $listed"
    else
        fail "$1" - - choice - - "it has $listed, not $wanted"
    fi
}

judge() {
    local kind target isa ftz set program output status seconds
    read -r kind target isa ftz set program <<<"${plan[$1]}"
    if [ "$kind" = skip ]; then
        skip "$target" "$isa" "$ftz" "$set" "$program"
        return
    fi
    output=$(output_of "$1" "$set" "$target")
    read -r status seconds <"$scratch/status-$1"
    case $kind in
    bits) judge_bits "$1" "$target" "$isa" "$ftz" "$set" "$output" "$status" "$seconds" ;;
    choice) judge_choice "$target" "$output" ;;
    sizes)
        if grep -q '^end failures=0$' "$output"; then
            compare "$target" - - sizes "$output" "$scratch/reference.sizes" "$seconds"
        else
            fail "$target" - - sizes - "$seconds" "a macro is not its function"
            cat "$scratch/errors-$1"
            grep -m 3 'wrong' "$output"
        fi
        ;;
    esac
}

# print_table SET: case by target. Of a case's hashes that of its weights is shown, else its last; all of its line counts.
print_table() {
    awk -v order="${asked[*]}" -v reference="$scratch/reference.$1" '
        function target_of(file) { sub(/^.*\/run-[a-z]+-[0-9]+-/, "", file); return file }
        FNR == 1 { target = FILENAME == reference ? "" : target_of(FILENAME); if (target != "") ran[target]++ }
        /^isa / { isa = $2; next }
        /^ftz / { ftz = $2; next }
        /^end / { next }
        target == "" {
            cases[++count] = $1; line[$1] = $0; hash[$1] = "-"
            for (i = 2; i <= NF; i++) {
                split($i, field, "=")
                if (length(field[2]) != 16) continue
                hash[$1] = field[2]
                if (field[1] == "weights") break
            }
            next
        }
        { seen[target, $1]++ }
        $0 != line[$1] && !((target, $1) in differs) { differs[target, $1] = isa "/" ftz }
        END {
            columns = split(order, names, " ")
            printf "%-50s %-16s", "case", "hash"
            for (i = 1; i <= columns; i++) { sub(/=.*/, "", names[i]); if (names[i] in ran) printf " %s", names[i] }
            print ""
            for (c = 1; c <= count; c++) {
                printf "%-50s %-16s", cases[c], hash[cases[c]]
                for (i = 1; i <= columns; i++) {
                    if (!(names[i] in ran)) continue
                    key = names[i] SUBSEP cases[c]
                    printf " %-" length(names[i]) "s", key in differs ? "DIFFERS:" differs[key] : seen[key] == ran[names[i]] ? "same" : "MISSING"
                }
                print ""
            }
        }' "$scratch/reference.$1" "$scratch/run-$1-"*
}

asked=()
for argument; do
    case $argument in
    --long) long=1 ;;
    *)
        printf '%s\n' "${targets[@]}" "${long_targets[@]}" | grep -qxF -- "${argument%%=*}" || usage "no target '${argument%%=*}'"
        asked+=("$argument")
        ;;
    esac
done
[ ${#asked[@]} -gt 0 ] || usage "no target"

for target in "${asked[@]}"; do
    case $target in
    *=*) plan_target "${target%%=*}" "${target#*=}" ;;
    *) plan_target "$target" "$(program_of "$target" same_bits)" ;;
    esac
done
make_runs
row target isa ftz set cases seconds result
for i in "${!plan[@]}"; do judge "$i"; done
for set in tiny small full; do
    [ -s "$scratch/reference.$set" ] || continue
    printf '\nset %s\n' $set
    print_table $set
done
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
