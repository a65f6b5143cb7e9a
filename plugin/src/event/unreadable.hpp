// For people: what bytes that are no JSON seem to be, and what could read them - a converter, a registry, a setting. Also why
// numbers that a converter wrote are not what they seem. Pure; used by unwrap and the mapper when a record is refused.
#pragma once
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "event/codes.hpp"
#include "sca/sink_connector.h"

namespace snap::event {

// "" or text that goes on after the error: "; its content-type is …". Foreign text in it is bounded and printable.
[[nodiscard]] std::string hint_of_bytes(const sca_record& record, std::string_view bytes, config::envelope mode);

// After Connect's schema or Debezium: how their forms of numbers and times become ones that can be read. "" of other codes.
[[nodiscard]] std::string_view hint_of_converter(code why) noexcept;

// The last header of that name, as in Kafka Connect's lastWithName; "" when there is none.
[[nodiscard]] std::string_view last_header(const sca_record& record, std::string_view name) noexcept;

}  // namespace snap::event
