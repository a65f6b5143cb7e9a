// Finds the event inside what wraps it on the topic: Confluent framing, Connect's schema and payload, Debezium, CloudEvents, JSON
// text in a JSON text (record.envelope; source-formats.md §6). A plain record is decoded once and pays for a comparison of a few
// bits; an envelope is decoded again from its payload on. One per mapper.
#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "event/codes.hpp"
#include "event/json/decoder.hpp"
#include "event/source.hpp"
#include "sca/sink_connector.h"

namespace snap::event {

class unwrapper {
 public:
  enum class outcome : std::uint8_t { object, tombstone, skipped, refused };

  // Before the paths are frozen: what of a value's root tells that it is an envelope.
  static void add_signs(json::path_set& value_paths);

  unwrapper(const json::path_set& value_paths, config::envelope mode, config::snapshot_rows snapshot);

  // Of `object`, result() is the event's. Of `skipped` and `refused`, why() and text() say the reason.
  [[nodiscard]] outcome open(const sca_record& record);
  [[nodiscard]] const json::decoded& result() const noexcept { return event_.result(); }
  [[nodiscard]] json::decoded& result() noexcept { return event_.result(); }
  [[nodiscard]] std::span<const pseudo_header> attributes() const noexcept { return attributes_; }
  // Was there Connect's schema or Debezium around it? Then numbers and times may have their converters' forms.
  [[nodiscard]] bool converted() const noexcept { return converted_; }
  [[nodiscard]] code why() const noexcept { return why_; }
  [[nodiscard]] std::string& text() noexcept { return text_; }

 private:
  enum class layer : std::uint8_t { event, connect, debezium, deleted_row, cloudevent };
  static constexpr std::size_t most_layers = 3;

  outcome refuse(code why, std::string text, outcome what = outcome::refused);
  outcome syntax_error(const sca_record& record, std::string_view bytes, const json::decode_error& e);
  [[nodiscard]] std::string hint_of_data() const;
  bool read_content_type(const sca_record& record);
  // Takes framing off; false when the bytes are no JSON.
  bool unframe(std::string_view& bytes);
  [[nodiscard]] layer detect(std::string_view bytes);
  // Goes one layer in; `object` means that the event is to be decoded again.
  outcome enter(layer l, std::string_view& bytes, std::size_t depth);
  [[nodiscard]] bool is_new_event(const json::value& op);
  void keep_attributes(const json::decoded& d);

  config::envelope mode_;
  config::snapshot_rows snapshot_;
  json::path_set facts_paths_;
  std::array<std::uint32_t, 13> facts_{};  // slots in facts_paths_, by fact
  json::decoder event_;
  std::vector<json::decoder> facts_decoder_;  // made when the first envelope is seen
  std::vector<std::string_view> inside_;
  std::array<std::string, most_layers> texts_;
  std::vector<pseudo_header> attributes_;
  std::string data_type_;         // of a CloudEvent
  bool says_cloudevent_ = false;  // the header content-type
  bool converted_ = false;
  code why_ = code::record_not_json;
  std::string text_;
};

}  // namespace snap::event
