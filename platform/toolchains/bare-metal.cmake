# What the toolchain files of bare-metal targets share: the GNU compilers; programs run on the emulated board MOTE_BOARD.
# Included by a file that sets mote_prefix, before the names of the compilers; mote_flags, theirs for the processor;
# mote_startup, a file of platform/boards; and mote_board, the usual board.
set(CMAKE_SYSTEM_NAME Generic)

set(CMAKE_C_COMPILER ${mote_prefix}gcc)
set(CMAKE_CXX_COMPILER ${mote_prefix}g++)
# A bare-metal program does not link without a start-up file and a linker script.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(mote_processor_flags "${mote_flags}")
include(${CMAKE_CURRENT_LIST_DIR}/processor-flags.cmake)
add_compile_options(-ffunction-sections -fdata-sections)

set(MOTE_BOARD ${mote_board} CACHE STRING "A folder of platform/boards")
set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_CURRENT_LIST_DIR}/../boards/${MOTE_BOARD}/run")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
