# Settings that every target of this tree shares. Linking `sink_build` brings warnings, sanitizers and the language level.
include(GNUInstallDirs)

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
  set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(sink_build INTERFACE)
target_compile_features(sink_build INTERFACE cxx_std_20)
target_compile_options(sink_build INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual>
  # gcc 12 at -O2 takes std::string's own copies for overlapping ones: https://gcc.gnu.org/PR105651.
  $<$<AND:$<CONFIG:Release>,$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  $<$<BOOL:${SINK_DEVELOPER}>:-Werror>
  -fstack-protector-strong
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(sink_build INTERFACE -fcf-protection=full)
endif()
target_link_options(sink_build INTERFACE -Wl,-z,relro -Wl,-z,now)
if(SINK_SANITIZE)
  list(JOIN SINK_SANITIZE "," sink_sanitizers)
  target_compile_options(sink_build INTERFACE -fsanitize=${sink_sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(sink_build INTERFACE -fsanitize=${sink_sanitizers})
  if("thread" IN_LIST SINK_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(sink_build INTERFACE -Wno-tsan) # gcc warns that it cannot model atomic_thread_fence, which Asio uses
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(sink_build INTERFACE -Wno-maybe-uninitialized) # gcc 12's false alarms in instrumented std::function
  endif()
endif()
if(SINK_COVERAGE)
  target_compile_options(sink_build INTERFACE --coverage)
  target_link_options(sink_build INTERFACE --coverage)
endif()

# sink_find_boost(): headers and Boost.JSON of the pinned line. Debian 12 also has 1.74, whose Beast and JSON lack what is used here.
macro(sink_find_boost)
  if(NOT TARGET sink_boost)
    find_package(Boost 1.81 REQUIRED)
    add_library(sink_boost INTERFACE)
    # SYSTEM: warnings inside Boost's headers are not ours to mend
    target_include_directories(sink_boost SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
    target_compile_definitions(sink_boost INTERFACE BOOST_ALL_NO_LIB BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_USE_STD_STRING_VIEW)
  endif()
endmacro()

# Limits of tests are for a plain build. A sanitizer's is several times slower, above all on a machine with other work to do.
set(patience 1)
if(SINK_SANITIZE)
  set(patience 4)
endif()
set(SINK_PATIENCE ${patience} CACHE STRING "how many times as long as in a plain build a test may take")

# sink_test_limit(SECONDS TEST…)
function(sink_test_limit seconds)
  math(EXPR limit "${seconds} * ${SINK_PATIENCE}")
  set_tests_properties(${ARGN} PROPERTIES TIMEOUT ${limit})
endfunction()

# sink_test(NAME unit_x LABEL unit SOURCES … LIBS …): a Catch2 executable, one CTest test per test case.
function(sink_test)
  cmake_parse_arguments(arg "" "NAME;LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBS} sink_test_main)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  math(EXPR limit "${arg_TIMEOUT} * ${SINK_PATIENCE}")
  include(Catch)
  catch_discover_tests(${arg_NAME} TEST_PREFIX "${arg_NAME}: " DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${limit})
endfunction()

# sink_boost_json: Boost.JSON compiled here, hidden and position independent, so that libraries and hosts carry their own copy.
# Debian's static one is not built for shared objects, and its shared one would be a run-time dependency of the plugin.
macro(sink_find_boost_json)
  sink_find_boost()
  if(NOT TARGET sink_boost_json)
    file(WRITE "${CMAKE_BINARY_DIR}/boost_json.cpp.in" "#include <boost/json/src.hpp>\n")
    file(COPY_FILE "${CMAKE_BINARY_DIR}/boost_json.cpp.in" "${CMAKE_BINARY_DIR}/boost_json.cpp" ONLY_IF_DIFFERENT)
    add_library(sink_boost_json STATIC "${CMAKE_BINARY_DIR}/boost_json.cpp")
    target_compile_features(sink_boost_json PUBLIC cxx_std_20)
    target_link_libraries(sink_boost_json PUBLIC sink_boost)
  endif()
endmacro()
