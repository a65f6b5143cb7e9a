// Requests as a whole: access, sizes, envelope, and the shape of the answers.
#include <catch2/catch.hpp>

#include "endpoint.hpp"
#include "sample_events.hpp"

using namespace simulator;
using namespace simulator::test;

namespace {

request post(const std::string& body, const std::string& path = "/v3/" + pixel + "/events", const std::string& token = "T") {
  return {.method = "POST",
          .path = path,
          .query = {{"access_token", token}},
          .headers = {{"Content-Type", "application/json"}},
          .body = body,
          .problem = {}};
}

struct fixture {
  endpoint snapchat;
  fixture() {
    snapchat.replace_tokens({{"T", {}}, {"ELSEWHERE", {snap_app}}});
    snapchat.add_asset(pixel, asset_kind::pixel);
    snapchat.add_asset(snap_app, asset_kind::app);
  }
  judgement judge(const request& from) { return snapchat.judge(from, now); }
};

std::string enveloped(const std::string& events) { return "{\"data\":[" + events + "]}"; }

}  // namespace

TEST_CASE_METHOD(fixture, "a good request is answered VALID and its events count") {
  const auto got = judge(post(enveloped(purchase)));
  CHECK(got.reply.status == 200);
  CHECK(got.reply.body == R"({"status":"VALID","reason":"Events have been processed successfully."})");
  CHECK(got.accepted);
  CHECK(got.events.size() == 1);
  CHECK(got.ids == std::vector<std::string>{"order-1"});
}

TEST_CASE_METHOD(fixture, "one bad event refuses the whole request and is named by its index") {
  const auto got = judge(post(enveloped(purchase + "," + with(purchase, "\"currency\":\"USD\",", ""))));
  CHECK(got.reply.status == 400);
  CHECK(
      got.reply.body ==
      R"({"status":"INVALID","event":1,"errors":{"codes":["517"],"error_msgs":["custom_data.currency: required on a purchase"]}})");
  CHECK_FALSE(got.accepted);
  CHECK(got.refused_by == "purchase.incomplete");
}

TEST_CASE_METHOD(fixture, "missing identity is refused inside a 200 with code 507") {
  const auto got =
      judge(post(enveloped(R"({"event_name":"SHARE","event_time":1705508000,"action_source":"WEB","user_data":{}})")));
  CHECK(got.reply.status == 200);
  CHECK(got.reply.body ==
        R"({"status":"INVALID","event":0,"errors":{"codes":["507"],"error_msgs":["Insufficient customer information."]}})");
}

TEST_CASE_METHOD(fixture, "access is by token and asset") {
  CHECK(judge(post(enveloped(purchase), "/v3/" + pixel + "/events", "nobody")).reply.status == 401);
  CHECK(judge(post(enveloped(purchase), "/v3/" + pixel + "/events", "")).reply.status == 401);
  CHECK(judge(post(enveloped(purchase), "/v3/" + pixel + "/events", "ELSEWHERE")).reply.status == 403);
  CHECK(judge(post(enveloped(purchase), "/v3/aaaaaaaa-2222-4333-8444-555555555555/events")).reply.status == 403);
  CHECK(judge(post(enveloped(purchase), "/v3/not-a-uuid/events")).reply.status == 404);
  CHECK(judge(post(enveloped(purchase), "/v3/conversion")).reply.status == 404);
  CHECK(judge(post(enveloped(purchase), "/v2/conversion")).reply.status == 404);
  auto wrong_verb = post("");
  wrong_verb.method = "GET";
  CHECK(judge(wrong_verb).reply.status == 405);
}

TEST_CASE_METHOD(fixture, "a request of 2000 events passes and one of 2001 does not") {
  std::string events = offline;
  for (int count = 1; count < 2000; ++count) events += "," + offline;
  CHECK(judge(post(enveloped(events))).reply.body == R"({"status":"VALID","reason":"Events have been processed successfully."})");
  const auto got = judge(post(enveloped(events + "," + offline)));
  CHECK(got.reply.status == 400);
  CHECK(got.refused_by == "request.events");
}

TEST_CASE_METHOD(fixture, "a body that is no envelope is refused") {
  for (const std::string body :
       {"", "{", "[]", "{}", "{\"data\":{}}", "{\"data\":[]}", "{\"data\":[],\"extra\":1}", "{\"data\":null}"}) {
    INFO(body);
    const auto got = judge(post(body));
    CHECK(got.reply.status == 400);
    CHECK(got.reply.body.find("Request parsing failed") != std::string::npos);
  }
  CHECK(judge(post(enveloped(purchase) + "x")).reply.status == 400);
  CHECK(judge(post(enveloped(with(purchase, "\"order-1\"", "\"\xff\"")))).reply.status == 400);
}

TEST_CASE_METHOD(fixture, "the content type is JSON, not compressed") {
  auto from = post(enveloped(purchase));
  from.headers = {{"Content-Type", "text/plain"}};
  CHECK(judge(from).reply.status == 415);
  from.headers = {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}};
  CHECK(judge(from).reply.status == 415);
}

TEST_CASE_METHOD(fixture, "a body over the limit is 413") {
  auto from = post(enveloped(purchase));
  from.body_too_large = true;
  CHECK(judge(from).reply.status == 413);
}

TEST_CASE_METHOD(fixture, "test events and validation do not count") {
  const auto coded = judge(post("{\"data\":[" + purchase + "],\"test_event_code\":\"TEST1\"}"));
  CHECK(coded.reply.status == 200);
  CHECK_FALSE(coded.accepted);
  const auto checked = judge(post(enveloped(purchase), "/v3/" + pixel + "/events/validate"));
  CHECK(checked.reply.status == 200);
  CHECK_FALSE(checked.accepted);
  CHECK(checked.validated == 1);
}

TEST_CASE_METHOD(fixture, "validation tells every bad event") {
  const auto bad = with(purchase, "PURCHASE", "NOTHING");
  const auto got = judge(post(enveloped(bad + "," + purchase + "," + bad), "/v3/" + pixel + "/events/validate"));
  CHECK(got.reply.status == 400);
  CHECK(got.reply.body.find(R"("test_event":true)") != std::string::npos);
  CHECK(got.reply.body.find(R"({"event":0,)") != std::string::npos);
  CHECK(got.reply.body.find(R"({"event":2,)") != std::string::npos);
  CHECK(got.reply.body.find(R"({"event":1,)") == std::string::npos);
}
