# Cortex-M4 with its single-precision FPU.
set(CMAKE_SYSTEM_PROCESSOR cortex-m4)
set(mote_cpu "-mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard")
set(mote_board mps2-an386)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
