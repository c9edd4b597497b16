# Cortex-M0, and with it M0+ and M1 (ARMv6-M): no FPU, no division, no long product. There is no board with it that has the
# memory for every test, and a Cortex-M3 runs its code; MOTE_BOARD=microbit is one for small models.
set(CMAKE_SYSTEM_PROCESSOR cortex-m0)
set(mote_cpu "-mcpu=cortex-m0 -mfloat-abi=soft")
set(mote_board mps2-an385)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
