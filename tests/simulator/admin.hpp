#pragma once
// The simulator's own HTTP interface, without TLS, for tests and for people: state, ledger, fault script, tokens.
// Runs on the connection's thread.
#include <stop_token>

#include "book.hpp"
#include "endpoint.hpp"
#include "faults.hpp"

namespace simulator {

struct admin_service {
  endpoint& snapchat;
  fault_script& script;
  book& records;
};

[[nodiscard]] answer answer_admin(admin_service& with, const request& from);
void serve_admin(admin_service& with, int socket, const std::stop_token& stop);

// "TOKEN" or "TOKEN@ASSET,ASSET": the second is good for these assets only.
void add_token(std::map<std::string, std::set<std::string>>& tokens, std::string_view text);

}  // namespace simulator
