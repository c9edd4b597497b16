# mote_test(NAME LABELS COMMAND ARGUMENT…): a test with its labels, one or more of
#
#   lint     what is held of the sources themselves        archive  symbols, sections, stack; the installed library
#   unit     the library and the kernels                   convert  readers and writers of other formats
#   bits     the same bits on every target                 cli      the program mote
#
# and `slow` for what the short form leaves out. Exit status 77 means skipped; the reason is the last line of the output.
# The targets among the arguments are built by the target short_tests, unless the test is slow.
function(mote_test name labels)
  add_test(NAME "${name}" COMMAND ${ARGN})
  set_tests_properties("${name}" PROPERTIES LABELS "${labels}" SKIP_RETURN_CODE 77 TIMEOUT 7200)
  set_property(GLOBAL APPEND PROPERTY MOTE_LABELLED "${name}")
  if("slow" IN_LIST labels)
    return()
  endif()
  string(REGEX MATCHALL "TARGET_FILE:[A-Za-z0-9_]+" targets "${ARGN}")
  list(TRANSFORM targets REPLACE "TARGET_FILE:" "")
  list(GET ARGN 0 command)
  if(TARGET ${command})
    list(APPEND targets ${command})
  endif()
  set_property(GLOBAL APPEND PROPERTY MOTE_SHORT_TESTS ${targets})
endfunction()

# The label of what the host's build by GCC shows already: other builds leave it to the long form.
set(repeated "")
if(CMAKE_CROSSCOMPILING OR MOTE_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(repeated slow)
endif()

# A test without a label is an error: the runner could not choose it.
function(mote_check_labels folder)
  get_property(labelled GLOBAL PROPERTY MOTE_LABELLED)
  get_property(tests DIRECTORY ${folder} PROPERTY TESTS)
  foreach(test IN LISTS tests)
    if(NOT test IN_LIST labelled)
      message(FATAL_ERROR "The test \"${test}\" has no label; add it with mote_test (tests/testing.cmake)")
    endif()
  endforeach()
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(child IN LISTS folders)
    mote_check_labels(${child})
  endforeach()
endfunction()

# mote_short_tests(): the target that builds what the tests of the short form run.
function(mote_short_tests)
  mote_check_labels(${CMAKE_CURRENT_SOURCE_DIR})
  get_property(targets GLOBAL PROPERTY MOTE_SHORT_TESTS)
  list(REMOVE_DUPLICATES targets)
  add_custom_target(short_tests DEPENDS ${targets})
endfunction()
