// What the mapper's files share. Private to mapper.cpp (one event: judged) and mapper_write.cpp (written; members of a batch).
#pragma once
#include <bitset>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "event/mapper.hpp"
#include "event/render.hpp"
#include "event/text.hpp"
#include "event/unreadable.hpp"
#include "event/unwrap.hpp"
#include "sca/views.hpp"

namespace snap::event {

struct mapper::impl {
  explicit impl(const config::settings& s);

  static void freeze(program& p) {
    unwrapper::add_signs(p.from.value_paths);
    p.from.freeze();
  }

  const config::settings& settings;
  program rules;
  key_counters counts;
  unwrapper unwrap;
  reader read;
  renderer render;
  std::size_t envelope;
  sha256_hex hash;
  writer text;
  mapped answer;
  std::vector<output> outputs;
  std::deque<std::string> ids;        // of outputs; a deque's members stay where they are
  std::optional<std::size_t> member;  // of a batch
  // Names of the batch's members before this one, and the ids that the batch has without a member, by plan.
  std::bitset<event_name_count> names_before;
  std::vector<std::pair<const plan*, std::string>> batch_ids;
  std::vector<member_count> skipped;  // of all batches
  std::string message, folded, phone_country, own_name, kind;
  std::span<const event_name> targets;
  event_name other_target = event_name::other;
  enum class name_is : std::uint8_t { event, call } named_by = name_is::event;  // of a track call; of any other
  trace* tracing = nullptr;

  // What is known about the record once it has passed the checks that come before the event-specific ones.
  struct judged {
    decision event;
    std::uint32_t lane = 0;
    std::chrono::milliseconds max_age{};
  };

  bool end(fate what, stage where, code why, std::string why_text) {
    message = std::move(why_text);
    answer.what = what;
    answer.where = where;
    answer.why = why;
    answer.message = message;
    return false;
  }
  bool refuse(code why, std::string why_text, fate what = fate::reject) {
    if (unwrap.converted()) why_text += hint_of_converter(why);
    return end(what, stage::map, why, std::move(why_text));
  }

  bool decode(const sca_record& record);
  bool tombstone();
  bool consent(judged& j);
  bool integrations();
  bool left_out();
  bool read_kind();
  bool name();
  [[nodiscard]] std::string unknown_name() const;
  bool action_source(judged& j);
  bool time_and_age(judged& j, time_point now);
  bool asset(judged& j);
  [[nodiscard]] std::string known_aliases() const;
  bool explain_name(bool known);
  void explain_id(const judged& j);
  bool judge(judged& j, time_point now);
  void event_id(std::size_t n, const plan& p, const sca_record& record, std::string& id);
  [[nodiscard]] json::value own_id(const plan& p);
  [[nodiscard]] bool shares_id(event_name target, const plan& p, std::string_view id);
  [[nodiscard]] bool any_of_words(compiled c, std::span<const std::string> words);
  void read_phone_country(judged& j);
  bool write(judged& j, const sca_record& record, std::string& out);
  bool map_event(const sca_record& record, time_point now, std::string& out);
  [[nodiscard]] bool is_batch();
  bool map_members(const sca_record& record, time_point now, std::string& out);
  void skip_member(code why);
  void explain_member(bool sent);
};

}  // namespace snap::event
