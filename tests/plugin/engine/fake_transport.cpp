#include "fake_transport.hpp"

#include <utility>

namespace snap::engine::testing {

class fake_transport final : public net::transport {
 public:
  explicit fake_transport(wire& w) : wire_(w) {}
  void run(net::transport_handler& h) override { wire_.run(h); }
  void stop() noexcept override {
    const std::lock_guard lock{wire_.signal_mutex_};
    wire_.stopped_ = true;
    wire_.signal_.notify_all();
  }
  void notify() noexcept override {
    const std::lock_guard lock{wire_.signal_mutex_};
    wire_.notified_ = true;
    wire_.signal_.notify_all();
  }
  void send(net::request r) override { wire_.requests_.push_back(std::move(r)); }
  void arm(net::clock::time_point when) override { wire_.armed_ = when; }

 private:
  wire& wire_;
};

std::unique_ptr<net::transport> wire::transport() { return std::make_unique<fake_transport>(*this); }

void wire::run(net::transport_handler& h) {
  if (server_) return run_server(h);
  std::unique_lock lock{signal_mutex_};
  handler_ = &h;
  signal_.notify_all();
  signal_.wait(lock, [&] { return stopped_; });
  handler_ = nullptr;
}

void wire::run_server(net::transport_handler& h) {
  for (;;) {
    bool notified = false;
    {
      std::unique_lock lock{signal_mutex_};
      const auto something = [&] {
        return stopped_ || notified_ || !requests_.empty() || (!timers_held_ && armed_ != net::clock::time_point::max());
      };
      signal_.wait(lock, something);
      if (stopped_) return;
      notified = std::exchange(notified_, false);
    }
    if (notified) {
      h.on_notify(now());
    } else if (!requests_.empty()) {
      const net::request r = std::move(requests_.front());
      requests_.erase(requests_.begin());
      net::answer a = server_(r);
      a.id = r.id;
      a.sent_at = a.answered_at = now();
      served_.fetch_add(1);
      h.on_answer(std::move(a), now());
    } else {
      const auto at = std::exchange(armed_, net::clock::time_point::max());
      clock_ms_ = std::max(clock_ms_.load(), std::chrono::ceil<std::chrono::milliseconds>(at.time_since_epoch()).count());
      h.on_timer(now());
    }
  }
}

net::transport_handler& wire::loop() {
  std::unique_lock lock{signal_mutex_};
  signal_.wait(lock, [&] { return handler_.load() != nullptr; });
  return *handler_;
}

void wire::step() {
  net::transport_handler& h = loop();
  {
    const std::lock_guard lock{signal_mutex_};
    if (!std::exchange(notified_, false)) return;
  }
  h.on_notify(now());
}

void wire::pass(std::chrono::milliseconds d) {
  net::transport_handler& h = loop();
  clock_ms_ += d.count();
  if (armed_ > now()) return;
  armed_ = net::clock::time_point::max();
  h.on_timer(now());
}

void wire::answer(std::uint64_t id, int status, std::string body) {
  net::answer a;
  a.id = id;
  a.status = status;
  a.body = std::move(body);
  answer(std::move(a));
}

void wire::answer(net::answer a) {
  a.sent_at = a.answered_at = now();
  loop().on_answer(std::move(a), now());
}

std::chrono::sys_time<std::chrono::milliseconds> wire::wall() const {
  return std::chrono::sys_time<std::chrono::milliseconds>{1'700'000'000s} + std::chrono::milliseconds{clock_ms_.load()};
}

}  // namespace snap::engine::testing
