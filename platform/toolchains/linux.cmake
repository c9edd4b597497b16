# What the toolchain files for another processor's Linux share: Debian's cross compiler; programs run under QEMU.
# Included by a file that sets mote_triplet, Debian's name of the architecture, mote_cpu, the flags of the processor, and
# mote_emulator, the command that runs its programs here.
set(CMAKE_SYSTEM_NAME Linux)

set(CMAKE_C_COMPILER ${mote_triplet}-gcc)
set(CMAKE_CXX_COMPILER ${mote_triplet}-g++)
set(mote_processor_flags "${mote_cpu}")
include(${CMAKE_CURRENT_LIST_DIR}/processor-flags.cmake)
set(CMAKE_CROSSCOMPILING_EMULATOR "${mote_emulator};-L;/usr/${mote_triplet}")

set(CMAKE_FIND_ROOT_PATH /usr/${mote_triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
# Headers and CMake packages of header-only libraries are the same for every target.
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
