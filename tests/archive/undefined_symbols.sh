#!/usr/bin/env bash
# undefined_symbols.sh ARCHIVE NM: what a program that links the archive must bring, and what the archive does before
# main or keeps between calls. Fails on an undefined symbol that the memory contract does not allow, on static
# constructors, and on data that can be written, the choice of the kernel table aside.
# undefined_symbols.sh --check-itself CC AR NM: shows that it finds each of these, in archives made for it.
set -u

# The C library's three; integer and soft-float helpers of the compiler. _GLOBAL_OFFSET_TABLE_ is the linker's own, in
# position-independent code.
allowed='^(memcpy|memmove|memset|_GLOBAL_OFFSET_TABLE_|__aeabi_.*|__gnu_thumb1_.*'
allowed+='|__[a-z]+([qhsdt]i|[sd]f)([0-9]|([qhsdt]i|[sd]f)[0-9]?)?)$'
# They begin like helpers, and bring the C++ unwinder.
never='^__aeabi_unwind_cpp_pr[0-9]$'
kernel_table='^_ZN4mote3cpu12chosen_tableE$'

# check ARCHIVE NM: prints what is wrong; fails where something is.
check() {
    local archive=$1 nm=$2 objdump=${2%nm}objdump symbols undefined constructors writable count
    symbols=$("$nm" --format=posix "$archive") || return 2
    count=$(awk '$2 == "T" && $1 ~ /^mote_/' <<<"$symbols" | wc -l)
    undefined=$(awk -v allowed="$allowed" -v never="$never" '
        NF < 2 { next }
        $2 ~ /^[Uwv]$/ { needed[$1] = 1; next }
        { defined[$1] = 1 }
        END { for (name in needed) if (!(name in defined) && (name !~ allowed || name ~ never)) print "    " name }
    ' <<<"$symbols" | sort)
    constructors=$("$objdump" -h "$archive" | awk '$2 ~ /^\.(init_array|preinit_array|ctors|fini_array|dtors)/ { print "    " $2 }')
    # .data.rel.ro is constant but for what the loader puts in.
    writable=$("$objdump" -t "$archive" | awk -v table="$kernel_table" '
        { name = $NF }
        match($0, /[ \t](\.[st]?data|\.[st]?bss|\*COM\*)[^ \t]*/) {
            section = substr($0, RSTART + 1, RLENGTH - 1)
            if (section ~ /^\.data\.rel\.ro/ || name == section || name ~ table) next
            print "    " name " in " section
        }')
    # A table of COFF has numbers in place of the sections' names.
    if "$objdump" -f "$archive" | grep 'file format pe' >/dev/null; then
        writable=$(awk -v table="$kernel_table" '$2 ~ /^[bBdDC]$/ && $1 !~ /^\./ && $1 !~ table { print "    " $1 }' <<<"$symbols")
    fi
    [ -z "$undefined" ] || printf '%s needs, against the contract:\n%s\n' "$archive" "$undefined"
    [ -z "$constructors" ] || printf '%s has static constructors or destructors:\n%s\n' "$archive" "$constructors"
    [ -z "$writable" ] || printf '%s has data that can be written:\n%s\n' "$archive" "$writable"
    [ "$count" -gt 0 ] || echo "$archive has no function mote_*"
    [ -z "$undefined$constructors$writable" ] && [ "$count" -gt 0 ] || return 1
    echo "$archive: $count functions mote_*, nothing needed, run or kept beyond the contract"
}

# expect NAME MESSAGE SOURCE: the check of C code says MESSAGE; an empty one: it passes.
expect() {
    local status=0
    printf '%s\n' "$3" >"$scratch/$1.c"
    "$cc" -O1 -c "$scratch/$1.c" -o "$scratch/$1.o" && "$ar" rcs "$scratch/$1.a" "$scratch/$1.o" || exit 2
    check "$scratch/$1.a" "$nm" >"$scratch/output" || status=$?
    if { [ -z "$2" ] && [ $status -ne 0 ]; } ||
        { [ -n "$2" ] && { [ $status -ne 1 ] || ! grep -q "$2" "$scratch/output"; }; }; then
        echo "$1: wanted ${2:-a pass}, got status $status and:"
        cat "$scratch/output"
        exit 1
    fi
    echo "$1: ${2:-passes}"
}

check_itself() {
    cc=$1 ar=$2 nm=$3
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    expect memcpy_call '' '#include <stddef.h>
void *memcpy(void *, const void *, size_t);
void mote_copy(void *a, const void *b, size_t n) { memcpy(a, b, n); }'
    expect division '' 'long long mote_divide(long long a, long long b) { return a / b; }'
    expect constant_table '' 'const int mote_table[2] = {1, 2}; int mote_at(int i) { return mote_table[i]; }'
    expect malloc_call ' malloc$' '#include <stddef.h>
void *malloc(size_t); void *mote_make(void) { return malloc(8); }'
    expect libm_call ' expf$' 'float expf(float); float mote_exp(float x) { return expf(x); }'
    expect kept_counter 'can be written' 'int mote_count(void) { static int n; return ++n; }'
    expect initial_value 'can be written' 'int mote_level = 7; int mote_get(void) { return mote_level; }'
    expect constructor 'static constructors' 'int mote_one(void) { return 1; }
__attribute__((constructor)) static void before_main(void) { volatile int one = 1; (void)one; }'
    expect no_function 'no function' 'const int nothing = 1;'
}

case ${1:-} in
--check-itself)
    if [ $# -ne 4 ]; then
        echo "undefined_symbols.sh: --check-itself needs CC AR NM" >&2
        exit 2
    fi
    check_itself "$2" "$3" "$4"
    ;;
*)
    if [ $# -ne 2 ] || [ ! -r "$1" ]; then
        echo "undefined_symbols.sh: needs an ARCHIVE and its NM" >&2
        exit 2
    fi
    check "$1" "$2"
    ;;
esac
