# Cortex-M33 with its single-precision FPU; programs run in the secure state, in which the processor starts.
set(CMAKE_SYSTEM_PROCESSOR cortex-m33)
set(mote_cpu "-mcpu=cortex-m33 -mfpu=fpv5-sp-d16 -mfloat-abi=hard")
set(mote_board mps2-an505)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
