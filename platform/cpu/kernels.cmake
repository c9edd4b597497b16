# Which instruction sets are compiled for the target: on a microcontroller one, without dispatch; elsewhere each that the
# processor family may have, in files of their own with their own flags.
set(MOTE_ISA "" CACHE STRING "The only instruction set to compile, without dispatch (portable, avx2, avx512, neon); empty: all")

set(MOTE_CPU ${PROJECT_SOURCE_DIR}/platform/cpu)
set(x86_64 "^(x86_64|AMD64|amd64)$")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "${x86_64}")
  set(isas avx512 avx2 portable)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm)")
  # Always on 64-bit Arm, on 32-bit Arm by the flags of the whole build: a processor with NEON that can fuse a
  # multiply-add also has the VFPv4 that the portable path would want.
  include(CheckCXXSourceCompiles)
  check_cxx_source_compiles("static_assert(__ARM_NEON && __ARM_FEATURE_FMA, \"\"); int main() {}" MOTE_NEON)
  if(MOTE_NEON)
    set(isas neon portable)
  else()
    set(isas portable)
  endif()
else()
  set(isas portable)
endif()
if(MOTE_ISA)
  if(NOT MOTE_ISA IN_LIST isas)
    message(FATAL_ERROR "MOTE_ISA: ${CMAKE_SYSTEM_PROCESSOR} has ${isas}, not ${MOTE_ISA}")
  endif()
  set(isas ${MOTE_ISA})
endif()

list(LENGTH isas count)
if(count EQUAL 1)
  target_compile_definitions(mote PRIVATE MOTE_SINGLE_ISA=${isas})
else()
  target_sources(mote PRIVATE ${MOTE_CPU}/dispatch.cpp)
endif()
foreach(isa IN LISTS isas)
  target_sources(mote PRIVATE ${MOTE_CPU}/kernels_${isa}.cpp)
  if((CMAKE_SYSTEM_PROCESSOR MATCHES "${x86_64}" OR NOT isa STREQUAL portable) AND NOT TARGET mote_xsimd)
    mote_header_library(xsimd xsimd/xsimd.hpp libxsimd-dev)
    target_include_directories(mote SYSTEM PRIVATE $<TARGET_PROPERTY:mote_xsimd,INTERFACE_INCLUDE_DIRECTORIES>)
  endif()
endforeach()
# GCC takes some seven minutes to instrument their tiles; the portable path is the same source with smaller ones.
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
