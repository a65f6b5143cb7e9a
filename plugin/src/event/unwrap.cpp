#include "event/unwrap.hpp"

#include <openssl/evp.h>

#include "event/text.hpp"
#include "event/unreadable.hpp"
#include "sca/views.hpp"

namespace snap::event {
namespace {

enum sign : std::uint32_t {
  has_schema = 1,
  has_payload = 2,
  has_op = 4,
  has_source = 8,
  has_before = 16,
  has_after = 32,
  has_specversion = 64,
  has_id = 128,
  has_type = 256,
  has_deleted = 512,
};
constexpr std::array<std::string_view, 10> sign_names{"schema", "payload",     "op", "source", "before",
                                                      "after",  "specversion", "id", "type",   "__deleted"};
constexpr std::uint32_t connect_signs = has_schema | has_payload;
constexpr std::uint32_t cloudevent_signs = has_specversion | has_id | has_source | has_type;

// What is read of an envelope beside its payload. In the order of `facts_`.
enum fact : std::size_t {
  op,
  source,
  data_base64,
  id,
  time,
  type,
  specversion,
  schema,
  schema_type,
  deleted,
  row_op,
  data,
  data_type,
  fact_count
};
constexpr std::array<std::string_view, fact_count> fact_paths{
    "$.op",     "$.source",      "$.data_base64", "$.id",   "$.time", "$.type",           "$.specversion",
    "$.schema", "$.schema.type", "$.__deleted",   "$.__op", "$.data", "$.datacontenttype"};

bool text_of_object(std::string_view s) {
  s = trim(s);
  return s.starts_with('{');
}

bool decode_base64(std::string_view in, std::string& out) {
  if (in.size() % 4 != 0 || in.size() > (1U << 30U)) return false;
  out.resize(in.size() / 4 * 3);
  const int n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(in.data()),
                                static_cast<int>(in.size()));
  if (n < 0) return false;
  const std::size_t padding = in.ends_with("==") ? 2 : in.ends_with('=') ? 1 : 0;
  out.resize(static_cast<std::size_t>(n) - padding);
  return true;
}

}  // namespace

void unwrapper::add_signs(json::path_set& value_paths) {
  for (unsigned i = 0; i < sign_names.size(); ++i) value_paths.add_sign(sign_names[i], i);
}

unwrapper::unwrapper(const json::path_set& value_paths, config::envelope mode, config::snapshot_rows snapshot)
    : mode_(mode), snapshot_(snapshot), event_(value_paths) {
  static_assert(fact_count <= std::tuple_size_v<decltype(facts_)>);
  for (std::size_t f = 0; f < fact_count; ++f) {
    facts_[f] = facts_paths_.add(parse_expression(fact_paths[f]).value().alternatives[0].steps, json::want::scalar).at;
  }
  facts_paths_.freeze();
}

unwrapper::outcome unwrapper::refuse(code why, std::string text, outcome what) {
  why_ = why;
  text_ = std::move(text);
  return what;
}

unwrapper::outcome unwrapper::syntax_error(const sca_record& record, std::string_view bytes, const json::decode_error& e) {
  return refuse(code::record_not_json, "the value cannot be read as JSON: " + std::string(e.what) + " (near byte " +
                                           std::to_string(e.near) + ")" + hint_of_bytes(record, bytes, mode_) + hint_of_data());
}

std::string unwrapper::hint_of_data() const {
  if (data_type_.empty() || is_json_type(data_type_)) return {};
  return "; the CloudEvent's datacontenttype is " + in_quotes(data_type_) + ", and only JSON can be read";
}

// CloudEvents' own content type: with +json or nothing after it a JSON object follows, anything else is another format.
bool unwrapper::read_content_type(const sca_record& record) {
  constexpr std::string_view cloudevents = "application/cloudevents";
  says_cloudevent_ = false;
  if (record.header_count == 0 || (mode_ != config::envelope::detect && mode_ != config::envelope::cloudevents)) return true;
  const std::string_view all = last_header(record, "content-type");
  const std::string_view media = trim(all.substr(0, all.find(';')));
  if (media.size() < cloudevents.size() || !same_word(media.substr(0, cloudevents.size()), cloudevents)) return true;
  const std::string_view format = media.substr(cloudevents.size());
  says_cloudevent_ = format.empty() || same_word(format, "+json");
  if (says_cloudevent_) return true;
  refuse(code::record_not_json, "the value is a CloudEvent as " + in_quotes(media) +
                                    "; only single events in JSON (application/cloudevents+json) can be read");
  return false;
}

bool unwrapper::unframe(std::string_view& bytes) {
  if (mode_ != config::envelope::detect && mode_ != config::envelope::confluent) return true;
  if (bytes.size() > 5 && bytes[0] == '\0') {
    const std::string_view body = trim(bytes.substr(5));
    if (body.starts_with('{') || body.starts_with('[')) {
      bytes.remove_prefix(5);
      return true;
    }
    std::uint32_t schema_id = 0;
    for (std::size_t i = 1; i < 5; ++i) schema_id = schema_id << 8U | static_cast<unsigned char>(bytes[i]);
    refuse(code::record_not_json,
           "the value is Avro or Protobuf in Confluent's framing (schema id " + std::to_string(schema_id) +
               "); read it with AvroConverter or ProtobufConverter and its schema registry, or write JSON");
    return false;
  }
  if (bytes.size() > 18 && bytes[0] == '\x03' && (bytes[1] == '\0' || bytes[1] == '\x05')) {
    refuse(
        code::record_not_json,
        "the value is framed by AWS Glue's schema registry; read it with its converter (AWSKafkaAvroConverter), or write JSON");
    return false;
  }
  return true;
}

unwrapper::outcome unwrapper::open(const sca_record& record) {
  attributes_.clear();
  inside_.clear();
  data_type_.clear();
  converted_ = false;
  const std::string_view whole = sca::view(record.value).value_or(std::string_view{});
  std::string_view bytes = whole;
  if (!read_content_type(record) || !unframe(bytes)) return outcome::refused;
  if (!event_.decode(bytes)) return syntax_error(record, bytes, event_.error());
  const std::size_t framing = bytes.size() == whole.size() ? 0 : 1;
  for (std::size_t depth = framing; depth < most_layers && mode_ != config::envelope::none; ++depth) {
    const json::decoded& d = event_.result();
    if (d.root() == json::kind::string && (depth > 0 || mode_ == config::envelope::detect) && text_of_object(d.tape[0].text)) {
      texts_[depth] = d.tape[0].text;  // the parser's text dies with the next decode
      bytes = texts_[depth];
      inside_.clear();
    } else {
      const layer l = detect(bytes);
      if (l == layer::event) break;
      const outcome entered = enter(l, bytes, depth);
      if (entered != outcome::object) return entered;
    }
    if (!event_.decode(bytes, inside_)) return syntax_error(record, bytes, event_.error());
    const json::kind root = event_.result().root();
    if (root == json::kind::absent || root == json::kind::null) return outcome::tombstone;
  }
  if (event_.result().root() == json::kind::object) {
    if (event_.arrange()) return outcome::object;
    return refuse(code::record_not_json,
                  "a text of the value that should hold JSON cannot be read: " + std::string(event_.error().what));
  }
  return refuse(code::record_not_object, "the value is JSON, but not an object" + hint_of_data());
}

// The cheap part decides on bits that the decoder collected on its way; only when they fit the envelope is looked at.
unwrapper::layer unwrapper::detect(std::string_view bytes) {
  using config::envelope;
  const json::decoded& d = event_.result();
  if (d.root() != json::kind::object) return layer::event;
  const auto all = [&](std::uint32_t bits) { return (d.signs & bits) == bits; };
  const bool any = mode_ == envelope::detect, debezium_mode = any || mode_ == envelope::debezium;
  const bool connect = (debezium_mode || mode_ == envelope::connect) && d.root_members == 2 && all(connect_signs);
  const bool debezium = debezium_mode && all(has_op | has_source) && (d.signs & (has_before | has_after)) != 0;
  const bool deleted_row = debezium_mode && all(has_deleted);
  const bool cloudevent =
      (any || mode_ == envelope::cloudevents) && all(says_cloudevent_ ? std::uint32_t{has_specversion} : cloudevent_signs);
  if (!connect && !debezium && !deleted_row && !cloudevent) return layer::event;
  if (facts_decoder_.empty()) facts_decoder_.emplace_back(facts_paths_);
  if (!facts_decoder_[0].decode(bytes, inside_)) return layer::event;
  const json::decoded& f = facts_decoder_[0].result();
  const auto value = [&](fact which) { return f.single(facts_[which]); };
  if (connect) {
    const json::kind s = value(schema).what;
    if (s == json::kind::null || (s == json::kind::object && value(schema_type).present())) return layer::connect;
  }
  if (debezium && value(op).what == json::kind::string && value(op).text.size() == 1 &&
      value(source).what == json::kind::object) {
    return layer::debezium;
  }
  const bool has_attributes = says_cloudevent_ || (value(id).scalar() && value(type).scalar());
  if (cloudevent && value(specversion).what == json::kind::string && has_attributes) return layer::cloudevent;
  return deleted_row ? layer::deleted_row : layer::event;
}

unwrapper::outcome unwrapper::enter(layer l, std::string_view& bytes, std::size_t depth) {
  const json::decoded& f = facts_decoder_[0].result();
  const auto value = [&](fact which) { return f.single(facts_[which]); };
  switch (l) {
    case layer::event: break;
    case layer::connect:
      converted_ = true;
      inside_.emplace_back("payload");
      break;
    case layer::debezium:
      converted_ = true;
      if (!is_new_event(value(op))) return outcome::skipped;
      inside_.emplace_back("after");
      break;
    case layer::deleted_row:
      if (same_word(value(deleted).text, "true")) {
        return refuse(code::record_change_skipped, "a row that Debezium marks as deleted is no new event", outcome::skipped);
      }
      if (value(row_op).present() && !is_new_event(value(row_op))) return outcome::skipped;
      break;
    case layer::cloudevent: {
      keep_attributes(f);
      if (const json::value about = value(data_type); about.what == json::kind::string) data_type_ = about.text;
      const json::value coded = value(data_base64);
      if (value(data).present() || coded.what != json::kind::string) {
        inside_.emplace_back("data");
        break;
      }
      if (!decode_base64(coded.text, texts_[depth]))
        return refuse(code::record_not_json, "data_base64 of the CloudEvent is not base64");
      bytes = texts_[depth];
      inside_.clear();
    }
  }
  return outcome::object;
}

bool unwrapper::is_new_event(const json::value& change) {
  if (change.text == "c") return true;
  if (change.text != "r") {
    refuse(code::record_change_skipped, "a Debezium change that is not an insert (op c) is no new event");
    return false;
  }
  if (snapshot_ == config::snapshot_rows::send) return true;
  refuse(code::record_change_skipped,
         "a row that a Debezium snapshot reads (op r) is mapped with record.snapshot.rows=send only");
  return false;
}

void unwrapper::keep_attributes(const json::decoded& d) {
  static constexpr std::array<std::pair<std::string_view, fact>, 4> names{
      {{"ce_id", id}, {"ce_source", source}, {"ce_type", type}, {"ce_time", time}}};
  for (const auto& [name, which] : names) {
    if (const json::value v = d.single(facts_[which]); v.scalar()) attributes_.push_back({name, std::string(v.text)});
  }
}

}  // namespace snap::event
