# Cortex-M3: no FPU.
set(CMAKE_SYSTEM_PROCESSOR cortex-m3)
set(mote_cpu "-mcpu=cortex-m3 -mfloat-abi=soft")
set(mote_board mps2-an385)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
