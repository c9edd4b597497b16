# tools/packages.sh writes the checksum of the source archive here.
vcpkg_download_distfile(
  ARCHIVE
  URLS "https://mote.example/mote-${VERSION}.tar.gz"
  FILENAME "mote-${VERSION}.tar.gz"
  SHA512 @SHA512@)
vcpkg_extract_source_archive(SOURCE_PATH ARCHIVE "${ARCHIVE}")

vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DMOTE_BUILD_TOOLS=OFF -DMOTE_BUILD_TESTS=OFF -DMOTE_INSTALL=ON
          "-DMOTE_xsimd_INCLUDE=${CURRENT_INSTALLED_DIR}/include")
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/mote)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
