# What `readelf -hA` tells of the processor that objects are for: a line for each object, or member of an archive, with
# what differs between the targets of this repository.

function print_object() {
    if (machine == "") return
    line = machine
    if (cpu != "") line = line " " cpu
    if (fpu != "") line = line ", " fpu
    if (simd != "") line = line ", " simd
    if (mve != "") line = line ", " mve
    if (arguments != "") line = line ", hard-float arguments"
    if (unaligned != "") line = line ", unaligned access"
    if (float_abi != "") line = line ", " float_abi
    print line
    machine = cpu = fpu = simd = mve = arguments = unaligned = float_abi = ""
}

function value() {
    sub(/^[^:]*: */, "")
    gsub(/"/, "")
    return $0
}

/^ELF Header:/ { print_object() }
/^ *Machine:/ { machine = value() }
/^ *Flags:.*ABI/ && machine == "RISC-V" { float_abi = value(); sub(/.*, /, "", float_abi) }
/^ *Tag_CPU_arch:/ { cpu = value() }
/^ *Tag_FP_arch:/ { fpu = value() }
/^ *Tag_Advanced_SIMD_arch:/ { simd = value() }
/^ *Tag_MVE_arch:/ { mve = value() }
/^ *Tag_ABI_VFP_args:/ { arguments = value() }
/^ *Tag_CPU_unaligned_access:/ { unaligned = value() }
# rv32i2p1_m2p0_…: without versions, and without the extensions that a newer assembler adds to the name.
/^ *Tag_RISCV_arch:/ { cpu = value(); gsub(/[0-9]p[0-9]|_/, "", cpu); sub(/z.*/, "", cpu) }
END { print_object() }
