# ARMv6 with a double-precision FPU (VFPv2): the ARM1176 of a Raspberry Pi Zero and 1, bare metal. While the MMU is off
# all its memory is strongly ordered, where an unaligned access is not allowed.
set(CMAKE_SYSTEM_PROCESSOR armv6)
set(mote_prefix arm-none-eabi-)
set(mote_flags "-mcpu=arm1176jzf-s -mfpu=vfpv2 -mfloat-abi=hard -marm -mno-unaligned-access")
set(mote_startup startup_armv6.c)
set(mote_board raspi0)
include(${CMAKE_CURRENT_LIST_DIR}/bare-metal.cmake)
