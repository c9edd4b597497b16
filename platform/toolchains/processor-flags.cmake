# Compiles and links everything with the flags in mote_processor_flags. They are options of the directory, and not in
# CMAKE_<LANG>_FLAGS: those belong to the user, and what sets them (a -D, CFLAGS, a toolchain file, a project) would
# replace flags that come from here. The linker needs them to choose among the compiler's libraries. CMake reads a
# toolchain file several times, also for try_compile, and gives a repeated option once.
separate_arguments(mote_processor_flags UNIX_COMMAND "${mote_processor_flags}")
add_compile_options(${mote_processor_flags})
add_link_options(${mote_processor_flags})
