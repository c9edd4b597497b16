# Cortex-M7 with an FPU, be it of single or of double precision.
set(CMAKE_SYSTEM_PROCESSOR cortex-m7)
set(mote_cpu "-mcpu=cortex-m7 -mfpu=fpv5-sp-d16 -mfloat-abi=hard")
set(mote_board mps2-an500)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
