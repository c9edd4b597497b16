#!/usr/bin/env bash
# words.sh [TREE]: what must not be in the files of a git tree. Fails on paths of somebody's machine, addresses of package
# mirrors, marks of unfinished work, and words of a private vocabulary where the field has a standard term.
# words.sh --check-itself: shows that it finds each.
set -euo pipefail

# This file is not searched; gaps in its words keep other searches from stopping here.
patterns=(
    '(^|[^A-Za-z0-9_.~}/-])/(home|root|work|Users|mnt|media|srv)/[A-Za-z0-9_.-]'
    '/tmp/[A-Za-z0-9_]'
    '[A-Za-z]:[\\](Users|Program)'
    '(deb|security|snapshot|registry|pypi|files)\.(debian|npmjs|org|pythonhosted)\.(org|com)'
    '\b(TO[D]O|FIX[M]E|XX[X])\b'
)

# A private vocabulary that must not come back, and what to write instead.
dialect=(
    '\b[Hh]ouses?\b|_house\b'              # repository, architecture
    '[Rr]ival|[Cc]ontest'                   # competitor, adapter
    '[Cc]omplain'                           # report_error, fail
    '\b[Ss]peak(s|ers?|ing)?\b|\bSPEAK_'   # generate, print_sample
    '\b(say|said)(_[a-z]+)?(\(|\.[a-z]| = )' # print_sample, report, message
    '\bturned\b|\bkTurning\b|_turned\b|\bturned_' # transposed
    '\bsettle(s|d|_[a-z]+)?\b'              # flush_denormals
    '\beach_part\b|\bkWorthCutting\b'       # parallel_for, kMinParallelMacs
    '\b(is|be|was|are) content\b'           # must pass
    '\bwithout a word\b'                    # silently, automatically
    '\bnobody can tell\b'
    '\bto be had\b|\bin force\b'            # available, active
    '(^|[^e]) is no (option|number|tensor|text|file|string|constant|matrix)\b' # is not a, unknown
    '\bmote_trainer_(step|set_rate)\b|\bMOTE_WITHOUT_MODEL\b|\bMOTE_(RNN|MLP|BIGRAM)_[A-Z]+_BYTES\b' # old names
)
# Corpora, whose words are those of their authors.
not_dialect=(':!tools/corpora/*.txt')

# Prints what is wrong in the tree; fails where something is.
check_tree() {
    local pattern found=0
    for pattern in "${patterns[@]}"; do
        if git -C "$1" grep -nIE --untracked -e "$pattern" -- . ':!tests/words.sh'; then found=1; fi
    done
    for pattern in "${dialect[@]}"; do
        if git -C "$1" grep -nIE --untracked -e "$pattern" -- . ':!tests/words.sh' "${not_dialect[@]}"; then found=1; fi
    done
    [ "$found" -eq 0 ]
}

# expect FOUND LINE: whether a tree with this line is refused.
expect() {
    local scratch got=yes
    scratch=$(mktemp -d)
    git -C "$scratch" init -q
    printf '%s\n' "$2" >"$scratch/file.txt"
    check_tree "$scratch" >/dev/null && got=no
    rm -rf "$scratch"
    if [ "$got" != "$1" ]; then
        echo "words.sh: \"$2\": found: $got, wanted: $1" >&2
        exit 1
    fi
    echo "$1: $2"
}

check_itself() {
    expect yes 'cd /home/somebody/mote'
    expect yes 'data=/ro''ot/data'
    expect yes 'see /tmp/log'
    expect yes 'C:\Users\somebody'
    expect yes 'http://deb.''debian.org/debian'
    expect yes '// TO''DO: later'
    expect yes 'the rules of the house'
    expect yes 'mote beside its rivals'
    expect yes 'static int complain(void)'
    expect yes 'bool turned = false;'
    expect yes 'status = say(state, token);'
    expect yes 'moving_house.sh'
    expect yes 'the entry is no tensor'
    expect no 'there is no tensor'
    expect yes 'clang-tidy has to be content'
    expect yes 'recognised without a word'
    expect yes 'MOTE_RNN_STATE_BYTES(V, E, H, L)'
    expect no 'transposed, returned, the content of a file, what it says, mote_trainer_step_count'
    expect no 'build/release/mote, lib/home/x and ../home/x'
    expect no '/usr/aarch64-linux-gnu'
}

case ${1-} in
--check-itself) check_itself ;;
*)
    check_tree "${1:-$(dirname "${BASH_SOURCE[0]}")/..}" || exit 1
    echo "no word that does not belong"
    ;;
esac
