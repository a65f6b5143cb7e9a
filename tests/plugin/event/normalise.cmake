# Match keys: unit tests, and the driver that compares phone numbers with an independent implementation (tests/oracle/phones.py).
sink_test(NAME unit_normalise LABEL unit
  SOURCES
    hash_test.cpp
    normalise_compat_test.cpp
    normalise_phone_test.cpp
    normalise_places_test.cpp
    normalise_text_test.cpp
    normalise_vectors_test.cpp
  LIBS snapchat_event sink_build)
target_compile_definitions(unit_normalise PRIVATE PHONES_TSV="${CMAKE_CURRENT_SOURCE_DIR}/data/phones.tsv")

add_executable(normalise_lines "${PROJECT_SOURCE_DIR}/tests/oracle/normalise_lines.cpp")
target_link_libraries(normalise_lines PRIVATE snapchat_event sink_build)
