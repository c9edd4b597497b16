#!/usr/bin/env bash
# stack.sh FOLDER [RED_ZONE [LIMIT [KERNELS LEAST ISA…]]]: the deepest stack that a public function of the library may need, from the files that GCC
# wrote below the folder with -fcallgraph-info=su. Fails above LIMIT, by default 1 KiB, on recursion and on a frame
# without a bound.
# Best of a library of one instruction set (MOTE_ISA): its calls of kernels are direct, and counted as what they are.
# RED_ZONE: what the target's ABI lets a function that calls nothing use unseen (128 on x86-64, else 0).
# With KERNELS the folder is that of the instruction set LEAST, whose callers are those of any other with the same
# constants (kernels.h), and whose kernels are replaced by those of the files for ISA… below KERNELS, a build of several
# instruction sets; a kernel is that of the first ISA that has it.
# stack.sh --check-itself CC: shows that it finds each of these.
set -u
here=$(cd "$(dirname "$0")" && pwd)

check() {
    local files=() isa file
    mapfile -t files < <(find "$1" -name '*.ci' ! -name "kernels_${5-}.*" | sort)
    for isa in "${@:6}"; do
        file=$(find "$4" -name "kernels_$isa.*ci")
        [ -n "$file" ] || { echo "stack.sh: no file for $isa below $4"; return 1; }
        files+=("$file")
    done
    if [ ${#files[@]} -eq 0 ]; then
        echo "stack.sh: no .ci file below $1; the library must be compiled with -fcallgraph-info=su"
        return 1
    fi
    awk -v limit="${3:-1024}" -v red_zone="${2:-0}" -v outside=64 -v least="${5-}" -v isas="${*:6}" -f "$here/stack_depth.awk" "${files[@]}"
}

# expect NAME MESSAGE SOURCE: the check of C code says MESSAGE.
expect() {
    local folder=$scratch/$1 status=0 wanted=1
    case $2 in *' public functions'*) wanted=0 ;; esac
    mkdir "$folder"
    printf '%s\n' "$3" >"$folder/kernels_$1.c"
    "$cc" -O1 -fcallgraph-info=su -c "$folder/kernels_$1.c" -o "$folder/kernels_$1.o" || exit 2
    check "$folder" >"$scratch/output" || status=$?
    if [ $status -ne $wanted ] || ! grep -q "$2" "$scratch/output"; then
        echo "$1: wanted '$2', got status $status and:"
        cat "$scratch/output"
        exit 1
    fi
    echo "$1: $2"
}

# expect_kernels MESSAGE ISA…: the check of callers compiled for sse2 with the kernels of other instruction sets says
# MESSAGE: that of avx2 is deep, that of avx2vnni is not, and avx512vnni has none.
expect_kernels() {
    local folder=$scratch/kernels status=0
    if [ ! -d "$folder" ]; then
        mkdir "$folder" "$folder/least"
        echo 'int _ZN4mote3cpu4sse24workEv(void); void use(volatile char *);
int mote_a(void) { char a[200]; use(a); return _ZN4mote3cpu4sse24workEv() + 1; }' >"$folder/least/caller.c"
        echo 'int _ZN4mote3cpu4sse24workEv(void) { return 0; }' >"$folder/least/kernels_sse2.c"
        echo 'void use(volatile char *); int _ZN4mote3cpu4avx24workEv(void) { char a[900]; use(a); return 0; }' >"$folder/kernels_avx2.c"
        echo 'int _ZN4mote3cpu8avx2vnni4workEv(void) { return 0; }' >"$folder/kernels_avx2vnni.c"
        echo 'int other(void) { return 0; }' >"$folder/kernels_avx512vnni.c"
        for source in "$folder"/*.c "$folder"/least/*.c; do
            "$cc" -O1 -fcallgraph-info=su -c "$source" -o "${source%.c}.o" || exit 2
        done
    fi
    check "$folder/least" 0 1024 "$folder" sse2 "${@:2}" >"$scratch/output" || status=$?
    if ! grep -q "$1" "$scratch/output" || [[ $status -eq 0 && $1 != *' public functions' ]]; then
        echo "kernels of ${*:2}: wanted '$1', got status $status and:"
        cat "$scratch/output"
        exit 1
    fi
    echo "kernels of ${*:2}: $1"
}

check_itself() {
    cc=$1
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    local use='void use(volatile char *); '
    expect small '1 public functions' "$use void mote_a(void) { char a[100]; use(a); }"
    expect large 'mote_a may use' "$use void mote_a(void) { char a[1000]; use(a); }"
    expect path 'mote_a may use' "$use
__attribute__((noinline)) static void c(char *x) { char a[500]; use(a); use(x); }
__attribute__((noinline)) static void b(char *x) { char a[300]; c(a); use(x); }
void mote_a(void) { char a[200]; b(a); use(a); }"
    expect kernel 'mote_a may use' "$use extern void (*table)(void);
void kernel(void) { char a[900]; use(a); }
void mote_a(void) { char a[100];
#line 1 \"kernels.h\"
table(); use(a); }"
    expect part 'mote_a may use' "$use extern void (*step)(void);
void hidden_stepE(void) { char a[900]; use(a); }
void network_stepE(void) { step(); use(0); }
void mote_a(void) { char a[100]; network_stepE(); use(a); }"
    expect callback 'mote_a may use' "$use int mote_buffer_write(void) { char a[900]; use(a); return 0; }
void mote_a(int (*write)(void)) { char a[100]; write(); use(a); }"
    expect recursion 'calls itself' "$use
void mote_a(int n) { char a[9]; use(a); if (n) mote_a(n - 1); use(a); }"
    expect cycle 'calls itself' "$use void mote_b(int);
void mote_a(int n) { char a[9]; use(a); mote_b(n); use(a); } void mote_b(int n) { if (n) mote_a(n - 1); use(0); }"
    expect dynamic 'without a bound' "$use void mote_a(int n) { char a[n]; use(a); }"
    expect_kernels 'mote_a may use' avx2
    expect_kernels '1 public functions' avx2vnni avx2
    expect_kernels 'mote_a may use' avx512vnni avx2
    expect_kernels '_ZN4mote3cpu4sse24workEv is in no file' avx512vnni
    expect_kernels 'no file for avx512' avx512 avx2
    expect none 'no public function' 'int a(void) { return 1; }'
}

case ${1:-} in
--check-itself)
    if [ $# -ne 2 ]; then
        echo "stack.sh: --check-itself needs CC" >&2
        exit 2
    fi
    check_itself "$2"
    ;;
*)
    if [ $# -lt 1 ] || [ ! -d "$1" ]; then
        echo "stack.sh: needs the FOLDER of a build" >&2
        exit 2
    fi
    check "$@"
    ;;
esac
