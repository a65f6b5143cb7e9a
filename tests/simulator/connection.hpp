#pragma once
// One client of the TLS endpoint: reads requests, asks the endpoint, lets the script spoil the exchange, writes the book.
// Runs on the connection's thread.
#include <chrono>
#include <functional>
#include <stop_token>

#include "book.hpp"
#include "endpoint.hpp"
#include "faults.hpp"
#include "tls.hpp"

namespace simulator {

struct service {
  const endpoint& snapchat;
  fault_script& script;
  book& records;
  const tls_context& tls;
  std::function<std::chrono::milliseconds()> now;  // since 1970
  std::chrono::milliseconds latency{};             // added to every answer
};

void serve_client(service& with, int socket, const std::stop_token& stop);

}  // namespace simulator
