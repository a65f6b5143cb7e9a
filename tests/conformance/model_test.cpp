// Random hosts and an asynchronous sink, over the C ABI. The invariant (model/world.cpp): nothing is committed that is neither
// delivered nor durable among the dead letters. And nothing gets stuck: in the end everything is committed.
// SCA_MODEL_SEED=n replays one seed, SCA_MODEL_RUNS=n runs more of them. Threads interleave differently each time: a seed that
// failed may need some repetitions.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <thread>

#include "model/host.hpp"

namespace {

using namespace model;

enum class attention : std::uint8_t { wakes, polls };
using make_host = std::unique_ptr<host> (*)(world&, defect, unsigned);

class driver {
 public:
  driver(unsigned seed, make_host make, attention listens, defect planted)
      : random_(seed), world_(seed, 3, 150), make_(make), listens_(listens), planted_(planted) {
    for (std::int32_t p = 0; p < world_.partitions(); ++p) consumer_[p] = 0;
    restart();
  }

  // The complaints of one run.
  std::vector<std::string> run() {
    for (int step = 0; step < 400 && world_.complaints().empty(); ++step) disturb();
    calm_ = true;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (world_.complaints().empty() && !world_.complete()) {
      work();
      if (std::chrono::steady_clock::now() > deadline) world_.complain("stuck: " + world_.summary());
    }
    host_.reset();
    return world_.complaints();
  }

 private:
  unsigned below(std::size_t n) { return static_cast<unsigned>(random_() % n); }
  void healthy(bool ok) { failed_ = failed_ || !ok; }

  void disturb() {
    const std::int32_t p = static_cast<std::int32_t>(below(3));
    switch (below(60)) {
      case 0: revoke(p); break;
      case 1: lose(p); break;
      case 2: rewind(p); break;
      case 3: shut_down(); break;
      case 4: restart(); break;  // as after a kill
      default: work();
    }
  }

  void work() {
    if (failed_) return restart();
    if (below(2) == 0) poll();
    if (listens_ == attention::polls || host_->woken() || below(20) == 0) {
      healthy(host_->pump());
      commit();
    }
    settle();
    if (below(4) == 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }

  void poll() {
    if (failed_ || host_->backlog() > 0) return;  // paused
    std::vector<position> records;
    for (auto& [p, at] : consumer_) {
      const auto& log = world_.offsets(p);
      auto next = std::lower_bound(log.begin(), log.end(), at);
      for (unsigned n = below(12); n > 0 && next != log.end(); --n, ++next) {
        records.emplace_back(p, *next);
        at = *next + 1;
      }
    }
    if (!records.empty()) healthy(host_->offer(records));
  }

  void commit() {
    for (const auto& [p, at] : host_->take_committable()) world_.commit(p, at);
    for (const auto& [p, at] : consumer_)
      if ((host_->idle(p) && !failed_ && at > world_.committed(p)) || planted_ == defect::commits_what_it_consumed)
        world_.commit(p, at);
  }

  void settle() {
    if (host_->letters.empty() || (!calm_ && below(3) == 0)) return;
    const letter l = host_->letters[below(host_->letters.size())];
    const bool written = calm_ || below(25) != 0;
    if (written) world_.make_durable(l.partition, l.offset);
    host_->settled(l.ticket, written);
    if (!written && planted_ != defect::trusts_failed_dead_letter) failed_ = true;
  }

  void reopen(std::int32_t p) {
    consumer_[p] = world_.committed(p);
    healthy(host_->open(p));
  }
  void revoke(std::int32_t p) {
    if (failed_) return;
    healthy(host_->flush(std::chrono::milliseconds(2)));
    healthy(host_->pump());
    commit();
    host_->close(p);
    reopen(p);
  }
  void lose(std::int32_t p) {
    if (failed_) return;
    host_->close(p);
    reopen(p);
  }
  // Back to anywhere, as a user's reset or a broker's truncation would; the group's committed offset stays as it is.
  void rewind(std::int32_t p) {
    if (consumer_[p] > 0) consumer_[p] = below(static_cast<std::size_t>(consumer_[p]));
  }
  void shut_down() {
    if (!failed_) healthy(host_->flush(std::chrono::milliseconds(2)));
    host_->stop();
    (void)host_->pump();
    for (const auto& [p, at] : host_->take_committable()) world_.commit(p, at);
    restart();
  }
  void restart() {
    host_.reset();
    failed_ = false;
    host_ = make_(world_, planted_, static_cast<unsigned>(random_()));
    healthy(host_->start());
    for (auto& [p, at] : consumer_) {
      if (planted_ != defect::resumes_where_it_stopped) at = world_.committed(p);
      healthy(host_->open(p));
    }
  }

  std::mt19937 random_;
  world world_;
  const make_host make_;
  const attention listens_;
  const defect planted_;
  std::map<std::int32_t, std::int64_t> consumer_;
  std::unique_ptr<host> host_;
  bool failed_ = false, calm_ = false;
};

unsigned number_from(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

void holds(make_host make, attention listens) {
  const unsigned only = number_from("SCA_MODEL_SEED", 0);
  const unsigned first = only != 0 ? only : 1, runs = only != 0 ? 1 : number_from("SCA_MODEL_RUNS", 25);
  for (unsigned seed = first; seed < first + runs; ++seed) {
    const auto complaints = driver(seed, make, listens, defect::none).run();
    INFO("SCA_MODEL_SEED=" << seed << (complaints.empty() ? "" : ": " + complaints.front()));
    REQUIRE(complaints.empty());
  }
}

struct planted {
  defect what;
  const char* name;
};
constexpr planted sink_defects[] = {
    {defect::resolves_when_put, "resolves when put"},
    {defect::reports_highest_resolved, "reports the highest resolved offset"},
    {defect::copies_too_late, "copies after put has returned"},
    {defect::remembers_closed, "a late answer resolves a record of another assignment"},
    {defect::swallows_rejected, "resolves rejected records without rejecting them"},
    {defect::takes_what_it_drops, "accepts what it has no room for"},
    {defect::rejects_behind_position, "rejects after the position has passed"},
    {defect::resolves_at_first_part, "resolves a fanned-out record at its first part"},
    {defect::resolves_all_at_stop, "resolves everything when it is stopped"},
    {defect::forgets_failed_flight, "resolves what it failed to send"},
};
constexpr planted host_defects[] = {
    {defect::commits_before_dead_letter, "commits before the dead letter is durable"},
    {defect::drops_what_was_not_taken, "drops what the sink did not take"},
    {defect::keeps_assignment_on_rewind, "keeps the assignment when it goes back"},
    {defect::commits_what_it_consumed, "commits what it has consumed"},
    {defect::ignores_rejections, "ignores rejections"},
    {defect::trusts_failed_dead_letter, "takes a failed dead letter for a durable one"},
    {defect::resumes_where_it_stopped, "resumes where it stopped, not where it committed"},
    {defect::reuses_assignment_numbers, "uses assignment numbers twice"},
};

// How many seeds it takes to notice; 0: none of them did.
unsigned seeds_until_caught(defect d, make_host make, attention listens) {
  for (unsigned seed = 1; seed <= 60; ++seed)
    if (!driver(seed, make, listens, d).run().empty()) return seed;
  return 0;
}

}  // namespace

TEST_CASE("model: the invariant holds under a host on the bare ABI that reacts to wake-ups") {
  holds(make_raw_host, attention::wakes);
}
TEST_CASE("model: the invariant holds under a host on the bare ABI that only polls") { holds(make_raw_host, attention::polls); }
TEST_CASE("model: the invariant holds under sink_task that reacts to wake-ups") { holds(make_task_host, attention::wakes); }
TEST_CASE("model: the invariant holds under sink_task that only polls") { holds(make_task_host, attention::polls); }

TEST_CASE("model: every defect planted in the sink is caught, under either host") {
  for (const planted& p : sink_defects)
    for (const auto make : {make_raw_host, make_task_host})
      for (const auto listens : {attention::wakes, attention::polls}) {
        INFO(p.name);
        CHECK(seeds_until_caught(p.what, make, listens) > 0);
      }
}

TEST_CASE("model: every defect planted in the host is caught") {
  for (const planted& p : host_defects)
    for (const auto listens : {attention::wakes, attention::polls}) {
      INFO(p.name);
      CHECK(seeds_until_caught(p.what, make_raw_host, listens) > 0);
    }
}
