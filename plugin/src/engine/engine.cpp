#include "engine/engine.hpp"

#include <pthread.h>
#include <signal.h>

#include <new>
#include <type_traits>
#include <utility>

#include "engine/request_path.hpp"

namespace snap::engine {
namespace {

std::uint64_t seed_of(std::uint64_t wanted) {
  if (wanted != 0) return wanted;
  std::random_device system;
  return std::uint64_t{system()} << 32 | system();
}

engine_options with_defaults(engine_options o) {
  if (!o.wall) o.wall = [] { return std::chrono::floor<delivery::milliseconds>(std::chrono::system_clock::now()); };
  return o;
}

// A signal belongs to the host: taken on a thread of ours it would run the host's handler here. Threads inherit the mask.
class blocked_signals {
 public:
  blocked_signals() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~blocked_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

engine::engine(const config::settings& settings, engine_options options, token_store tokens, std::unique_ptr<net::transport> way)
    : settings_(settings),
      options_(with_defaults(std::move(options))),
      end_(delivery::envelope_end(settings.batch.test_event_code)),
      gauge_(settings.buffer),
      intake_(settings, channel_, gauge_),
      jitter_(seed_of(options_.seed)),
      machine_(delivery::options_from(settings),
               [this] {
                 return std::uniform_real_distribution<double>{0.0, 1.0}(jitter_);
               }),
      tokens_(std::move(tokens)),
      way_(std::move(way)),
      token_expiry_(tokens_.first_expiry()) {
  for (const config::lane& l : settings.lanes) paths_.push_back(request_path(settings.net, l));
}

engine::~engine() { stop(); }

void engine::start() {
  const blocked_signals none_for_us;
  thread_ = std::thread{[this] { contain([this] { way_->run(*this); }); }};
  pthread_setname_np(thread_.native_handle(), "snapchat-sink");  // what an operator sees in top -H
}

void engine::stop() noexcept {
  if (way_ == nullptr) return;
  way_->stop();
  if (thread_.joinable()) thread_.join();
  last_stats_ = way_->stats();
  way_.reset();  // here, not in the destructor: it may have a thread of its own, and none may be left after stop()
  const std::lock_guard lock{shared_mutex_};
  stopped_ = true;
  quiet_.notify_all();
}

bool engine::admits() noexcept {
  if (gauge_.admits()) return true;
  woken_.store(false);  // the host was refused: the next wake-up is worth a call even if it has not asked for progress yet
  return gauge_.admits();
}

void engine::publish() {
  if (intake_.publish()) notify();
}

void engine::notify() noexcept {
  if (way_ != nullptr) way_->notify();
}

void engine::close(std::uint64_t assignment) {
  channel_.close(assignment);
  notify();
}

void engine::flush(std::chrono::milliseconds timeout) {
  publish();
  channel_.ask_flush();
  notify();
  std::unique_lock lock{shared_mutex_};
  quiet_.wait_for(lock, timeout, [&] { return stopped_ || failure_.has_value() || gauge_.events() == 0; });
}

std::vector<delivery::settle> engine::take_settled() {
  woken_.store(false);  // before looking: what is settled from here on wakes the host again
  const std::lock_guard lock{shared_mutex_};
  return std::exchange(settled_, {});
}

void engine::wake_host() noexcept {
  if (!woken_.exchange(true)) options_.wake();
}

std::optional<sca::error> engine::failure() const {
  const std::lock_guard lock{shared_mutex_};
  return failure_;
}

delivery::counters engine::counts() const {
  const std::lock_guard lock{shared_mutex_};
  return counts_;
}

std::optional<std::chrono::sys_seconds> engine::token_expiry() const {
  const std::lock_guard lock{shared_mutex_};
  return token_expiry_;
}

// ---- network thread ----

// What is thrown on the network thread, by a turn or by the transport itself, ends the task and not the process.
template <class F>
void engine::contain(F f) noexcept {
  try {
    f();
  } catch (const std::bad_alloc&) {
    fail(SCA_OUT_OF_MEMORY, "The sink's network thread ran out of memory.");
  } catch (const std::exception&) {
    fail(SCA_INTERNAL, "A defect stopped the sink's network thread; restart the task and report it.");
  }
}

// One turn: inputs to the machine, its actions carried out, results published.
template <class Inputs>
void engine::turn(net::clock::time_point now, Inputs give) noexcept {
  contain([&] {
    const delivery::instant when = at(now);
    delivery::actions todo;
    for (const std::uint32_t token : tokens_.reread_touched(now)) token_changed(token, when, todo);
    give(when, todo);
    carry_out(todo, when);
    end_turn(when);
  });
}

void engine::on_notify(net::clock::time_point now) {
  turn(now, [this](delivery::instant when, delivery::actions& todo) {
    work w = channel_.take();
    for (chunk& c : w.chunks) machine_.take(c.lane, std::move(c.content), when, todo);
    for (const std::uint64_t assignment : w.closed) machine_.forget(assignment, when, todo);
    if (w.flush == flush_wish::asked) machine_.flush(when, todo);
  });
}

void engine::on_timer(net::clock::time_point now) {
  armed_ = net::clock::time_point::max();
  turn(now, [this](delivery::instant when, delivery::actions& todo) { machine_.tick(when, todo); });
}

void engine::on_answer(net::answer a, net::clock::time_point now) {
  turn(now, [this, &a](delivery::instant when, delivery::actions& todo) {
    tokens_.mask(a.body);  // a server may echo the request's URL
    tokens_.mask(a.detail);
    tokens_.mask(a.location);
    machine_.answered(a, when, todo);
  });
}

void engine::carry_out(delivery::actions& todo, delivery::instant now) {
  delivery::actions more;
  for (delivery::action& each : todo) {
    std::visit(
        [&]<class Action>(Action& a) {
          if constexpr (std::is_same_v<Action, delivery::send>)
            send(a);
          else if constexpr (std::is_same_v<Action, delivery::settle>)
            done_.push_back(std::move(a));
          else if constexpr (std::is_same_v<Action, delivery::reread_token>) {
            if (tokens_.reread(a.token)) token_changed(a.token, now, more);
          } else if constexpr (std::is_same_v<Action, delivery::fail>)
            fail(a.status, a.message);
          else
            options_.log(a.level, a.text);
        },
        each);
  }
  if (!more.empty()) carry_out(more, now);
}

void engine::token_changed(std::uint32_t token, delivery::instant now, delivery::actions& todo) {
  {
    const std::lock_guard lock{shared_mutex_};
    token_expiry_ = tokens_.first_expiry();
  }
  options_.log(SCA_LOG_INFO, "An access token file has changed; its new token is used from now on.");
  machine_.token_changed(token, now, todo);
}

void engine::send(const delivery::send& s) {
  way_->send({.id = s.id, .path = paths_[s.lane], .token = tokens_.token(settings_.lanes[s.lane].token), .body = {s.body, end_}});
}

void engine::fail(sca_status status, std::string_view message) noexcept {
  {
    const std::lock_guard lock{shared_mutex_};
    if (!failure_) {
      failure_ = sca::error{status, {}};
      try {
        failure_->message = message;
      } catch (const std::bad_alloc&) {  // then the status must do
      }
    }
    quiet_.notify_all();
  }
  wake_host();
}

void engine::end_turn(delivery::instant now) {
  const bool news = !done_.empty();
  std::uint64_t events = 0, bytes = 0;
  for (const delivery::settle& s : done_) {
    events += s.items.size();
    for (const delivery::item& i : s.items) bytes += delivery::cost_of(i);
  }
  {
    const std::lock_guard lock{shared_mutex_};
    std::move(done_.begin(), done_.end(), std::back_inserter(settled_));
    counts_ = machine_.counts(now);
    gauge_.remove(events, bytes);  // not before it can be taken: flush() returns when the gauge says that nothing is left
    if (news && gauge_.events() == 0) quiet_.notify_all();
  }
  done_.clear();
  if (!machine_.spare_buffers().empty()) channel_.give_back(machine_.spare_buffers());
  const net::clock::time_point next = machine_.wake_at();
  if (next != armed_) way_->arm(armed_ = next);
  if (news || gauge_.freed()) wake_host();
}

}  // namespace snap::engine
