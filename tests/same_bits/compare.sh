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
    avx512) needed="avx2 fma avx512f avx512bw avx512dq avx512vl" ;;
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

# run_bits TARGET PROGRAM ISA FTZ SET
run_bits() {
    local output status start=$SECONDS options=(--isa "$3" --ftz "$4")
    output=$(printf '%s/run-%s-%03d-%s' "$scratch" "$5" $((passed + failed + skipped)) "$1")
    if [ "${runner[*]}" = "" ] && cpu_lacks "$3"; then
        skip "$1" "$3" "$4" "$5" "this CPU has no $3"
        return
    fi
    [ "$5" = full ] || options+=("--$5")
    "${runner[@]}" "$2" "${options[@]}" >"$output" 2>"$scratch/errors"
    status=$?
    if [ "$status" -ne 0 ] || ! grep -q '^end failures=0$' "$output"; then
        fail "$1" "$3" "$4" "$5" - $((SECONDS - start)) "exit status $status"
        grep ' failed: \|^same_bits: \|^fault' "$output" | head -n 5 | sed 's/^/    /'
        grep -v '^qemu-x86_64: warning' "$scratch/errors" | head -n 5 | sed 's/^/    /'
    elif ! grep -qx "isa $3" "$output" || ! grep -qx "ftz $4" "$output"; then
        fail "$1" "$3" "$4" "$5" - $((SECONDS - start)) "it ran on $(grep -m 2 '^isa \|^ftz ' "$output" | tr '\n' ' ')"
    else
        compare "$1" "$3" "$4" "$5" "$output" "$scratch/reference.$5" $((SECONDS - start))
    fi
}

run_sizes() {
    local program=$2 output=$scratch/sizes start=$SECONDS
    "${runner[@]}" "$program" >"$output" 2>"$scratch/errors"
    if ! grep -q '^end failures=0$' "$output"; then
        fail "$1" - - sizes - $((SECONDS - start)) "a macro is not its function"
        grep -m 3 'wrong' "$output"
    else
        compare "$1" - - sizes "$output" "$scratch/reference.sizes" $((SECONDS - start))
    fi
}

# What the library chooses on a CPU that lacks something is the best of what the CPU has.
check_choice() {
    local listed wanted
    listed=$("${runner[@]}" "$2" --list 2>/dev/null | sort | tr '\n' ' ')
    # shellcheck disable=SC2046 # words
    wanted=$(printf '%s\n' $(isas_of "$1") | sort | tr '\n' ' ')
    if [ "$listed" = "$wanted" ]; then
        passed=$((passed + 1))
        row "$1" "$(isas_of "$1" | awk '{ print $NF }')" - choice - - "it has $listed"
    else
        fail "$1" - - choice - - "it has $listed, not $wanted"
    fi
}

run_target() {
    local target=$1 program=$2 isa ftz set why
    why=$(lacking "$target")
    if [ -n "$why" ]; then
        skip "$target" all "" "" "$why"
        return
    fi
    find_runner "$target"
    if [ ! -f "$program" ]; then
        fail "$target" all - - - - "there is no $program"
        return
    fi
    [ -z "$(cpu_of "$target")" ] || check_choice "$target" "$program"
    run_sizes "$target" "${program%same_bits*}sizes${program##*same_bits}"
    for set in $(sets_of "$target"); do
        for isa in $(isas_of "$target"); do
            for ftz in $(modes_of "$target"); do run_bits "$target" "$program" "$isa" "$ftz" "$set"; done
        done
    done
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
        { said[target, $1]++ }
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
                    printf " %-" length(names[i]) "s", key in differs ? "DIFFERS:" differs[key] : said[key] == ran[names[i]] ? "same" : "MISSING"
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

row target isa ftz set cases seconds result
for target in "${asked[@]}"; do
    case $target in
    *=*) run_target "${target%%=*}" "${target#*=}" ;;
    *) run_target "$target" "$(program_of "$target" same_bits)" ;;
    esac
done
for set in tiny small full; do
    [ -s "$scratch/reference.$set" ] || continue
    printf '\nset %s\n' $set
    print_table $set
done
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
