# sink_connector_library(target): turns a shared (or module) library into a sink connector plugin, lib/lib<target>.so.
#
# Hidden visibility alone still leaks templates' statics as STB_GNU_UNIQUE symbols: the plugin would share them with its host and
# could never be unloaded. The version script leaves exactly one symbol. -z defs finds a missing library at link time, not in
# production; -z now does the same for a missing function.
set(SINK_CONNECTOR_VERSION_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/sink_connector.map" CACHE INTERNAL "exports of a plugin")

function(sink_connector_library target)
  set_target_properties(${target} PROPERTIES
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON
    PREFIX lib
    OUTPUT_NAME "${target}"
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib"
    LINK_DEPENDS "${SINK_CONNECTOR_VERSION_SCRIPT}")
  target_link_options(${target} PRIVATE
    "LINKER:--version-script=${SINK_CONNECTOR_VERSION_SCRIPT}"
    "LINKER:-z,now" "LINKER:-z,relro")
  # A sanitizer's run-time is in the program, not in the library: there symbols stay open until load.
  if(NOT SINK_SANITIZE)
    target_link_options(${target} PRIVATE "LINKER:-z,defs")
  endif()
endfunction()
