#include "faults.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace simulator {
namespace {

struct fault_row {
  std::string_view name;
  fault_kind kind;
  bool accept;  // whether events count by default: yes where the true answer is sent, whole or in part
  long delay_ms;
};

constexpr fault_row rows[] = {
    {"status", fault_kind::status, false, 0},
    {"reset_at_accept", fault_kind::reset_at_accept, false, 0},
    {"reset_before_read", fault_kind::reset_before_read, false, 0},
    {"reset_mid_read", fault_kind::reset_mid_read, false, 0},
    {"reset_after_read", fault_kind::reset_after_read, false, 0},
    {"reset_mid_answer", fault_kind::reset_mid_answer, true, 0},
    {"no_answer", fault_kind::no_answer, false, 60'000},
    {"slow", fault_kind::slow, true, 1000},
    {"drip", fault_kind::drip, true, 1000},
    {"garbage", fault_kind::garbage, false, 0},
    {"html_200", fault_kind::html_200, false, 0},
    {"huge_answer", fault_kind::huge_answer, false, 0},
    {"half_answer", fault_kind::half_answer, true, 0},
    {"chunked", fault_kind::chunked, true, 0},
    {"continue_100", fault_kind::continue_100, true, 0},
    {"invalid", fault_kind::invalid, false, 0},
    {"renegotiate", fault_kind::renegotiate, true, 0},
    {"refuse_event", fault_kind::refuse_event, false, 0},
    {"close_without_notify", fault_kind::close_without_notify, true, 0},
};

constexpr std::pair<std::string_view, index_style> styles[] = {{"right", index_style::zero_based},
                                                               {"zero", index_style::zero_based},
                                                               {"one", index_style::one_based},
                                                               {"wrong", index_style::wrong},
                                                               {"none", index_style::none}};

constexpr std::string_view members[] = {"fault",    "count",  "after",  "every",   "match",       "asset",
                                        "ids",      "status", "body",   "headers", "retry_after", "content_type",
                                        "delay_ms", "bytes",  "accept", "index",   "code",        "message"};

using parsed = std::variant<fault, std::string>;

parsed parse_fault(const json& entry) {
  const std::string name = text_of(entry, "fault", "");
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const fault_row& each) { return each.name == name; });
  if (row == std::end(rows)) return "\"fault\" is missing or not known: " + name;
  for (const auto& member : entry.names)
    if (std::find(std::begin(members), std::end(members), member) == std::end(members)) return "unknown member " + member;
  fault out{.kind = row->kind};
  const bool lasting = row->kind == fault_kind::refuse_event;
  const bool answer_200 = lasting || row->kind == fault_kind::invalid;
  out.count = static_cast<long>(integer_of(entry, "count", lasting ? -1 : 1));
  out.after = static_cast<long>(integer_of(entry, "after", 0));
  out.every = std::max(1L, static_cast<long>(integer_of(entry, "every", 1)));
  out.match = text_of(entry, "match", "");
  out.asset = text_of(entry, "asset", "");
  out.ids = text_of(entry, "ids", "");
  out.status = static_cast<int>(integer_of(entry, "status", answer_200 ? 200 : 503));
  out.body = text_of(entry, "body", "");
  out.content_type = text_of(entry, "content_type", out.content_type);
  out.delay_ms = static_cast<long>(integer_of(entry, "delay_ms", row->delay_ms));
  out.bytes = static_cast<long>(integer_of(entry, "bytes", out.bytes));
  out.code = text_of(entry, "code", out.code);
  out.message = text_of(entry, "message", out.message);
  const json* accept = entry.find("accept");
  out.accept = accept != nullptr && accept->is(json_kind::boolean) ? accept->flag : row->accept;
  if (const auto after = text_of(entry, "retry_after", ""); !after.empty()) out.headers.emplace_back("Retry-After", after);
  if (const json* headers = entry.find("headers"))
    for (std::size_t at = 0; at < headers->names.size(); ++at)
      out.headers.emplace_back(headers->names[at], headers->items[at].text);
  const auto wanted = text_of(entry, "index", "right");
  const auto style = std::find_if(std::begin(styles), std::end(styles), [&](const auto& each) { return each.first == wanted; });
  if (style == std::end(styles)) return "\"index\" is right, zero, one, wrong or none";
  out.index = style->second;
  return out;
}

bool fits(const fault& each, const fault_subject& subject) {
  if (!each.asset.empty() && each.asset != subject.asset) return false;
  if (!each.match.empty() && subject.line.find(each.match) == std::string_view::npos &&
      subject.body.find(each.match) == std::string_view::npos)
    return false;
  return each.ids.empty() ||
         std::any_of(subject.ids.begin(), subject.ids.end(), [&](const auto& id) { return id_fits(each.ids, id); });
}

bool blind(fault_kind kind) {
  return kind == fault_kind::reset_at_accept || kind == fault_kind::reset_before_read || kind == fault_kind::reset_mid_read;
}

}  // namespace

std::string_view fault_name(fault_kind kind) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const fault_row& each) { return each.kind == kind; });
  return row == std::end(rows) ? std::string_view{} : row->name;
}

bool id_fits(const std::string& pattern, const std::string& id) {
  return pattern.empty() || fnmatch(pattern.c_str(), id.c_str(), 0) == 0;
}

std::variant<std::vector<fault>, std::string> parse_faults(const json& list) {
  std::vector<fault> out;
  if (!list.is(json_kind::array)) return "the script is a JSON list of objects";
  for (std::size_t at = 0; at < list.items.size(); ++at) {
    auto made = parse_fault(list.items[at]);
    if (const auto* wrong = std::get_if<std::string>(&made)) return "entry " + std::to_string(at) + ": " + *wrong;
    out.push_back(std::move(std::get<fault>(made)));
  }
  return out;
}

void fault_script::add(std::vector<fault> faults) {
  const std::lock_guard lock{mutex_};
  for (auto& each : faults) faults_.push_back(std::move(each));
}

void fault_script::clear() {
  const std::lock_guard lock{mutex_};
  faults_.clear();
}

std::size_t fault_script::size() const {
  const std::lock_guard lock{mutex_};
  return faults_.size();
}

// One fitting request: counts down, and tells whether the fault happens to it. Called with the lock held.
std::optional<fault> fault_script::use(std::size_t index) {
  fault& each = faults_[index];
  if (each.after > 0) {
    --each.after;
    return {};
  }
  fault used = each;
  each.after = each.every - 1;
  if (each.count > 0 && --each.count == 0) faults_.erase(faults_.begin() + static_cast<std::ptrdiff_t>(index));
  return used;
}

std::optional<fault> fault_script::take_blind(fault_kind kind) {
  const std::lock_guard lock{mutex_};
  for (std::size_t at = 0; at < faults_.size(); ++at)
    if (faults_[at].kind == kind) return use(at);
  return {};
}

std::optional<fault> fault_script::take(const fault_subject& subject) {
  const std::lock_guard lock{mutex_};
  for (std::size_t at = 0; at < faults_.size(); ++at) {
    if (blind(faults_[at].kind) || !fits(faults_[at], subject)) continue;
    if (auto used = use(at)) return used;
  }
  return {};
}

}  // namespace simulator
