# What `cmake --install` puts where, and how others find it: mote::mote for CMake, mote.pc for pkg-config. Both find the
# library from their own place, so the prefix may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(mote_package ${CMAKE_INSTALL_LIBDIR}/cmake/mote)
set(mote_pkgconfig ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

file(GLOB mote_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/mote*.h)
install(FILES ${mote_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS mote EXPORT mote-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT mote-targets NAMESPACE mote:: DESTINATION ${mote_package})
# Optional, as a build of the library alone may be installed too.
if(MOTE_BUILD_TOOLS)
    install(PROGRAMS $<TARGET_FILE:mote_cli> DESTINATION ${CMAKE_INSTALL_BINDIR} OPTIONAL)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/mote-config.cmake.in ${PROJECT_BINARY_DIR}/mote-config.cmake
                              INSTALL_DESTINATION ${mote_package}
                              NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Before 1.0 a minor version may change the API.
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(mote_compatibility SameMinorVersion)
else()
    set(mote_compatibility SameMajorVersion)
endif()
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mote-config-version.cmake COMPATIBILITY ${mote_compatibility})
install(FILES ${PROJECT_BINARY_DIR}/mote-config.cmake ${PROJECT_BINARY_DIR}/mote-config-version.cmake
        DESTINATION ${mote_package})

# A directory given as an absolute path stays where it is, whatever happens to the prefix.
function(mote_pc_directory result directory)
    if(IS_ABSOLUTE ${directory})
        set(${result} ${directory} PARENT_SCOPE)
    else()
        set(${result} "\${prefix}/${directory}" PARENT_SCOPE)
    endif()
endfunction()
mote_pc_directory(mote_pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})
mote_pc_directory(mote_pc_libdir ${CMAKE_INSTALL_LIBDIR})
if(IS_ABSOLUTE ${mote_pkgconfig})
    set(mote_pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
    file(RELATIVE_PATH mote_pc_up /prefix/${mote_pkgconfig} /prefix)
    string(REGEX REPLACE "/+$" "" mote_pc_up "${mote_pc_up}")
    set(mote_pc_prefix "\${pcfiledir}/${mote_pc_up}")
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/mote.pc.in ${PROJECT_BINARY_DIR}/mote.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/mote.pc DESTINATION ${mote_pkgconfig})

# `cpack` makes an archive of what is installed.
if(PROJECT_IS_TOP_LEVEL)
    set(CPACK_GENERATOR TGZ)
    set(CPACK_PACKAGE_VENDOR "The mote authors")
    set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
    set(CPACK_PACKAGE_FILE_NAME mote-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
    include(CPack)
endif()
