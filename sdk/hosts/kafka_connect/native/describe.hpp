// A library's connectors, their key tables and their judgement of a configuration, packed for Java. Pure but for the library's
// own functions; any thread.
#pragma once
#include <span>
#include <string>

#include "sca/loader.hpp"
#include "sca/status.hpp"

namespace sca::jni {

// i32 connectors, each: text id | text alias | text version | text description | i32 keys, each:
//   text name | i32 type | i32 flags | i32 importance | text doc | text group | text display name | text replaced by
//   | i32 has default, text default | f64 min | f64 max | i32 valid values, texts
[[nodiscard]] std::string describe(const library& plugin);

// i32 issues, each: i32 severity | text key | text code | text message
[[nodiscard]] result<std::string> validate(const sca_connector& connector, std::span<const sca_pair> config);

}  // namespace sca::jni
