#include "connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <condition_variable>

#include "listener.hpp"

namespace simulator {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds idle_limit{120'000};
constexpr std::size_t whole = static_cast<std::size_t>(-1);
constexpr std::size_t part_of_body = 100;  // read before a scripted reset in mid-request

enum class after_exchange { go_on, close_politely, close_silently, reset };

struct sent {
  int status = 0;  // what the client saw; 0: no whole answer
  after_exchange then = after_exchange::go_on;
};

void pause(milliseconds time, const std::stop_token& stop) {
  if (time.count() <= 0) return;
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock{mutex};
  never.wait_for(lock, stop, time, [] { return false; });
}

bool wait_readable(const stream& from, int socket, const std::stop_token& stop) {
  if (from.buffered() > 0) return true;
  pollfd ready{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&ready, 1, static_cast<int>(idle_limit.count())) > 0 && !stop.stop_requested();
}

std::string scripted_invalid(const fault& what, const judgement& verdict) {
  long first = 0;
  const auto count = static_cast<long>(verdict.ids.size());
  for (long at = count - 1; at >= 0; --at)
    if (id_fits(what.ids, verdict.ids[static_cast<std::size_t>(at)])) first = at;
  switch (what.index) {
    case index_style::zero_based: return invalid_body(first, what.code, what.message);
    case index_style::one_based: return invalid_body(first + 1, what.code, what.message);
    case index_style::wrong: return invalid_body(count - 1 - first + (count == 2 * first + 1 ? 1 : 0), what.code, what.message);
    case index_style::none: break;
  }
  return invalid_body(-1, what.code, what.message);
}

sent reply(stream& to, const answer& with, framing how) {
  if (!to.write(render(with, how))) return {0, after_exchange::reset};
  return {with.status, how == framing::close ? after_exchange::close_politely : after_exchange::go_on};
}

sent drip(stream& to, const std::string& bytes, int status, milliseconds over, const std::stop_token& stop) {
  const auto step = over / std::max<long>(1, static_cast<long>(bytes.size()));
  for (const char each : bytes) {
    if (!to.write({&each, 1})) return {0, after_exchange::reset};
    pause(std::max(step, milliseconds{1}), stop);
  }
  return {status, after_exchange::go_on};
}

sent scripted(const fault& what, const judgement& verdict, stream& to, const std::stop_token& stop) {
  const answer scripted_answer{what.status, what.content_type, what.headers, what.body};
  const std::string truth = render(verdict.reply, framing::length);
  const milliseconds delay{what.delay_ms};
  if (what.kind != fault_kind::drip) pause(delay, stop);
  switch (what.kind) {
    case fault_kind::status: return reply(to, scripted_answer, framing::length);
    case fault_kind::invalid:
    case fault_kind::refuse_event:
      return reply(to, {what.status, "application/json", what.headers, scripted_invalid(what, verdict)}, framing::length);
    case fault_kind::html_200:
      return reply(to, {200, "text/html", {}, "<!doctype html><title>Sign in</title><p>Please sign in to the network.</p>"},
                   framing::length);
    case fault_kind::huge_answer: {
      const std::string filler(static_cast<std::size_t>(std::max(0L, what.bytes)), 'x');
      return reply(to, {200, "application/json", {}, R"({"status":"VALID","reason":")" + filler + "\"}"}, framing::length);
    }
    case fault_kind::slow: return reply(to, verdict.reply, framing::length);
    case fault_kind::chunked: return reply(to, verdict.reply, framing::chunked);
    case fault_kind::continue_100:
      if (!to.write("HTTP/1.1 100 Continue\r\n\r\n")) return {0, after_exchange::reset};
      return reply(to, verdict.reply, framing::length);
    case fault_kind::renegotiate:
      if (!to.renegotiate()) return {0, after_exchange::reset};
      return reply(to, verdict.reply, framing::length);
    case fault_kind::drip: return drip(to, truth, verdict.reply.status, delay, stop);
    case fault_kind::garbage:
      static_cast<void>(to.write("\x01\x02 this is not HTTP \xff\xfe\r\n\r\n"));
      return {0, after_exchange::close_politely};
    case fault_kind::half_answer:
      static_cast<void>(to.write(std::string_view{truth}.substr(0, truth.size() - verdict.reply.body.size() / 2)));
      return {0, after_exchange::close_politely};
    case fault_kind::reset_mid_answer:
      static_cast<void>(to.write(std::string_view{truth}.substr(0, truth.size() / 2)));
      return {0, after_exchange::reset};
    case fault_kind::close_without_notify:
      static_cast<void>(to.write(render(verdict.reply, framing::length)));  // whole by its length, so no truncation attack
      return {verdict.reply.status, after_exchange::close_silently};
    case fault_kind::no_answer: return {0, after_exchange::close_politely};
    case fault_kind::reset_at_accept:
    case fault_kind::reset_before_read:
    case fault_kind::reset_mid_read:
    case fault_kind::reset_after_read: break;
  }
  return {0, after_exchange::reset};
}

void finish(after_exchange how, stream& to, int socket) {
  if (how == after_exchange::close_politely) to.close_politely();
  if (how == after_exchange::reset) arm_reset(socket);
}

// One request and its answer.
after_exchange exchange(service& with, request_reader& reader, stream& to, const std::stop_token& stop) {
  const auto started = steady_clock::now();
  if (with.script.take_blind(fault_kind::reset_before_read)) return after_exchange::reset;
  const bool cut = with.script.take_blind(fault_kind::reset_mid_read).has_value();
  const auto from = reader.next(cut ? part_of_body : whole);
  if (cut) return after_exchange::reset;
  if (!from) return after_exchange::close_politely;

  const auto number = with.records.next_request();
  const auto verdict = with.snapchat.judge(*from, with.now());
  const std::string line = from->method + ' ' + from->path;
  const auto what = with.script.take({line, verdict.asset, from->body, verdict.ids});
  // The book is written before the answer leaves: a client that has its answer finds its events counted.
  if (what ? what->accept && verdict.accepted : verdict.accepted)
    with.records.events().accept(verdict.asset, verdict.events, number, with.now());
  pause(with.latency, stop);
  const bool last = !from->problem.empty();
  const sent done = what ? scripted(*what, verdict, to, stop) : reply(to, verdict.reply, last ? framing::close : framing::length);
  const auto took = std::chrono::duration_cast<microseconds>(steady_clock::now() - started);
  with.records.record(*from, verdict, done.status, what ? fault_name(what->kind) : std::string_view{}, took);
  if (from->header("connection") == "close" && done.then == after_exchange::go_on) return after_exchange::close_politely;
  return done.then;
}

}  // namespace

void serve_client(service& with, int socket, const std::stop_token& stop) {
  if (with.script.take_blind(fault_kind::reset_at_accept)) return arm_reset(socket);
  tls_stream client{with.tls, socket};
  if (!client.handshake()) return with.records.count_failed_handshake();
  with.records.count_connection(client.server_name());
  request_reader reader{client, {}};
  auto next = after_exchange::go_on;
  while (next == after_exchange::go_on && !stop.stop_requested() && (reader.has_bytes() || wait_readable(client, socket, stop)))
    next = exchange(with, reader, client, stop);
  finish(next == after_exchange::go_on ? after_exchange::close_politely : next, client, socket);
}

}  // namespace simulator
