#include "net/name_lookup.hpp"

#include <resolv.h>
#include <signal.h>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

namespace snap::net {
namespace {

constexpr std::chrono::milliseconds memory_pause{100};  // before a lookup that ran out of memory is made again

// Signals belong to the host: a thread of ours that took one would run the host's handler.
class blocked_signals {
 public:
  blocked_signals() {
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

// Read /etc/resolv.conf anew each time, as a thread with settings of its own is not told of changes, then shorten the patience:
// 5 s twice per name server would outlast any stop, and between two lookups of ours a stop is heard. res_init() keeps what was
// tuned, so the defaults are put back first.
void tune_resolver() {
  _res.retrans = 0;
  _res.retry = 0;
  if (res_init() != 0) return;
  _res.retrans = std::min(_res.retrans, 1);
  _res.retry = 1;
}

}  // namespace

name_lookup::name_lookup(asio::io_context& io, std::string host, std::uint16_t port, lookup_function lookup)
    : io_(io), host_(std::move(host)), port_(port), lookup_(lookup) {}

name_lookup::~name_lookup() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(work_mutex_);
    work_ = work::finished;
  }
  work_changed_.notify_one();
  thread_.join();
}

void name_lookup::find(on_found f) {
  error_code not_literal;
  const auto address = asio::ip::make_address(host_, not_literal);
  if (!not_literal) {
    asio::post(io_, [f = std::move(f), endpoint = tcp::endpoint(address, port_)] { f({0, {endpoint}}); });
    return;
  }
  waiting_.push_back(std::move(f));
  if (waiting_.size() > 1) return;  // somebody's lookup is under way
  try {
    const blocked_signals inherited;
    if (!thread_.joinable()) thread_ = std::thread([this] { serve(); });
  } catch (const std::system_error&) {  // the process may start no more threads: it may later
    asio::post(io_, [this] { deliver({EAI_AGAIN, {}}); });
    return;
  }
  {
    const std::lock_guard lock(work_mutex_);
    work_ = work::wanted;
  }
  work_changed_.notify_one();
}

void name_lookup::serve() noexcept {
  std::unique_lock lock(work_mutex_);
  while (true) {
    work_changed_.wait(lock, [this] { return work_ != work::idle; });
    if (work_ == work::finished) break;
    work_ = work::idle;
    lock.unlock();
    try {
      tune_resolver();
      found_addresses found = look_up();
      if (found.error == EAI_AGAIN && !is_over()) found = look_up();  // one lost datagram is no outage
      asio::post(io_, [this, found = std::move(found)] { deliver(found); });
      lock.lock();
    } catch (const std::bad_alloc&) {  // once more: those who wait would wait for ever, and so would all who come after them
      lock.lock();
      work_changed_.wait_for(lock, memory_pause, [this] { return work_ == work::finished; });
      if (work_ == work::idle) work_ = work::wanted;
    }
  }
  res_nclose(&_res);
}

bool name_lookup::is_over() {
  const std::lock_guard lock(work_mutex_);
  return work_ == work::finished;
}

void name_lookup::deliver(const found_addresses& found) {
  const auto waiting = std::exchange(waiting_, {});  // call-backs may ask again
  for (const auto& f : waiting) f(found);
}

found_addresses name_lookup::look_up() const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  found_addresses found;
  found.error = lookup_(host_.c_str(), std::to_string(port_).c_str(), &hints, &list);
  if (found.error != 0) return found;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, &::freeaddrinfo);
  for (const addrinfo* a = list; a != nullptr; a = a->ai_next) {
    tcp::endpoint endpoint;
    if (a->ai_addrlen > endpoint.capacity()) continue;
    endpoint.resize(a->ai_addrlen);
    std::copy_n(reinterpret_cast<const char*>(a->ai_addr), a->ai_addrlen, reinterpret_cast<char*>(endpoint.data()));
    found.endpoints.push_back(endpoint);
  }
  if (found.endpoints.empty()) found.error = EAI_NONAME;
  return found;
}

}  // namespace snap::net
