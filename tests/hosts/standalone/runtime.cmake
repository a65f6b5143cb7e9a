# The runtime half of sink-host. Pure parts are `unit`; those on librdkafka's mock cluster are `e2e`, because a group takes seconds to form.
sink_test(NAME unit_sinkhost_runtime LABEL unit
  SOURCES
    runtime_back_pressure_test.cpp
    runtime_commit_schedule_test.cpp
    runtime_dead_letter_headers_test.cpp
    runtime_error_options_test.cpp
    runtime_fetch_pace_test.cpp
    runtime_host_keys_test.cpp
    runtime_kafka_config_test.cpp
    runtime_stats_test.cpp
    runtime_task_report_test.cpp
  LIBS sinkhost_runtime)

sink_test(NAME e2e_sinkhost_runtime LABEL e2e TIMEOUT 90
  SOURCES
    runtime_broker_test.cpp
    runtime_consumer_test.cpp
    runtime_dead_letters_test.cpp
    runtime_delivery_test.cpp
    runtime_offsets_test.cpp
    runtime_rebalance_test.cpp
    runtime_stop_test.cpp
    runtime_support.cpp
    runtime_test_sink.cpp
  LIBS sinkhost_runtime)
sink_watched_libraries(e2e_sinkhost_runtime)
