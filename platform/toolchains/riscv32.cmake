# 32-bit RISC-V with a single-precision FPU (rv32imafc), bare metal, with Debian's compiler for all RISC-V and picolibc.
# F brings Zicsr with it; written into the name as well, the compiler would not find its library for this processor.
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(mote_prefix riscv64-unknown-elf-)
set(mote_flags "-march=rv32imafc -mabi=ilp32f -mcmodel=medany --specs=picolibc.specs")
set(mote_startup startup_riscv.c)
set(mote_board virt-rv32)
include(${CMAKE_CURRENT_LIST_DIR}/bare-metal.cmake)
