# 64-bit Arm Linux (a Raspberry Pi 3 and later).
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(mote_triplet aarch64-linux-gnu)
set(mote_cpu "")
set(mote_emulator qemu-aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/linux.cmake)
