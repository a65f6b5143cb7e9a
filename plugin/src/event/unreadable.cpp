#include "event/unreadable.hpp"

#include <algorithm>

#include "event/text.hpp"
#include "sca/views.hpp"

namespace snap::event {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_binary(std::string_view bytes) {
  constexpr std::size_t looked_at = 32;
  if (bytes.starts_with(byte_order_mark)) return false;
  if (!bytes.empty() && static_cast<unsigned char>(bytes.front()) >= 0x80) return true;
  const std::string_view head = bytes.substr(0, looked_at);
  return std::any_of(head.begin(), head.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' && !is_space(c); });
}

// Confluent's second framing keeps the schema's GUID in a header: a version byte of 1 and 16 bytes.
std::string guid(std::string_view header) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (header.size() != 17 || header.front() != '\1') return {};
  std::string out;
  for (std::size_t i = 1; i < header.size(); ++i) {
    if (i == 5 || i == 7 || i == 9 || i == 11) out += '-';
    const auto byte = static_cast<unsigned char>(header[i]);
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

}  // namespace

std::string_view last_header(const sca_record& record, std::string_view name) noexcept {
  for (std::size_t i = record.header_count; i-- > 0;) {
    const sca_header& h = record.headers[i];
    if (sca::view(h.key) == name) return sca::view(h.value).value_or(std::string_view{});
  }
  return {};
}

std::string hint_of_bytes(const sca_record& record, std::string_view bytes, config::envelope mode) {
  std::string out;
  const bool takes_framing = mode == config::envelope::detect || mode == config::envelope::confluent;
  if (!takes_framing && bytes.starts_with('\0')) {
    out += "; it begins with Confluent's schema id, which record.envelope=auto or confluent takes off";
  } else if (is_binary(bytes)) {
    out += "; it is binary (Avro, Protobuf, compressed …): read it with the converter that wrote it, or write JSON";
  } else if (!trim(bytes).starts_with('{') && bytes.find('\t') != std::string_view::npos) {
    out += "; lines with tabs, such as Snowplow's enriched format, have to be made JSON first";
  }
  if (const std::string_view type = last_header(record, "content-type"); !type.empty() && !is_json_type(type)) {
    out += "; its header says content-type " + in_quotes(type);
  }
  if (const std::string_view id = last_header(record, "__value_schema_id"); !id.empty()) {
    const std::string schema = guid(id);
    out += "; its header __value_schema_id says that it belongs to a schema registry" +
           (schema.empty() ? std::string{} : " (schema " + schema + ")") + ": read it with that registry's converter";
  }
  return out;
}

std::string_view hint_of_converter(code why) noexcept {
  if (why == code::value_invalid) {
    return "; decimals arrive as base64 unless JsonConverter has decimal.format=NUMERIC, or Debezium "
           "decimal.handling.mode=string";
  }
  if (why == code::event_time_invalid) {
    return "; io.debezium.time.Date counts days and NanoTimestamp nanoseconds: with time.precision.mode=connect Debezium writes "
           "milliseconds";
  }
  return {};
}

}  // namespace snap::event
