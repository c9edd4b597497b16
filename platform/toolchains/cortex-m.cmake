# What the Cortex-M toolchain files share, beside bare-metal.cmake. Included by a file that sets mote_cpu, the flags of
# the processor, and mote_board.
set(mote_prefix arm-none-eabi-)
set(mote_flags "${mote_cpu} -mthumb")
set(mote_startup startup_cortex_m.c)
include(${CMAKE_CURRENT_LIST_DIR}/bare-metal.cmake)
