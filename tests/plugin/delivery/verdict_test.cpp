#include "delivery/verdict.hpp"

#include <catch2/catch.hpp>

#include "delivery/reply.hpp"

using namespace snap::delivery;
using namespace std::chrono_literals;
using snap::event::code;
using kind = verdict::kind;
using net_failure = snap::net::link_failure;

namespace {

constexpr wall_time now{1'700'000'000s};
constexpr recipient pixel{.asset_id = "p-1", .alias = ""}, shop{.asset_id = "p-2", .alias = "shop"};

snap::net::answer http(int status, std::string body = {}) {
  snap::net::answer a;
  a.status = status;
  a.body = std::move(body);
  return a;
}

constexpr const char* valid = R"({"status":"VALID","reason":"Events have been processed successfully."})";
constexpr const char* invalid =
    R"({"status":"INVALID","event":0,"errors":{"codes":["507"],"error_msgs":["Insufficient customer information."]}})";
constexpr const char* bad_token = R"({"status":"INVALID","reason":"Invalid access token"})";

}  // namespace

TEST_CASE("the verdict of each answer, for many events and for one") {
  struct row {
    int status;
    const char* body;
    kind of_many, of_one;
  };
  for (const row& r : {
           row{200, valid, kind::delivered, kind::delivered},
           row{200, R"({"status":"success"})", kind::delivered, kind::delivered},
           row{200, "", kind::delivered, kind::delivered},
           row{204, " \r\n", kind::delivered, kind::delivered},
           row{202, valid, kind::delivered, kind::delivered},
           row{200, invalid, kind::split, kind::reject},
           row{200, bad_token, kind::split, kind::reject},  // a token that is refused never comes as 200
           row{200, "<html>Welcome to the hotel</html>", kind::retry, kind::retry},
           row{200, "{}", kind::retry, kind::retry},
           row{200, R"({"status":"PENDING"})", kind::retry, kind::retry},
           row{200, R"({"status":7})", kind::retry, kind::retry},
           row{200, "[]", kind::retry, kind::retry},
           row{200, R"({"status":"VALID")", kind::retry, kind::retry},
           row{301, "", kind::fatal, kind::fatal},
           row{304, "", kind::fatal, kind::fatal},
           row{307, "", kind::fatal, kind::fatal},
           row{400, invalid, kind::split, kind::reject},
           row{400, "Request parsing failed", kind::split, kind::reject},
           row{400, "Unexpected token < in JSON", kind::split, kind::reject},
           row{400, "", kind::split, kind::reject},
           row{400, bad_token, kind::refused, kind::refused},
           row{400, "The access token has expired.", kind::refused, kind::refused},
           row{401, bad_token, kind::refused, kind::refused},
           row{401, "", kind::refused, kind::refused},
           row{402, "", kind::fatal, kind::fatal},
           row{403, "", kind::fatal, kind::fatal},
           row{404, "", kind::fatal, kind::fatal},
           row{405, "", kind::fatal, kind::fatal},
           row{407, "", kind::fatal, kind::fatal},
           row{408, "", kind::retry, kind::retry},
           row{409, "", kind::split, kind::reject},
           row{410, "", kind::fatal, kind::fatal},
           row{413, "", kind::split, kind::reject},
           row{415, "", kind::fatal, kind::fatal},
           row{418, "", kind::split, kind::reject},
           row{422, "", kind::split, kind::reject},
           row{425, "", kind::retry, kind::retry},
           row{429, "", kind::retry, kind::retry},
           row{431, "", kind::fatal, kind::fatal},
           row{451, "", kind::fatal, kind::fatal},
           row{499, "", kind::split, kind::reject},
           row{500, "", kind::retry, kind::retry},
           row{501, "", kind::retry, kind::retry},
           row{502, "<html>Bad gateway</html>", kind::retry, kind::retry},
           row{503, valid, kind::retry, kind::retry},
           row{504, "", kind::retry, kind::retry},
           row{599, "", kind::retry, kind::retry},
           row{100, "", kind::retry, kind::retry},
           row{600, "", kind::retry, kind::retry},
       }) {
    CAPTURE(r.status, r.body);
    CHECK(judge(http(r.status, r.body), 2, pixel, now).what == r.of_many);
    CHECK(judge(http(r.status, r.body), 1, pixel, now).what == r.of_one);
  }
}

TEST_CASE("every failure of the link is transient and keeps its name") {
  for (std::size_t i = 0; i < retry_reason_count; ++i) {
    if (retry_reasons[i].from == net_failure::none) continue;
    snap::net::answer a;
    a.failure = retry_reasons[i].from;
    a.detail = "tr.snapchat.com: why";
    const verdict v = judge(a, 2, pixel, now);
    CHECK(v.what == kind::retry);
    CHECK(text(v.reason).label == retry_reasons[i].label);
    CHECK(v.text == a.detail);
  }
}

TEST_CASE("no two reasons to retry have one label") {
  for (std::size_t i = 0; i < retry_reason_count; ++i) {
    for (std::size_t k = 0; k < i; ++k) CHECK(retry_reasons[i].label != retry_reasons[k].label);
  }
}

TEST_CASE("Retry-After reaches the verdict") {
  snap::net::answer a = http(429);
  a.retry_after = "7";
  CHECK(judge(a, 2, pixel, now).asked == 7s);
  CHECK(judge(a, 2, pixel, now).reason == retry_reason::throttled);
  a.status = 503;
  CHECK(judge(a, 2, pixel, now).asked == 7s);
}

TEST_CASE("a rejection says what Snapchat said, the status and the event") {
  const verdict v = judge(http(200, invalid), 1, pixel, now);
  CHECK(v.why == code::snap_invalid);
  CHECK(rejection_message(v.text, "order-1") == "507 Insufficient customer information. (http 200, event_id order-1)");
  CHECK(rejection_message(v.text, "") == "507 Insufficient customer information. (http 200)");
  CHECK(judge(http(422), 1, pixel, now).text == "no explanation (http 422)");
  CHECK(judge(http(413), 1, pixel, now).why == code::request_too_large);
}

TEST_CASE("codes and messages are read from every form of answer") {
  struct row {
    const char* body;
    const char* text;
    std::optional<std::uint64_t> event;
  };
  for (
      const row& r : {
          row{invalid, "507 Insufficient customer information.", 0},
          row{R"({"status":"INVALID","event":3,"errors":{"codes":["507","517"],"error_msgs":["A.","B."]}})", "507,517 A. B.", 3},
          row{R"({"status":"INVALID","errors":{"codes":[507]}})", "507", {}},
          row{R"({"status":"INVALID","reason":"Nope."})", "Nope.", {}},
          row{R"({"status":"INVALID","errors":{"codes":["1"]},"reason":"Nope."})", "1 Nope.", {}},
          row{R"({"status":"INVALID","event":-1,"errors":{"codes":"x","error_msgs":[null,{}]},"reason":7})", "", {}},
          row{R"({"status":"INVALID","event":"0"})", "", {}},
          row{R"({"status":"INVALID","event":1.5})", "", {}},
          row{R"({"status":"INVALID","test_event":true,"reason":"r","event_logs":[{"event":0,"status":"VALID"},{"event":1,"status":"INVALID","errors":{"codes":["517"]}}]})",
              "517", 1},
          row{R"({"status":"INVALID","event_logs":[7,{}],"reason":"r"})", "r", {}},
      }) {
    CAPTURE(r.body);
    const reply got = read_reply(r.body);
    CHECK(got.says == reply::status::invalid);
    CHECK(got.text == r.text);
    CHECK(got.event == r.event);
  }
}

TEST_CASE("a fatal verdict names the asset, the alias and what to do") {
  struct row {
    int status;
    const char* body;
    recipient to;
    sca_status code;
    std::vector<const char*> parts;
  };
  for (const row& r : std::initializer_list<row>{
           {403,
            R"({"reason":"No permission"})",
            shop,
            SCA_UNAUTHENTICATED,
            {"asset p-2", "alias shop", "http 403: No permission", "asset.shop.access.token", "restart"}},
           {403, "", pixel, SCA_UNAUTHENTICATED, {"asset p-1", "http 403", "snapchat.access.token"}},
           {404, "", shop, SCA_INVALID_CONFIG, {"asset p-2", "alias shop", "asset.shop.pixel.id", "snapchat.endpoint"}},
           {405, "", pixel, SCA_INVALID_CONFIG, {"http 405", "snapchat.endpoint"}},
           {401, bad_token, pixel, SCA_UNAUTHENTICATED, {"http 401: Invalid access token", "snapchat.access.token", "restart"}},
           {400,
            bad_token,
            shop,
            SCA_UNAUTHENTICATED,
            {"http 400: Invalid access token", "asset.shop.access.token or snapchat.access.token"}},
       }) {
    const verdict v = judge(http(r.status, r.body), 2, r.to, now);
    CHECK(v.status == r.code);
    for (const char* part : r.parts) CHECK_THAT(v.text, Catch::Contains(part));
    CHECK(v.text.size() < sizeof(sca_error::message));
  }
}

TEST_CASE("a redirect names its location without the token") {
  snap::net::answer a = http(302);
  a.location = "https://elsewhere.example/v3/p-1/events?access_token=s3cr3t-token";
  const verdict v = judge(a, 2, pixel, now);
  CHECK(v.status == SCA_INVALID_CONFIG);
  CHECK_THAT(v.text, Catch::Contains("https://elsewhere.example/v3/p-1/events") && Catch::Contains("snapchat.endpoint"));
  CHECK_THAT(v.text, !Catch::Contains("s3cr3t"));
}

TEST_CASE("hostile answers neither grow nor break a message") {
  const std::string deep(100'000, '[');
  CHECK(judge(http(200, deep), 1, pixel, now).what == kind::retry);
  const std::string huge = R"({"status":"INVALID","errors":{"codes":[)" + std::string(100'000, '1') + R"(],"error_msgs":[")" +
                           std::string(200'000, 'x') + "\\n" + R"("]}})";
  const verdict v = judge(http(400, huge), 1, pixel, now);
  CHECK(v.what == kind::reject);
  CHECK(v.text.size() < 300);
  CHECK(v.text.find('\n') == std::string::npos);
}

TEST_CASE("an answer that echoes text cut within a character still says what it says") {
  const std::string cut = R"({"status":"INVALID","reason":"bad city: S)"
                          "\xc3"
                          R"("})";
  CHECK(judge(http(200, cut), 2, pixel, now).what == kind::split);
  const verdict v = judge(http(200, cut), 1, pixel, now);
  CHECK(v.what == kind::reject);
  CHECK(v.text == "bad city: S\\xc3 (http 200)");
  CHECK(judge(http(200, "{\"status\":\"VALID\",\"reason\":\"\xff\"}"), 2, pixel, now).what == kind::delivered);
}

TEST_CASE("the event id of a rendered event is found at its top level only") {
  CHECK(event_id_of(R"({"custom_data":{"event_id":"inner"},"event_id":"outer"})") == "outer");
  CHECK(event_id_of(R"({"event_id":"a\"b\u0041"})") == "a\"bA");
  CHECK(event_id_of(R"({"event_name":"x"})").empty());
  CHECK(event_id_of("not json").empty());
}
