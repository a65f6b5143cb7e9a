// A preset, the overrides and the settings, compiled: for each target event and action source the flat list of what is written,
// from which slots. Built once when the sink is configured; read-only afterwards.
#pragma once
#include <array>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "config/settings.hpp"
#include "event/event_name.hpp"
#include "event/field.hpp"
#include "event/preset/preset.hpp"
#include "event/source.hpp"
#include "event/trace.hpp"

namespace snap::event {

struct detail;

inline constexpr std::array<std::string_view, 3> source_names{"WEB", "MOBILE_APP", "OFFLINE"};  // of config::action_source

// Writes one member.
struct instruction {
  std::string_view member;  // ,"name":  ready to copy
  std::string_view name;    // the field's path, for messages
  compiled from;
  normalise::function by = nullptr;
  form as = form::text;
  from_lines lines = from_lines::nothing;  // when `from` finds nothing
  compiled otherwise;              // when those yield nothing either: the row's after_lines, default('…') of the override
  std::uint8_t key = 0;            // of match keys: their number, for the counters
  identity role = identity::none;  // of match keys
  bool needs_source = false;       // where `from` finds nothing, nothing is written and nothing is decided
  bool survives_strip = false;     // consent.denied=strip leaves it, or what is not personal of it
  const detail* more = nullptr;    // of match keys
};

struct condition {
  compiled from, unless, with, differs;
  std::vector<std::string> is;  // empty: any value
  bool always = false;          // there is no `from`
  std::string_view then;
  config::action_source source = config::action_source::web;  // `then` of action sources
  const choice* row = nullptr;                                // what it was compiled from, for explanations
};

// What only few match keys need, beside the instruction.
struct detail {
  std::vector<condition> only_if;
  compiled digests, unusable, url;
  std::string_view parameter;
  reading as = reading::as_it_is;
  take alternatives = take::first_present;
};

struct id_source {
  compiled from;
  std::vector<condition> only_if;
};

struct plan {
  std::vector<id_source> event_id;
  std::vector<instruction> root, user, custom, app;
  std::vector<instruction> custom_fields;  // members of custom_data.custom_fields by mapping.field.*
};

struct line_source {
  compiled cells;  // in a list: one value a row
  compiled single;
  std::string_view otherwise, single_otherwise;
};
enum class column : std::uint8_t { id, quantity, item_price, brand, category, delivery_category, line_total, count_ };
inline constexpr std::size_t column_count = static_cast<std::size_t>(column::count_);

struct folded_hash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
};
using name_table = std::unordered_map<std::string, std::vector<event_name>, folded_hash, std::equal_to<>>;

class program {
 public:
  explicit program(const config::settings& settings);  // settings outlive it

  [[nodiscard]] const plan& plan_for(event_name e, config::action_source s) const noexcept {
    return plans_[static_cast<std::size_t>(e) * 3 + static_cast<std::size_t>(s)];
  }
  // Targets of a folded name; empty: unknown.
  [[nodiscard]] std::span<const event_name> targets(std::string_view folded) const noexcept { return lookup(names_, folded); }
  [[nodiscard]] std::span<const event_name> call_targets(std::string_view folded) const noexcept {
    return lookup(calls_, folded);
  }
  // Which alternative of the field's expression answers for this record, and who wrote it. by is "" when none does.
  [[nodiscard]] trace_row explain(std::string_view field, compiled c, reader& read, blank_text blank) const;
  // One of its alternatives, by number.
  [[nodiscard]] trace_row explain(std::string_view field, compiled c, std::uint32_t number) const;
  // Who says what an event name becomes; table: the preset's, of events or of calls.
  [[nodiscard]] std::string name_rule(std::string_view folded, std::span<const name_row> table) const;
  // The evidence for an action source.
  [[nodiscard]] trace_row explain_source(config::action_source chosen, reader& read) const;
  [[nodiscard]] bool handles(std::string_view custom_member) const noexcept { return handled_.contains(custom_member); }

  sources from;
  const preset_table* preset;
  const config::mapping_settings* mapping;
  compiled name, call, time, consent, limited_use, asset_route, phone_country, source_override;
  compiled lines, pass_through, contents_override;
  std::vector<condition> action_source, source_aliases, platform, tracking, refused_tracking, limits, kinds, left_out;
  std::array<line_source, column_count> columns;
  struct position {
    compiled from, also;
    spelling as = spelling::as_it_is;
  };
  std::vector<position> extinfo;   // positions 1 to 15, or empty
  compiled members;                // the list of a batch
  std::vector<compiled> switches;  // integrations' members for Snapchat
  compiled all_integrations;
  std::vector<std::string_view> match_keys;

 private:
  struct draft {
    std::string_view field;
    std::string_view expression;
    from_lines lines = from_lines::nothing;
    const field_source* row = nullptr;
    enum : std::uint8_t { whole, override_alone, default_alone } piece = whole;  // of an override apart from rows with details
  };
  void arrange();
  void compile_ids(event_name e, config::action_source s, plan& out);
  void compile_names();
  void compile_lines();
  void compile_plans();
  void compile_plan(event_name e, config::action_source s, plan& out);
  void add_instruction(plan& out, std::string_view field, form as, const field_row* row, const draft& d);
  [[nodiscard]] const detail* details_of(const field_source* row);
  [[nodiscard]] std::vector<draft> drafts_for(std::string_view field, event_name e, config::action_source s);
  [[nodiscard]] std::vector<condition> compile_choices(std::span<const choice> rows);
  [[nodiscard]] compiled compile(std::string_view text, json::want what = json::want::scalar);
  [[nodiscard]] const expression* override_of(std::string_view field) const noexcept;
  [[nodiscard]] compiled compile_field(std::string_view field, const draft& d, json::want what);
  [[nodiscard]] compiled compile_otherwise(std::string_view field, const draft& d);
  [[nodiscard]] compiled compile_override(std::string_view field, json::want what);
  [[nodiscard]] compiled compile_default(std::string_view field);
  [[nodiscard]] std::string_view own_member(std::string_view field);
  [[nodiscard]] std::string_view member_text(std::string_view name_of);
  [[nodiscard]] std::string_view keep(std::string text) { return *kept_.insert(std::move(text)).first; }
  [[nodiscard]] static std::span<const event_name> lookup(const name_table& t, std::string_view folded) noexcept {
    const auto it = t.find(folded);
    return it == t.end() ? std::span<const event_name>{} : std::span<const event_name>(it->second);
  }

  std::vector<plan> plans_;
  std::deque<detail> details_;  // a deque's members stay where they are
  std::unordered_map<const field_source*, const detail*> detailed_;
  name_table names_, calls_;
  std::unordered_set<std::string, folded_hash, std::equal_to<>> handled_;
  std::unordered_map<std::string, compiled> compiled_;  // the same text is compiled once, not once a plan
  std::unordered_map<std::string, std::string, folded_hash, std::equal_to<>> members_;  // name: ,"name":
  std::unordered_set<std::string> kept_;  // text that instructions refer to; a set's members stay where they are
};

}  // namespace snap::event
