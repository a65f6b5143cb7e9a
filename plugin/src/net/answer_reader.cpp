#include "net/answer_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <iterator>
#include <utility>

#include "net/text.hpp"

namespace snap::net {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t max_field_bytes = 128;  // Retry-After and Date are shorter than this, or nonsense

[[nodiscard]] std::string field(const http::fields& fields, http::field name) {
  const auto found = fields.find(name);
  if (found == fields.end() || found->value().size() > max_field_bytes) return {};
  return std::string(found->value());
}

}  // namespace

struct answer_reader::parser : http::response_parser<http::string_body> {
  explicit parser(const answer_limits& limits) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    body_limit(limits.body_bytes);
  }
};

answer_reader::answer_reader(answer_limits limits, answer_to to) : limits_(limits), to_(to) { expect_next(); }

answer_reader::~answer_reader() = default;

void answer_reader::expect_next() {
  parser_ = std::make_unique<parser>(limits_);
  if (to_ == answer_to::connect) parser_->skip(true);
  start_ = start_line::awaited;
  header_bytes_ = 0;
}

answer_reader::state answer_reader::feed(std::string_view bytes) {
  if (bytes.empty()) return state::more;
  untouched_ = false;
  unparsed_.append(bytes);
  return parse();
}

answer_reader::state answer_reader::parse() {
  while (!unparsed_.empty()) {
    if (const state s = check_start(); s == state::failed) return s;
    const bool had_header = parser_->is_header_done();
    // Beast asserts that the last chunk never comes in smaller pieces; "0\r\n\r\n" or more has to follow in any case.
    if (had_header && parser_->chunked() && unparsed_.size() < 5 && unparsed_.starts_with("0\r\n")) return state::more;
    boost::system::error_code ec;
    const std::size_t used = parser_->put(boost::asio::buffer(unparsed_), ec);
    unparsed_.erase(0, used);
    if (!had_header) {
      // The parser bounds what it sees at once; a header that drips in field by field is bounded here. It stops at the header's
      // end, so that nothing of a body is counted, and then takes whatever there is.
      header_bytes_ += used;
      if (header_bytes_ > limits_.header_bytes) return fail_parse(http::error::header_limit);
      parser_->eager(parser_->is_header_done());
      if (parser_->is_header_done()) {
        if (const state s = on_header(); s == state::failed) return s;
        if (!parser_->is_header_done()) continue;  // it was an interim answer: a new parser waits for the next one
      }
    }
    if (ec == http::error::need_more) {
      // the end of a chunk's header or of a trailer may never come
      if (unparsed_.size() > limits_.header_bytes)
        return fail(link_failure::response_too_large, "a line of the answer has no end");
      return state::more;
    }
    if (ec) return fail_parse(ec);
    if (parser_->is_done()) return state::complete;
  }
  return parser_->is_done() ? state::complete : state::more;
}

// The parser waits for the end of a line before it looks at it; garbage without one would be a time-out. Its first bytes tell.
answer_reader::state answer_reader::check_start() {
  constexpr std::string_view start = "HTTP/1.";
  if (start_ == start_line::seen) return state::more;
  const std::string_view head = std::string_view(unparsed_).substr(0, start.size());
  if (head != start.substr(0, head.size())) {
    return fail(link_failure::response_malformed, "the answer is not HTTP/1.x, it begins \"" + shown(unparsed_, 40) + "\"");
  }
  if (head.size() == start.size()) start_ = start_line::seen;
  return state::more;
}

answer_reader::state answer_reader::fail_parse(const boost::system::error_code& ec) {
  if (ec == http::error::header_limit) {
    return fail(link_failure::response_too_large,
                "the answer's header exceeds " + std::to_string(limits_.header_bytes) + " bytes");
  }
  if (ec == http::error::body_limit || ec == http::error::buffer_overflow) {
    return fail(link_failure::response_too_large, "the answer's body exceeds " + std::to_string(limits_.body_bytes) + " bytes");
  }
  return fail(link_failure::response_malformed, "the answer is not valid HTTP: " + ec.message());
}

answer_reader::state answer_reader::on_header() {
  const auto& message = parser_->get();
  if (const auto n = static_cast<std::size_t>(std::distance(message.begin(), message.end())); n > limits_.fields) {
    return fail(link_failure::response_too_large, "the answer has " + std::to_string(n) + " header fields");
  }
  const unsigned status = message.result_int();
  if (status < 100) return fail(link_failure::response_malformed, "the answer's status is " + std::to_string(status));
  if (status >= 200) return state::more;
  if (status == 101) return fail(link_failure::response_malformed, "the server switched protocols unasked");
  if (++interim_ > limits_.interim) return fail(link_failure::response_malformed, "too many interim answers");
  expect_next();
  return state::more;
}

answer_reader::state answer_reader::end(stream_end how) {
  if (untouched_) return fail(link_failure::closed_early, "the server closed the session before its answer");
  // Without a length only close_notify tells a whole body from one that somebody cut.
  if (how == stream_end::clean && parser_->is_header_done()) {
    boost::system::error_code ec;
    parser_->put_eof(ec);
    if (!ec && parser_->is_done()) return state::complete;
  }
  return fail(link_failure::closed_early, "the server closed the session in the middle of its answer");
}

answer_parts answer_reader::take() {
  auto& message = parser_->get();
  answer_parts out;
  out.status = static_cast<int>(message.result_int());
  out.retry_after = field(message, http::field::retry_after);
  out.date = field(message, http::field::date);
  if (const auto found = message.find(http::field::location); found != message.end())
    out.location = shown_location(found->value());
  // Bytes beyond the answer answer nothing that was asked: such a session is not used again.
  out.reuse = parser_->keep_alive() && !has_rest() ? keep_alive::yes : keep_alive::no;
  out.body = std::move(message.body());
  return out;
}

answer_reader::state answer_reader::fail(link_failure what, std::string reason) {
  error_ = {what, std::move(reason)};
  return state::failed;
}

}  // namespace snap::net
