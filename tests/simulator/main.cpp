// snapchat-simulator: a strict stand-in for Snapchat's Conversions API, for tests, for the quickstart, for trying a
// configuration.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "admin.hpp"
#include "connection.hpp"
#include "listener.hpp"
#include "options.hpp"

namespace {

using namespace simulator;

constexpr std::size_t client_limit = 512;
constexpr std::size_t admin_limit = 32;

int fail(const std::string& what) {
  std::cerr << "snapchat-simulator: " << what << '\n';
  return 2;
}

// One JSON object, written whole before it gets its name: a reader never sees half a file.
bool write_port_file(const std::string& path, int port, int admin_port) {
  if (path.empty()) return true;
  const std::string unfinished = path + ".new";
  std::ofstream out{unfinished};
  out << "{\"port\":" << port << ",\"admin_port\":" << admin_port << ",\"pid\":" << ::getpid() << "}\n";
  out.close();
  return out.good() && std::rename(unfinished.c_str(), path.c_str()) == 0;
}

}  // namespace

int main(int count, char** words) {
  options chosen;
  if (const auto wrong = parse_options(count, words, chosen)) return fail(*wrong);
  if (chosen.show_help) {
    std::cout << usage();
    return 0;
  }
  // Blocked before any thread starts: they inherit it, and only sigwait below sees these signals.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  tls_context tls;
  if (!chosen.make_cert.empty())
    if (const auto wrong = make_certificates(chosen.make_cert, chosen.wish, chosen.certificate)) return fail(*wrong);
  if (const auto wrong = tls.load(chosen.certificate, chosen.tls_version)) return fail(*wrong);

  endpoint snapchat;
  snapchat.replace_tokens(chosen.tokens);
  for (const auto& [id, kind] : chosen.assets) snapchat.add_asset(id, kind);
  book records;
  if (!chosen.ledger.empty() && !records.events().write_to(chosen.ledger)) return fail("cannot write " + chosen.ledger);
  fault_script script;

  service clients{snapchat, script, records, tls, chosen.clock(), chosen.latency};
  admin_service admins{snapchat, script, records};
  listener client_listener{[&](int socket, const std::stop_token& stop) { serve_client(clients, socket, stop); }, client_limit};
  listener admin_listener{[&](int socket, const std::stop_token& stop) { serve_admin(admins, socket, stop); }, admin_limit};
  if (const auto wrong = admin_listener.start(chosen.admin)) return fail(*wrong);
  if (const auto wrong = client_listener.start(chosen.listen)) return fail(*wrong);
  if (!write_port_file(chosen.port_file, client_listener.port(), admin_listener.port()))
    return fail("cannot write " + chosen.port_file);
  std::cout << "Snapchat   https://localhost:" << client_listener.port() << '\n'
            << "status     http://127.0.0.1:" << admin_listener.port() << "/\n";
  if (!chosen.make_cert.empty()) std::cout << "trust      " << chosen.make_cert << "/ca.pem\n";
  std::cout << std::flush;

  int signal_number = 0;
  sigwait(&ends, &signal_number);
  client_listener.stop();
  admin_listener.stop();
  return 0;
}
