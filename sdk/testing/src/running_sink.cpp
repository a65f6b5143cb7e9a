#include <algorithm>
#include <cstring>

#include "session.hpp"

namespace sca::testing {

pairs::pairs(const string_pairs& config)
    : memory_([&] {
        std::size_t n = 256 + config.size() * sizeof(sca_pair);
        for (const auto& [key, value] : config) n += key.size() + value.size() + 2;
        return n;
      }()),
      count_(config.size()) {
  std::vector<sca_pair> copies;
  for (const auto& [key, value] : config)
    copies.push_back({memory_.copy(std::string_view(key)), memory_.copy(std::string_view(value))});
  pairs_ = static_cast<sca_pair*>(memory_.take(std::max<std::size_t>(1, count_) * sizeof(sca_pair), alignof(sca_pair)));
  if (count_ > 0) std::memcpy(pairs_, copies.data(), count_ * sizeof(sca_pair));
}

running_sink::~running_sink() {
  if (sink == nullptr) return;
  if (!stopped_) sink->stop(sink);
  sink->destroy(sink);
}

void running_sink::reset_error() noexcept { error = SCA_ERROR_INIT; }

// Rules of every call: a failure has a text, which ends; rejections come inside calls and name what was handed over, once.
void running_sink::watch(sca_status status, const char* slot) {
  if (status != SCA_OK) {
    expect(std::memchr(error.message, '\0', sizeof error.message) != nullptr, std::string(slot) + ": the message has no end");
    expect(error.message[0] != '\0',
           std::string(slot) + " failed with status " + std::to_string(status) + " and without a message");
    messages_.emplace_back(error.message);
  }
  expect(host.stray_rejections() == 0, "reject() was called outside of put, progress and flush, or on another thread");
}

sca_status running_sink::create(const string_pairs& config) {
  reset_error();
  const pairs p(config);
  sca_sink* made = nullptr;
  const sca_status status = connector_.create(&connector_, host.abi(), p.data(), p.size(), &made, &error);
  watch(status, "create");
  if (status == SCA_OK) {
    load_error why{};
    expect(check_sink(made, why), "create gave an incomplete sink: " + why.message);
    sink = made;
  } else {
    expect(made == nullptr, "create failed, but wrote *out");
  }
  return status;
}

void running_sink::start() {
  reset_error();
  started_ = true;
  const sca_status status = sink->start(sink, &error);
  watch(status, "start");
  expect(status == SCA_OK, "start failed: " + said());
}

std::uint64_t running_sink::open(const std::string& topic, std::int32_t partition) {
  reset_error();
  const std::uint64_t id = next_assignment_++;
  guarded_memory memory(topic.size() + 128);
  const sca_assignment a{
      .struct_size = sizeof a, .partition = partition, .id = id, .topic = memory.copy(std::string_view(topic))};
  const sca_status status = sink->open(sink, &a, &error);
  watch(status, "open");
  expect(status == SCA_OK, "open failed: " + said());
  handed[id];
  return id;
}

void running_sink::close(std::uint64_t assignment) {
  sink->close(sink, assignment);
  closed.insert(assignment);
}

sca_status running_sink::try_put(const std::vector<record_spec>& records, std::size_t& accepted) {
  reset_error();
  accepted = 0;
  record_batch batch(records);
  sca_status status = SCA_OK;
  {
    const fake_host::allowing_rejections now(host);
    status = sink->put(sink, batch.data(), batch.size(), &accepted, &error);
  }
  batch.revoke();
  expect(accepted <= records.size(), "put accepted more records than it was given");
  for (std::size_t i = 0; i < accepted; ++i) handed[records[i].assignment].push_back(records[i].offset);
  watch(status, "put");
  return status;
}

std::size_t running_sink::put(const std::vector<record_spec>& records) {
  std::size_t accepted = 0;
  const sca_status status = try_put(records, accepted);
  expect(status == SCA_OK, "put failed: " + said());
  return accepted;
}

void running_sink::put_all(const std::vector<record_spec>& records) {
  const auto deadline = clock::now() + std::chrono::seconds(5);
  auto rest = records;
  for (;;) {
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(put(rest)));
    if (rest.empty()) return;
    (void)progress();
    expect(clock::now() < deadline || traits_.to == delivery::unreachable, "put stayed full for five seconds");
    if (clock::now() >= deadline) skip("put is full, and nothing can be delivered to make room");
    pause_for(std::chrono::milliseconds(5));
  }
}

sca_status running_sink::try_progress(positions& at) {
  reset_error();
  std::vector<sca_position> asked;
  for (const auto& [id, offsets] : handed) asked.push_back({id, -77});
  sca_status status = SCA_OK;
  {
    const fake_host::allowing_rejections now(host);
    status = sink->progress(sink, asked.data(), asked.size(), &error);
  }
  at.clear();
  for (const sca_position& p : asked) at[p.assignment] = p.offset;
  watch(status, "progress");
  for (const auto& [id, offset] : at) {
    expect(offset != -77, "progress left the position of an assignment as it was");
    expect(offset >= SCA_NO_POSITION, "progress gave a negative position");
    const auto before = last_.find(id);
    if (before != last_.end() && !closed.contains(id))
      expect(offset >= before->second,
             "the position went back from " + std::to_string(before->second) + " to " + std::to_string(offset));
    last_[id] = offset;
  }
  return status;
}

positions running_sink::progress() {
  positions at;
  const sca_status status = try_progress(at);
  expect(status == SCA_OK, "progress failed: " + said());
  return at;
}

bool running_sink::settle(std::chrono::milliseconds limit) {
  const auto deadline = clock::now() + limit;
  for (;;) {
    const positions at = progress();
    const bool all = std::all_of(handed.begin(), handed.end(), [&](const auto& h) {
      return closed.contains(h.first) || h.second.empty() || at.at(h.first) == h.second.back() + 1;
    });
    if (all) return true;
    if (clock::now() >= deadline) return false;
    pause_for(std::chrono::milliseconds(5));
  }
}

void running_sink::must_settle() {
  if (traits_.to == delivery::unreachable) skip("nothing can be delivered here");
  expect(settle(std::chrono::seconds(5)), "records were not resolved within five seconds");
}

void running_sink::flush(std::chrono::milliseconds timeout) {
  if (sink->flush == nullptr) return;
  reset_error();
  sca_status status = SCA_OK;
  {
    const fake_host::allowing_rejections now(host);
    status = sink->flush(sink, static_cast<std::uint32_t>(timeout.count()), &error);
  }
  watch(status, "flush");
  expect(status == SCA_OK, "flush failed: " + said());
}

void running_sink::stop() {
  sink->stop(sink);
  stopped_ = true;
}

void running_sink::destroy() {
  sink->destroy(sink);
  sink = nullptr;
}

std::vector<std::string> running_sink::texts() const {
  std::vector<std::string> out = messages_;
  for (const logged& l : host.log()) out.push_back(l.message);
  for (const rejected& r : host.rejections()) out.insert(out.end(), {r.code, r.message});
  return out;
}

}  // namespace sca::testing
