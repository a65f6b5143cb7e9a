// What the host writes for people and for machines: log lines, the summary, metrics text.
#include "front_catch.hpp"

#include "json_slice.hpp"
#include "logging.hpp"
#include "metrics_text.hpp"
#include "summary.hpp"

using namespace sinkhost;
using namespace std::chrono_literals;

TEST_CASE("a text line has time, level, logger and message") {
  CHECK(format_log_line(log_format::text, {1650625078123, log_level::warn, "root", "[orders|task-0] paused"}) ==
        "2022-04-22T10:57:58.123Z WARN  root: [orders|task-0] paused");
}

TEST_CASE("a JSON line has connector and task as fields") {
  CHECK(
      format_log_line(log_format::json, {0, log_level::info, "root", "[or\"ders|task-12] said \"hi\"\n"}) ==
      R"({"time":"1970-01-01T00:00:00.000Z","level":"INFO","logger":"root","connector":"or\"ders","task":12,"message":"said \"hi\"\n"})");
  CHECK(format_log_line(log_format::json, {0, log_level::info, "herder", "[orders] created"}) ==
        R"({"time":"1970-01-01T00:00:00.000Z","level":"INFO","logger":"herder","connector":"orders","message":"created"})");
  CHECK(format_log_line(log_format::json, {0, log_level::error, "rest", "plain"}) ==
        R"({"time":"1970-01-01T00:00:00.000Z","level":"ERROR","logger":"rest","message":"plain"})");
}

TEST_CASE("a JSON line is JSON whatever the message holds") {
  const std::string nasty = std::string("[a|task-x] \x01\xFF\r\n\0", 15);
  CHECK(slice_value(format_log_line(log_format::json, {0, log_level::info, "l", nasty})));
}

TEST_CASE("no message can forge another text line") {
  CHECK_THAT(format_log_line(log_format::text, {0, log_level::info, "l", "a\n2022 ERROR\x1b[2J"}),
             Catch::EndsWith("a\\n2022 ERROR\\x1b[2J"));
  // C1 in UTF-8: terminals take U+009B for "ESC [", viewers U+0085 for a new line.
  CHECK_THAT(format_log_line(log_format::text, {0, log_level::info, "l",
                                                "a\xc2\x9b"
                                                "2J\xc2\x85 \xc2\xa0\xc3\x9f"}),
             Catch::EndsWith("a\\xc2\\x9b2J\\xc2\\x85 \xc2\xa0\xc3\x9f"));
}

TEST_CASE("levels are read by Kafka Connect's names") {
  CHECK(log_level_from("debug") == log_level::debug);
  CHECK(log_level_from("FATAL") == log_level::error);
  CHECK(log_level_from("verbose") == std::nullopt);
}

namespace {
metric_sample sample(const std::string& name, double value, std::vector<std::pair<std::string, std::string>> labels = {},
                     std::int32_t kind = SCA_METRIC_COUNTER) {
  metric_sample out;
  out.name = name;
  out.help = "help";
  out.value = value;
  out.labels = std::move(labels);
  out.kind = kind;
  return out;
}
}  // namespace

TEST_CASE("totals sum over connectors and tasks by the names' ends") {
  const auto t =
      totals_of({.consumed = 9},
                {sample("x_records_total", 3, {{"outcome", "delivered"}, {"task", "0"}}),
                 sample("x_records_total", 4, {{"outcome", "delivered"}, {"task", "1"}}),
                 sample("x_records_total", 2, {{"outcome", "rejected"}}), sample("x_records_total", 1, {{"outcome", "skipped"}}),
                 sample("x_requests_total", 5, {{"status", "200"}}), sample("x_retries_total", 6),
                 sample("x_in_flight_requests", 2), sample("sink_host_consumer_lag", 11), sample("other_total", 100)});
  CHECK(t.consumed == 9);
  CHECK(t.delivered == 7);
  CHECK(t.rejected == 2);
  CHECK(t.skipped == 1);
  CHECK(t.requests == 5);
  CHECK(t.retries == 6);
  CHECK(t.in_flight == 2);
  CHECK(t.lag == 11);
}

TEST_CASE("the summary says what changed and is silent when nothing did") {
  summary s;
  CHECK(s.line({}, 10s) == std::nullopt);
  CHECK(s.line({.consumed = 5, .delivered = 4, .rejected = 1, .requests = 2, .lag = 3}, 10s) ==
        "in 10 s: 5 consumed, 4 delivered, 1 rejected, 0 skipped, 2 requests, 0 retries; 0 in flight, lag 3");
  CHECK(s.line({.consumed = 5, .delivered = 4, .rejected = 1, .requests = 2, .lag = 9}, 10s) == std::nullopt);
  CHECK_THAT(*s.line({.consumed = 2}, 10s), Catch::StartsWith("in 10 s: 2 consumed, 0 delivered"));  // a task started anew
  CHECK(s.line({.consumed = 2, .in_flight = 1}, 10s).has_value());
}

TEST_CASE("a histogram's buckets add up and end with infinity") {
  auto h = sample("h", 4.5, {}, SCA_METRIC_HISTOGRAM);
  h.bounds = {1, 2};
  h.counts = {3, 2, 1};
  const std::string text = metrics_text({h});
  for (const char* line : {"# TYPE h histogram\n", "h_bucket{le=\"1\"} 3\n", "h_bucket{le=\"2\"} 5\n",
                           "h_bucket{le=\"+Inf\"} 6\n", "h_sum 4.5\n", "h_count 6\n"}) {
    CHECK_THAT(text, Catch::Contains(line));
  }
}

TEST_CASE("samples of one name are one family, bad names and second kinds are left out") {
  const std::string text = metrics_text({sample("a_total", 1, {{"c", "x\"y\n"}}), sample("b", 2, {}, SCA_METRIC_GAUGE),
                                         sample("a_total", 3, {{"c", "z"}}), sample("a_total", 9, {}, SCA_METRIC_GAUGE),
                                         sample("bad name", 1), sample("", 1), sample("0x", 1)});
  CHECK(text ==
        "# HELP a_total help\n# TYPE a_total counter\na_total{c=\"x\\\"y\\n\"} 1\na_total{c=\"z\"} 3\n# HELP b help\n# TYPE b "
        "gauge\nb 2\n");
}
