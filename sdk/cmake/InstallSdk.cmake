# What `cmake --install` gives: headers, static libraries, sca-conformance and a package for find_package(SinkConnectorSdk).
# The package's version is the version of the ABI, read out of the header: one source of truth.
include(CMakePackageConfigHelpers)

file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/include/sca/sink_connector.h" lines REGEX "#define SCA_ABI_(MAJOR|MINOR) ")
foreach(part MAJOR MINOR)
  if(NOT lines MATCHES "SCA_ABI_${part} ([0-9]+)u")
    message(FATAL_ERROR "sink_connector.h has no SCA_ABI_${part}")
  endif()
  set(SCA_ABI_${part} "${CMAKE_MATCH_1}")
endforeach()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/SinkConnectorSdk")
set(SINK_BOOST_VERSION 1.81)
configure_package_config_file(cmake/SinkConnectorSdkConfig.cmake.in SinkConnectorSdkConfig.cmake INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(SinkConnectorSdkConfigVersion.cmake
  VERSION "${SCA_ABI_MAJOR}.${SCA_ABI_MINOR}.0" COMPATIBILITY SameMajorVersion)

foreach(name abi sdk host testing)
  if(TARGET sca_${name})  # testing is left out of releases
    set_target_properties(sca_${name} PROPERTIES EXPORT_NAME ${name})
    install(TARGETS sca_${name} EXPORT SinkConnectorSdk ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT sdk)
  endif()
endforeach()
install(EXPORT SinkConnectorSdk NAMESPACE SinkConnectorSdk:: FILE SinkConnectorSdkTargets.cmake
  DESTINATION "${package_dir}" COMPONENT sdk)
install(DIRECTORY include/sca DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT sdk)
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/SinkConnectorSdkConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/SinkConnectorSdkConfigVersion.cmake"
    cmake/SinkConnectorLibrary.cmake cmake/sink_connector.map
  DESTINATION "${package_dir}" COMPONENT sdk)
if(TARGET sca_testing)
  install(DIRECTORY testing/include/sca DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT sdk)
  install(TARGETS sca-conformance RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT sdk)
endif()
