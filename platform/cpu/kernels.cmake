# Which instruction sets are compiled for the target: on a microcontroller one, without dispatch; elsewhere each that the
# processor family may have, in files of their own with their own flags.
set(MOTE_CPU ${PROJECT_SOURCE_DIR}/platform/cpu)
target_sources(mote PRIVATE ${MOTE_CPU}/kernels_portable.cpp)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(MOTE_ISA avx2)
  set_source_files_properties(${MOTE_CPU}/kernels_avx2.cpp TARGET_DIRECTORY mote PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(MOTE_ISA neon)
else()
  target_compile_definitions(mote PRIVATE MOTE_SINGLE_ISA)
endif()

if(MOTE_ISA)
  mote_header_library(xsimd xsimd/xsimd.hpp libxsimd-dev)
  target_include_directories(mote SYSTEM PRIVATE $<TARGET_PROPERTY:mote_xsimd,INTERFACE_INCLUDE_DIRECTORIES>)
  target_sources(mote PRIVATE ${MOTE_CPU}/dispatch.cpp ${MOTE_CPU}/kernels_${MOTE_ISA}.cpp)
endif()
