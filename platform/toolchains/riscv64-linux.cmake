# 64-bit RISC-V Linux with Debian's cross compiler, whose default is rv64gc.
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(mote_triplet riscv64-linux-gnu)
set(mote_cpu "")
set(mote_emulator qemu-riscv64)
include(${CMAKE_CURRENT_LIST_DIR}/linux.cmake)
