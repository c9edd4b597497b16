# Which instruction sets are compiled for the target: on a microcontroller one, without dispatch; elsewhere each that the
# processor family may have, in files of their own with their own flags.
set(MOTE_ISA "" CACHE STRING "The only instruction set to compile, without dispatch: avx512vnni, avx512, avx2vnni, avx2, \
sse2, neon, vfp, scalar, or `least`, the one that every processor of the target has; empty: all")

set(MOTE_CPU ${PROJECT_SOURCE_DIR}/platform/cpu)
include(CheckCXXSourceCompiles)
# mote_target_has(CONDITION RESULT): of the preprocessor, by the flags of the whole build. Nothing is linked, which takes
# more than a compiler on bare metal.
function(mote_target_has condition result)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  check_cxx_source_compiles("#if !(${condition})\n#error no\n#endif" ${result})
endfunction()

# All that the target may have, best first, and those of them that only MOTE_ISA chooses.
set(on_request "")
set(x86_64 "^(x86_64|AMD64|amd64)$")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "${x86_64}")
  set(isas avx512vnni avx512 avx2vnni avx2 sse2)
else()
  # Always on 64-bit Arm; a 32-bit one with NEON that can fuse a multiply-add also has the VFPv4 for it in plain C++.
  mote_target_has("defined(__aarch64__) || (defined(__ARM_NEON) && defined(__ARM_FEATURE_FMA))" MOTE_NEON)
  mote_target_has("defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_FEATURE_FMA)" MOTE_VFP)
  if(MOTE_NEON)
    set(isas neon scalar)
  elseif(MOTE_VFP)
    set(isas vfp)
    set(on_request scalar)
  else()
    set(isas scalar)
  endif()
endif()
if(MOTE_ISA STREQUAL "least")
  list(GET isas -1 isas)
elseif(MOTE_ISA)
  if(NOT MOTE_ISA IN_LIST isas AND NOT MOTE_ISA IN_LIST on_request)
    message(FATAL_ERROR "MOTE_ISA: ${CMAKE_SYSTEM_PROCESSOR} has ${isas} ${on_request}, not ${MOTE_ISA}")
  endif()
  set(isas ${MOTE_ISA})
endif()
set(MOTE_ISAS ${isas} CACHE INTERNAL "The instruction sets that are compiled, best first")

list(LENGTH isas count)
if(count EQUAL 1)
  target_compile_definitions(mote PRIVATE MOTE_SINGLE_ISA=${isas})
else()
  target_sources(mote PRIVATE ${MOTE_CPU}/dispatch.cpp)
endif()
# An older one has other names.
function(mote_check_xsimd)
  file(STRINGS ${MOTE_xsimd_INCLUDE}/xsimd/config/xsimd_config.hpp numbers REGEX "define XSIMD_VERSION_(MAJOR|MINOR)")
  string(REGEX REPLACE "[^0-9;]" "" numbers "${numbers}")
  string(REPLACE ";" "." version "${numbers}")
  if(version VERSION_LESS 8.1)
    message(FATAL_ERROR "xsimd in ${MOTE_xsimd_INCLUDE} is ${version}, and mote needs 8.1 or newer: it is headers alone, \
of which -DMOTE_xsimd_INCLUDE=FOLDER names another folder")
  endif()
endfunction()
# Those with VNNI have all but the products of quantized rows from the one that they extend.
set(files ${isas})
list(TRANSFORM files REPLACE "vnni$" "")
list(APPEND files ${isas})
list(REMOVE_DUPLICATES files)
foreach(isa IN LISTS files)
  target_sources(mote PRIVATE ${MOTE_CPU}/kernels_${isa}.cpp)
  if(NOT isa MATCHES "^(scalar|vfp)$" AND NOT TARGET mote_xsimd)
    mote_header_library(xsimd xsimd/xsimd.hpp libxsimd-dev)
    mote_check_xsimd()
    target_include_directories(mote SYSTEM PRIVATE $<TARGET_PROPERTY:mote_xsimd,INTERFACE_INCLUDE_DIRECTORIES>)
  endif()
endforeach()
# GCC takes some seven minutes to instrument the tiles of AVX2 and AVX-512; the others are the same source with smaller
# ones.
set(plain "")
if(MOTE_SANITIZE)
  set(plain -fno-sanitize=all)
endif()
# mote_kernel_flags(ISA FLAG…)
function(mote_kernel_flags isa)
  set_source_files_properties(${MOTE_CPU}/kernels_${isa}.cpp TARGET_DIRECTORY mote PROPERTIES COMPILE_OPTIONS
                                                                                              "${ARGN};${plain}")
endfunction()
# Below -O2, GCC clears the upper halves of registers before a kernel returns only if this is on (kernels.h).
set(avx2 -mavx2 -mfma $<$<CXX_COMPILER_ID:GNU>:-fexpensive-optimizations>)
# GCC's own header makes its 512-bit "undefined" of an uninitialized variable, and warns of it (GCC bug 105593).
# CD is for newer xsimd, to which DQ without it is no instruction set.
set(avx512 -mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl ${avx2} -Wno-uninitialized
           $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
# GCC aligns the stack of Windows to 16 bytes, but takes spilled vectors to be aligned (GCC bug 54412). That of Debian has a
# patch against it; this has the assembler mend it with any other.
if(WIN32 AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND avx2 -Wa,-muse-unaligned-vector-move)
  list(APPEND avx512 -Wa,-muse-unaligned-vector-move)
endif()
# Functions that begin a line of the cache take the same time wherever the linker puts them: gradients of 256 x 256 took
# 1.06 of it as other kernels grew. With AVX-512 no work gained.
mote_kernel_flags(avx2 ${avx2} -falign-functions=64)
mote_kernel_flags(avx2vnni ${avx2} -mavxvnni)
mote_kernel_flags(avx512 ${avx512})
mote_kernel_flags(avx512vnni ${avx512} -mavx512vnni)
