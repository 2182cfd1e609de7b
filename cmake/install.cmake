# `cmake --install` gives the programs, and what `find_package(cfcsim)` needs: the libraries on which
# a design or a study of one's own can stand, with their headers as <cfcsim/FOLDER/FILE.h>. What
# drives our own command and the compression flow stays inside.
include(CMakePackageConfigHelpers)

set(public_libraries
  support golden configuration
  sc_model_hardware sc_model_dcl sc_model_dil sc_model_mcm
  sc_model_layer_engine sc_model_layer_dense sc_model_layer_sequential sc_model_layer_streaming
  sc_model_layer sc_model
  explore_timing_engine explore_timing_dense explore_timing_sequential explore_timing_streaming
  explore_timing explore_workload explore_cost explore_silicon explore_sweep
  platform_bus platform_dram platform_accelerator platform_system)
set(internal_headers configuration_keys.h onnx_chain.h onnx_constants.h onnx_declarations.h
    onnx_graph.h sweep_schema.h)

foreach(library ${public_libraries})
  set_target_properties(cfc_${library} PROPERTIES EXPORT_NAME ${library})
  install(TARGETS cfc_${library} EXPORT cfcsimTargets)
endforeach()
set(left_out)
foreach(header ${internal_headers})
  list(APPEND left_out PATTERN ${header} EXCLUDE)
endforeach()
install(DIRECTORY golden configuration sc_model explore platform
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cfcsim
        FILES_MATCHING PATTERN "*.h" ${left_out})
install(DIRECTORY workloads DESTINATION ${CMAKE_INSTALL_DATADIR}/cfcsim)
install(FILES support/error.h support/sqlite.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cfcsim/support)
install(EXPORT cfcsimTargets NAMESPACE cfc:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cfcsim)
configure_package_config_file(
  cmake/cfcsimConfig.cmake.in ${PROJECT_BINARY_DIR}/cfcsimConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cfcsim)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cfcsimConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cfcsimConfig.cmake
              ${PROJECT_BINARY_DIR}/cfcsimConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cfcsim)
