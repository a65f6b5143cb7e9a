#include "preview_record.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "json_slice.hpp"

namespace sinkhost {
namespace {

sca::error invalid(std::string message) { return sca::fail(SCA_INVALID_CONFIG, std::move(message)); }

// The bytes a record has for a JSON value; nullopt: null.
sca::result<std::optional<std::string>> bytes_of(const json_item& item) {
  if (item.kind == json_kind::null) return std::optional<std::string>{};
  if (item.kind != json_kind::string) return std::optional<std::string>{item.raw};
  auto text = unquote(item.raw);
  if (!text) return text.error();
  return std::optional<std::string>{std::move(*text)};
}

sca::result<std::int64_t> integer(const json_member& member, std::int64_t low, std::int64_t high) {
  std::int64_t out = 0;
  const std::string_view raw = member.value.raw;
  const auto [end, why] = std::from_chars(raw.data(), raw.data() + raw.size(), out);
  if (member.value.kind != json_kind::number || why != std::errc{} || end != raw.data() + raw.size() || out < low || out > high) {
    return invalid(fmt::format("\"{}\" must be a whole number from {} to {}", member.name, low, high));
  }
  return sca::result<std::int64_t>(boost::system::in_place_value, out);  // an sca::error could be made of a number too
}

sca::result<std::optional<std::string>> base64(const json_member& member) {
  if (member.value.kind == json_kind::null) return std::optional<std::string>{};
  auto text = member.value.kind == json_kind::string ? unquote(member.value.raw) : sca::result<std::string>(invalid(""));
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto not_base64 = [&] { return invalid(fmt::format("\"{}\" must be a string of base64, padded", member.name)); };
  if (!text || text->size() % 4 != 0) return not_base64();
  const std::size_t letters = std::min(text->find('='), text->size());
  const std::size_t padding = text->size() - letters;
  const bool clean =
      text->find_first_not_of(alphabet) >= letters && padding <= 2 && text->find_first_not_of('=', letters) == std::string::npos;
  if (!clean) return not_base64();
  std::string out(text->size() / 4 * 3, '\0');
  const int n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                reinterpret_cast<const unsigned char*>(text->data()), static_cast<int>(text->size()));
  if (n < 0) return not_base64();
  out.resize(static_cast<std::size_t>(n) - padding);  // EVP_DecodeBlock counts the padding as zero bytes
  return std::optional<std::string>{std::move(out)};
}

sca::result<void> read_headers(const json_member& member, preview_record& out) {
  if (member.value.kind == json_kind::null) return {};
  const auto members = slice_object(member.value.raw);
  if (!members) return invalid("\"headers\" must be an object, {\"name\":\"value\"}");
  out.headers.clear();
  for (const json_member& header : *members) {
    auto bytes = bytes_of(header.value);
    if (!bytes) return bytes.error();
    out.headers.emplace_back(header.name, std::move(*bytes));
  }
  return {};
}

// One member of the line. Each branch is one member's name and reading.
sca::result<void> read_member(const json_member& member, preview_record& out, bool& has_value) {
  const auto keep = [&](auto read, auto& to) -> sca::result<void> {
    if (!read) return read.error();
    to = std::move(*read);
    return {};
  };
  constexpr auto max = std::numeric_limits<std::int64_t>::max();
  if (member.name == "value" || member.name == "value_base64") {
    has_value = true;
    return keep(member.name == "value" ? bytes_of(member.value) : base64(member), out.value);
  }
  if (member.name == "key") return keep(bytes_of(member.value), out.key);
  if (member.name == "key_base64") return keep(base64(member), out.key);
  if (member.name == "headers") return read_headers(member, out);
  if (member.name == "offset") return keep(integer(member, 0, max - 1), out.offset);
  if (member.name == "timestamp") {
    if (member.value.kind == json_kind::null) return {};
    return keep(integer(member, 0, max), out.timestamp);
  }
  if (member.name == "partition") {
    const auto read = integer(member, 0, std::numeric_limits<std::int32_t>::max());
    if (!read) return read.error();
    out.partition = static_cast<std::int32_t>(*read);
    return {};
  }
  if (member.name == "topic") {
    if (member.value.kind != json_kind::string) return invalid("\"topic\" must be a string");
    return keep(unquote(member.value.raw), out.topic);
  }
  out.ignored.push_back(member.name);
  return {};
}

}  // namespace

sca::result<preview_record> parse_record(std::string_view json, const record_defaults& defaults) {
  const auto members = slice_object(json);
  if (!members) return members.error();
  preview_record out;
  out.topic = defaults.topic;
  out.offset = defaults.offset;
  bool has_value = false;
  for (const json_member& member : *members) {
    if (auto read = read_member(member, out, has_value); !read) return read.error();
  }
  if (!has_value) return invalid("\"value\" is missing (or \"value_base64\"); a tombstone is \"value\":null");
  return out;
}

}  // namespace sinkhost
