# 64-bit Windows, by Debian's mingw-w64 with its POSIX threads, which std::thread needs; programs run under Wine.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(mote_triplet x86_64-w64-mingw32)

set(CMAKE_C_COMPILER ${mote_triplet}-gcc-posix)
set(CMAKE_CXX_COMPILER ${mote_triplet}-g++-posix)
set(CMAKE_RC_COMPILER ${mote_triplet}-windres)
# Windows has none of the compiler's own libraries.
add_link_options(-static)
set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/run_by_wine.sh)

set(CMAKE_FIND_ROOT_PATH /usr/${mote_triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
# Headers and CMake packages of header-only libraries are the same for every target.
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
