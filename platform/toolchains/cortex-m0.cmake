# Cortex-M0, and with it M0+ and M1 (ARMv6-M): no FPU, no division, no long product. QEMU has no board with one and the
# memory for every test, but an M3 runs its code; MOTE_BOARD=microbit has an M0, for small models, without the tests.
set(CMAKE_SYSTEM_PROCESSOR cortex-m0)
set(mote_cpu "-mcpu=cortex-m0 -mfloat-abi=soft")
set(mote_board mps2-an385)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
