# `cmake --install` gives headers, libraries and what `find_package(cfcsim)` needs.
include(CMakePackageConfigHelpers)

foreach(folder golden sc_model explore)
  install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cfcsim
          FILES_MATCHING PATTERN "*.h")
endforeach()
install(EXPORT cfcsimTargets NAMESPACE cfc:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cfcsim)
configure_package_config_file(
  cmake/cfcsimConfig.cmake.in ${PROJECT_BINARY_DIR}/cfcsimConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cfcsim)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cfcsimConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cfcsimConfig.cmake
              ${PROJECT_BINARY_DIR}/cfcsimConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cfcsim)
