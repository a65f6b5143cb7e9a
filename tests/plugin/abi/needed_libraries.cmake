# cmake -DREADELF=readelf -DLIBRARY=lib….so -P needed_libraries.cmake: OpenSSL and the run-time are dynamic, all else is static and
# hidden. A library that slips in would have to be installed on every worker, and could be hijacked by the host's copy.
execute_process(COMMAND ${READELF} -d ${LIBRARY} OUTPUT_VARIABLE dynamic RESULT_VARIABLE failed)
string(REGEX MATCHALL "\\(NEEDED\\)[^\n]*\\[[^]]+\\]" needed "${dynamic}")
if(failed OR NOT needed)
  message(FATAL_ERROR "cannot read ${LIBRARY}")
endif()
foreach(line IN LISTS needed)
  string(REGEX REPLACE ".*\\[(.*)\\]" "\\1" name "${line}")
  if(NOT name MATCHES "^(libssl\\.so\\.3|libcrypto\\.so\\.3|libstdc\\+\\+\\.so\\.6|libgcc_s\\.so\\.1|libc\\.so\\.6|libm\\.so\\.6|ld-linux.*|lib[atu]+san\\.so.*)$")
    message(FATAL_ERROR "${LIBRARY} needs ${name}, which should be linked statically")
  endif()
endforeach()
