// One event as JSON text: what the plan of its target asks for, from the slots of the record. Private to the mapper.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "event/codes.hpp"
#include "event/hash.hpp"
#include "event/json/decimal.hpp"
#include "event/key_counters.hpp"
#include "event/mapper.hpp"
#include "event/program.hpp"
#include "event/time.hpp"
#include "event/trace.hpp"
#include "event/writer.hpp"

namespace snap::event {

// Why a record is not sent. Text for people, without values of the record.
struct problem {
  fate what = fate::reject;
  code why = code::record_not_json;
  std::string text;
};

// What was decided about the event before it is written.
struct decision {
  event_name name = event_name::other;
  std::string_view raw_name;  // of event_name::other
  config::action_source source = config::action_source::web;
  time_point time;
  std::string_view event_id;
  std::string_view app_id;         // of the asset, for app_data
  std::string_view phone_country;  // for national numbers
  enum class privacy : std::uint8_t { full, limited, stripped } use = privacy::full;
};

class renderer {
 public:
  renderer(const program& p, reader& from, key_counters& counts);
  void begin_record() noexcept { lines_.state = lines::unread; }
  // Writes the event to out, which is cleared first. false: problem() says why.
  [[nodiscard]] bool render(const decision& d, writer& out);
  [[nodiscard]] problem& failed() noexcept { return problem_; }
  // Null, as always but for explanations: nothing is noted.
  void explain(trace* into) noexcept { trace_ = into; }

 private:
  struct lines {
    enum : std::uint8_t { unread, none, one, list } state = unread;
    std::vector<std::array<json::value, column_count>> rows;
    std::vector<const json::node*> at;  // of the rows
  };
  struct evidence {  // of identity
    bool person = false, address = false, agent = false, foreign_digest = false;
    bool no_tracking = false;  // of the person: no advertising id is sent
  };

  // explain.cpp
  enum class part_written : std::uint8_t { nothing, something };
  enum class filled : std::uint8_t { source, lines, setting, parameter, digests };
  void note_drop(std::string_view field, std::string_view why);
  void note_details(const instruction& i, filled by, trace_row& row);
  [[nodiscard]] std::string rule_that_held(std::string_view field);
  void note(const instruction& i, part_written what);
  // Around the writing of one member: notes what became of it.
  class noting {
   public:
    noting(renderer& r, const instruction& i, const writer& out) : r_(&r), i_(&i), out_(&out), before_(out.size()) {}
    noting(const noting&) = delete;
    noting& operator=(const noting&) = delete;
    ~noting() {
      if (r_->trace_ != nullptr) r_->note(*i_, out_->size() == before_ ? part_written::nothing : part_written::something);
    }

   private:
    renderer* r_;
    const instruction* i_;
    const writer* out_;
    std::size_t before_;
  };
  // What a member is made from.
  [[nodiscard]] found value_of(const instruction& i) { return i.from.ids ? id_of(i) : (*from_)(i.from, program_->preset->blank); }
  [[nodiscard]] found id_of(const instruction& i);
  void note_placeholder(const instruction& i, std::uint32_t alternative);
  [[nodiscard]] bool idle(const instruction& i) const noexcept { return i.needs_source && from_->lacks(i.from); }
  // A match key, or one of several, is left out.
  void drop(const instruction& i, normalise::outcome why) {
    counts_->dropped(i.key, why);
    if (trace_ != nullptr) note_drop(i.name, normalise::to_string(why));
  }

  bool fail(code why, std::string text, fate what = fate::reject);
  // render.cpp
  void root(const decision& d, writer& out);
  void options(const instruction& i, const decision& d, writer& out);
  void bare_page(const instruction& i, const found& f, writer& out);
  // render_field.cpp: forms that every part may have; true when something was written
  bool field(const instruction& i, const found& f, writer& out);
  bool texts(const instruction& i, const found& f, writer& out);
  [[nodiscard]] bool number(const json::value& v, writer& out) const;
  [[nodiscard]] bool bit(const json::value& v, writer& out) const;
  // render_user.cpp
  bool user_data(const decision& d, writer& out);
  [[nodiscard]] sha256_hex::digits digest_of(std::string_view text);
  bool digest(const instruction& i, const json::value& v, evidence& e, sha256_hex::digits& out);
  void collect_digests(const instruction& i, const found& f, evidence& e);
  void hashed(const instruction& i, const found& f, evidence& e, writer& out);
  void plain_key(const instruction& i, const found& f, const decision& d, evidence& e, writer& out);
  void match_key(const instruction& i, const found& f, const decision& d, evidence& e, writer& out);
  void write_digests(const instruction& i, evidence& e, writer& out);
  // render_detail.cpp: match keys with conditions, digests, URLs
  bool detailed_key(const instruction& i, const decision& d, evidence& e, writer& out);
  bool every_alternative(const instruction& i, evidence& e, writer& out);
  // render_custom.cpp
  bool custom_data(const decision& d, writer& out);
  bool amount(const instruction& i, const found& f, writer& out, bool& has_value);
  bool not_a_number(const instruction& i);
  bool currency(const instruction& i, const found& f, const decision& d, bool has_value, writer& out);
  bool from_product_lines(const instruction& i, writer& out);
  void pass_through(writer& out);
  bool contents_member(const json::node& member, writer& out) const;
  bool custom_fields(const instruction& i, const found& f, std::span<const instruction> own, writer& out);
  void contents(const json::node& list, writer& out) const;
  // render_lines.cpp
  void read_lines();
  void find_lines(const found& list);
  void read_column(std::size_t c);
  bool write_contents(const instruction& i, writer& out);
  bool write_column(const instruction& i, column c, writer& out);
  bool write_units(const instruction& i, writer& out);
  [[nodiscard]] std::optional<json::decimal_text> total();
  // render_app.cpp
  bool app_data(const decision& d, writer& out);
  struct extinfo_of {
    std::string_view app_id;  // the record's, else the asset's
    bool strip;
  };
  bool given_extinfo(const instruction& i, const found& f, const extinfo_of& about, writer& out);
  void built_extinfo(const instruction& i, const decision& d, writer& out);
  void position(const program::position& p, writer& out);
  [[nodiscard]] const condition* choose(std::span<const condition> rows);

  const program* program_;
  reader* from_;
  key_counters* counts_;
  problem problem_;
  trace* trace_ = nullptr;
  filled filled_ = filled::source;  // of the member that is being written; for the trace
  bool stripped_ = false;           // likewise
  lines lines_;
  sha256_hex hash_;
  normalise::context context_;
  std::string country_, scratch_;
  std::vector<sha256_hex::digits> digests_;
  // Digests of codes of one or two letters: countries, states, m and f. A few hundred values make up nearly all of them, and one
  // costs as much to hash as an e-mail address.
  struct code_digest {
    std::array<char, 2> code{};
    std::uint8_t size = 0;  // 0: an empty place
    sha256_hex::digits digits{};
  };
  std::vector<code_digest> codes_;
};

// Does one of the rows hold? The mapper asks this of action sources too.
[[nodiscard]] const condition* first_that_holds(std::span<const condition> rows, reader& from);

}  // namespace snap::event
