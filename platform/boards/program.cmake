# mote_program(NAME SOURCE…): a C program with the console of console.h, linked with mote. For a bare-metal target it is
# firmware for the board MOTE_BOARD, with the start-up code that the toolchain file names in mote_startup and with a linker
# script; ctest runs it under emulation.
function(mote_program name)
  set(boards ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  add_executable(${name} ${ARGN} ${boards}/console.c)
  target_include_directories(${name} PRIVATE ${boards})
  target_link_libraries(${name} PRIVATE mote)
  if(CMAKE_SYSTEM_NAME STREQUAL "Generic")
    set(scripts ${boards}/${MOTE_BOARD}/memory.ld ${boards}/sections.ld)
    target_sources(${name} PRIVATE ${boards}/${mote_startup} ${boards}/startup.c ${boards}/semihosting.c)
    target_link_options(${name} PRIVATE -nostartfiles -L${boards} -T${boards}/${MOTE_BOARD}/memory.ld
                                        LINKER:--gc-sections)
    set_target_properties(${name} PROPERTIES SUFFIX .elf LINK_DEPENDS "${scripts}" LINKER_LANGUAGE C)
  else()
    target_sources(${name} PRIVATE ${boards}/console_host.c)
  endif()
  if(COMMAND mote_strict) # a project outside this one has other rules
    mote_strict(${name})
  endif()
endfunction()
