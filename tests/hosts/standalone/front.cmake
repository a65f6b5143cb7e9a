# The front half of sink-host: configuration, herder, REST as functions (unit) and over real sockets (net).
find_package(fmt REQUIRED)
sink_find_boost_json()
set(front_support front_support.cpp front_echo_plugin.cpp)
sink_test(NAME unit_host_front LABEL unit
  SOURCES
    ${front_support}
    front_cli_test.cpp
    front_config_providers_test.cpp
    front_connector_json_test.cpp
    front_herder_test.cpp
    front_json_slice_test.cpp
    front_masking_test.cpp
    front_output_test.cpp
    front_preview_test.cpp
    front_properties_test.cpp
    front_rest_connectors_test.cpp
    front_rest_plugins_test.cpp
    front_signals_test.cpp
    front_state_store_test.cpp
    front_validation_test.cpp
  LIBS sinkhost_front sink_boost_json fmt::fmt)

find_package(OpenSSL 3.0 REQUIRED)
sink_test(NAME net_host_front LABEL net
  SOURCES ${front_support} front_rest_server_test.cpp
  LIBS sinkhost_front OpenSSL::SSL fmt::fmt)
sink_watched_libraries(net_host_front)
