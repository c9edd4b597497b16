# Cortex-M55 with its FPU and with vectors of floats (MVE, "Helium"); one that was made without them takes cortex-m33.
# Programs run in the secure state, in which the processor starts.
set(CMAKE_SYSTEM_PROCESSOR cortex-m55)
set(mote_cpu "-mcpu=cortex-m55 -mfpu=auto -mfloat-abi=hard")
set(mote_board mps3-an547)
include(${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake)
