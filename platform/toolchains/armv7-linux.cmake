# 32-bit Arm Linux (a Raspberry Pi 2, and a 3 in 32 bits): Cortex-A7, whose code a Cortex-A53 runs too, with NEON and
# VFPv4, the first of which can fuse a multiply-add.
set(CMAKE_SYSTEM_PROCESSOR armv7)
set(mote_triplet arm-linux-gnueabihf)
set(mote_cpu "-mcpu=cortex-a7 -mfpu=neon-vfpv4 -mfloat-abi=hard")
set(mote_emulator "qemu-arm;-cpu;cortex-a7")
include(${CMAKE_CURRENT_LIST_DIR}/linux.cmake)
