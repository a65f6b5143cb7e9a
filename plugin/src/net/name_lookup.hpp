// Name to addresses without blocking the loop: getaddrinfo on one thread of its own, started by the first name that is no
// literal. Not Asio's resolver, because getaddrinfo cannot be cancelled: destroying an io_context waits for it, for 30 s and more
// when the name server is silent. This thread gives its own lookups a short patience (resolver state is per thread in glibc),
// 1 s for a name server (measured: 1.0 s for one, 3.0 s for three), and asks a second time itself, unless the client has gone
// meanwhile. The loop never waits for it; only the destructor does, for one such lookup at most.
#pragma once
#include <netdb.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/link.hpp"

namespace snap::net {

using lookup_function = int (*)(const char* host, const char* service, const addrinfo* hints, addrinfo** found);

struct found_addresses {
  int error = 0;                         // EAI_…, 0 none
  std::vector<tcp::endpoint> endpoints;  // not empty when error is 0
};

// One host and port per client: everybody who waits at the same time gets the same result. Loop thread only, but for the
// destructor.
class name_lookup {
 public:
  using on_found = std::function<void(const found_addresses&)>;

  name_lookup(asio::io_context& io, std::string host, std::uint16_t port, lookup_function lookup);
  ~name_lookup();  // joins; the io_context must still exist
  name_lookup(const name_lookup&) = delete;
  name_lookup& operator=(const name_lookup&) = delete;

  void find(on_found f);  // f is called from the loop, never from inside find()

 private:
  enum class work : std::uint8_t { idle, wanted, finished };
  void serve() noexcept;
  void deliver(const found_addresses& found);
  [[nodiscard]] found_addresses look_up() const;
  [[nodiscard]] bool is_over();

  asio::io_context& io_;
  const std::string host_;
  const std::uint16_t port_;
  const lookup_function lookup_;
  std::vector<on_found> waiting_;
  std::thread thread_;
  std::mutex work_mutex_;
  std::condition_variable work_changed_;
  work work_ = work::idle;  // guarded by work_mutex_
};

}  // namespace snap::net
