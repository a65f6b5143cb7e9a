#include "ledger.hpp"

#include <openssl/evp.h>

namespace simulator {

digest content_digest(const json& event) {
  const std::string text = canonical(event);
  digest out{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_sha256(), nullptr);
  return out;
}

std::string hex(const digest& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto byte : bytes) {
    out += digits[byte >> 4U];
    out += digits[byte & 0xfU];
  }
  return out;
}

bool ledger::write_to(const std::string& path) {
  file_.open(path, std::ios::app);
  return file_.is_open();
}

void ledger::accept(std::string_view asset, const std::vector<json>& events, std::uint64_t request_number,
                    std::chrono::milliseconds now) {
  std::vector<digest> digests;  // outside the lock: the only work that takes time
  digests.reserve(events.size());
  for (const auto& event : events) digests.push_back(content_digest(event));

  const std::lock_guard lock{mutex_};
  for (std::size_t at = 0; at < events.size(); ++at) {
    ++counts_.accepted;
    entry made{.asset = std::string{asset},
               .event_id = text_of(events[at], "event_id", ""),
               .event_name = text_of(events[at], "event_name", ""),
               .content = digests[at],
               .time = now,
               .request_number = request_number};
    if (file_.is_open()) file_ << line_of(made);
    if (made.event_id.empty()) {
      ++counts_.without_id;
      continue;
    }
    const auto [place, fresh] = index_.try_emplace(made.asset + ' ' + made.event_id, entries_.size());
    if (fresh) {
      ++counts_.unique;
      ++counts_.by_event_name[made.event_name];
      entries_.push_back(std::move(made));
      continue;
    }
    entry& known = entries_[place->second];
    ++known.copies;
    const bool same = known.content == made.content;
    known.conflicts += same ? 0U : 1U;
    ++(same ? counts_.duplicates : counts_.conflicts);
  }
  if (file_.is_open()) file_.flush();
}

ledger_counts ledger::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

std::string ledger::line_of(const entry& from) {
  return "{\"event_id\":" + quoted(from.event_id) + ",\"asset\":" + quoted(from.asset) +
         ",\"event_name\":" + quoted(from.event_name) + ",\"digest\":\"" + hex(from.content) +
         "\",\"time\":" + std::to_string(from.time.count()) + ",\"request\":" + std::to_string(from.request_number) +
         ",\"copies\":" + std::to_string(from.copies) + ",\"conflicts\":" + std::to_string(from.conflicts) + "}\n";
}

std::string ledger::lines() const {
  const std::lock_guard lock{mutex_};
  std::string out;
  for (const auto& each : entries_) out += line_of(each);
  return out;
}

void ledger::clear() {
  const std::lock_guard lock{mutex_};
  counts_ = {};
  entries_.clear();
  index_.clear();
}

}  // namespace simulator
