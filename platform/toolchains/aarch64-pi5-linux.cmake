# 64-bit Arm Linux of a Raspberry Pi 5 and later: Cortex-A76, ARMv8.2-A with the integer dot product.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(mote_triplet aarch64-linux-gnu)
set(mote_cpu "-march=armv8.2-a+dotprod -mtune=cortex-a76")
set(mote_emulator "qemu-aarch64;-cpu;cortex-a76")
include(${CMAKE_CURRENT_LIST_DIR}/linux.cmake)
