# Which instruction sets are compiled for the target: on a microcontroller one, without dispatch; elsewhere each that the
# processor family may have, in files of their own with their own flags.
set(MOTE_ISA "" CACHE STRING "The only instruction set to compile, without dispatch: avx512, avx2, sse2, neon, vfp, scalar, \
or `least`, the one that every processor of the target has; empty: all")

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
  set(isas avx512 avx2 sse2)
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
foreach(isa IN LISTS isas)
  target_sources(mote PRIVATE ${MOTE_CPU}/kernels_${isa}.cpp)
  if(NOT isa MATCHES "^(scalar|vfp)$" AND NOT TARGET mote_xsimd)
    mote_header_library(xsimd xsimd/xsimd.hpp libxsimd-dev)
    target_include_directories(mote SYSTEM PRIVATE $<TARGET_PROPERTY:mote_xsimd,INTERFACE_INCLUDE_DIRECTORIES>)
  endif()
endforeach()
# GCC takes some seven minutes to instrument their tiles; the others are the same source with smaller ones.
set(plain "")
if(MOTE_SANITIZE)
  set(plain -fno-sanitize=all)
endif()
set_source_files_properties(${MOTE_CPU}/kernels_avx2.cpp TARGET_DIRECTORY mote PROPERTIES COMPILE_OPTIONS
                                                                                          "-mavx2;-mfma;${plain}")
# GCC's own header makes its 512-bit "undefined" of an uninitialized variable, and warns of it (GCC bug 105593).
set_source_files_properties(
  ${MOTE_CPU}/kernels_avx512.cpp
  TARGET_DIRECTORY mote
  PROPERTIES COMPILE_OPTIONS
             "-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mavx2;-mfma;-Wno-uninitialized;${plain};$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>")
