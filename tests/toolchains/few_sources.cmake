# Read where the project mote begins (CMAKE_PROJECT_mote_INCLUDE): of the library's sources it keeps one that a program can
# be linked with, and those of platform/cpu, which CMake lists elsewhere. The flags of the others are the same.
function(keep_few_sources)
  get_target_property(sources mote SOURCES)
  list(FILTER sources INCLUDE REGEX "/(library|kernels_[a-z0-9]+)\\.cpp$")
  set_target_properties(mote PROPERTIES SOURCES "${sources}")
endfunction()
cmake_language(DEFER CALL keep_few_sources)
