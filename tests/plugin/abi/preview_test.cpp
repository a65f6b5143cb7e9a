// The extension sca.preview/1.
#include <catch2/catch.hpp>

#include "abi_world.hpp"

using namespace snap::abi;
using namespace snap::abi::testing;

namespace {

struct seen {
  struct record {
    int outcome, stage;
    std::string code, message;
    std::vector<std::string> outputs;  // "METHOD URL BODY"
    std::int64_t offset;
  };
  std::vector<record> records;
  std::vector<std::string> requests;
  std::vector<std::string> explanations;
  sca_status status = SCA_OK;
  std::string error;
};

std::string text(const sca_request& r) {
  return std::string{sca::view(r.method)} + " " + std::string{sca::view(r.url)} + " " + std::string{sca::view(r.body)};
}

enum class batches { yes, no, explained };

seen preview(const config_map& config, const std::vector<std::optional<std::string>>& values, batches with = batches::yes) {
  seen out;
  std::vector<sca::testing::record_spec> specs;
  for (const auto& v : values)
    specs.push_back({.assignment = 0, .offset = static_cast<std::int64_t>(specs.size()), .key = {}, .value = v, .headers = {}});
  const sca::testing::record_batch records{specs};
  const auto list = pairs(config);
  const sca_preview_visitor visitor{
      .struct_size = sizeof visitor,
      .reserved = 0,
      .ctx = &out,
      .record =
          [](void* ctx, const sca_record* r, const sca_preview* p) noexcept {
            seen::record each{.outcome = p->outcome,
                              .stage = p->stage,
                              .code = std::string{sca::view(p->code)},
                              .message = std::string{sca::view(p->message)},
                              .outputs = {},
                              .offset = r->offset};
            for (std::uint32_t i = 0; i < p->output_count; ++i) each.outputs.push_back(text(*p->outputs[i]));
            static_cast<seen*>(ctx)->records.push_back(std::move(each));
          },
      .request = with == batches::yes
                     ? [](void* ctx, const sca_request* r) noexcept { static_cast<seen*>(ctx)->requests.push_back(text(*r)); }
                     : static_cast<void (*)(void*, const sca_request*) noexcept>(nullptr),
      .explain = with == batches::explained
                     ? [](void* ctx, const sca_record*,
                          sca_str json) noexcept { static_cast<seen*>(ctx)->explanations.emplace_back(sca::view(json)); }
                     : static_cast<void (*)(void*, const sca_record*, sca_str) noexcept>(nullptr)};
  sca_error e = SCA_ERROR_INIT;
  out.status = preview_extension.preview(&snapchat_connector, list.data(), list.size(), records.data(), records.size(),
                                         1'700'003'700'000, &visitor, &e);
  out.error = e.message;
  return out;
}

const std::string url = "POST https://tr.snapchat.com/v3/" + std::string{pixel} + "/events ";

}  // namespace

TEST_CASE("a preview shows each record's event, its address without the token, and why others are left out") {
  const seen s = preview(plain_config(), {purchase(1), std::nullopt, "no json", R"({"event_name":"PURCHASE"})"});
  REQUIRE(s.status == SCA_OK);
  REQUIRE(s.records.size() == 4);
  CHECK(s.records[0].outcome == SCA_OUTCOME_SEND);
  REQUIRE(s.records[0].outputs.size() == 1);
  CHECK_THAT(s.records[0].outputs[0], Catch::StartsWith(url + "{") && Catch::Contains(R"("event_id":"id-1")") &&
                                          !Catch::Contains("@") && !Catch::Contains(std::string{token}));
  CHECK(s.records[1].outcome == SCA_OUTCOME_SKIP);
  CHECK(s.records[1].code == "record.tombstone");
  CHECK(s.records[2].outcome == SCA_OUTCOME_REJECT);
  CHECK(s.records[2].stage == SCA_STAGE_DECODE);
  CHECK(s.records[2].code == "record.not.json");
  CHECK(s.records[3].outcome == SCA_OUTCOME_REJECT);
  CHECK(s.records[3].stage == SCA_STAGE_MAP);
  for (std::size_t i = 0; i < 4; ++i) CHECK(s.records[i].offset == static_cast<std::int64_t>(i));
}

TEST_CASE("a preview explains each record to a host that asks, and names no value of it") {
  const seen s = preview(plain_config(), {purchase(1), "no json"}, batches::explained);
  REQUIRE(s.explanations.size() == 2);
  CHECK_THAT(s.explanations[0],
             Catch::StartsWith(R"({"preset":"snap","record":[{"field":"event_name","value":"PURCHASE","from":"$.event_name",)") &&
                 Catch::Contains(R"({"field":"user_data.em","from":"$.user_data.em","by":"preset"})") && !Catch::Contains("@"));
  CHECK(s.explanations[1] == R"({"preset":"snap","record":[],"events":[]})");
}

TEST_CASE("a host of version 1.0, whose visitor is shorter, gets no explanation") {
  seen out;
  const sca_preview_visitor visitor{
      .struct_size = offsetof(sca_preview_visitor, explain),
      .reserved = 0,
      .ctx = &out,
      .record = [](void*, const sca_record*, const sca_preview*) noexcept {},
      .request = nullptr,
      .explain = [](void* ctx, const sca_record*,
                    sca_str) noexcept { static_cast<seen*>(ctx)->explanations.emplace_back("past the end"); }};
  const std::vector<sca::testing::record_spec> specs{
      {.assignment = 0, .offset = 0, .key = {}, .value = purchase(1), .headers = {}}};
  const sca::testing::record_batch records{specs};
  const config_map config = plain_config();
  const auto list = pairs(config);
  sca_error e = SCA_ERROR_INIT;
  CHECK(preview_extension.preview(&snapchat_connector, list.data(), list.size(), records.data(), records.size(),
                                  1'700'003'700'000, &visitor, &e) == SCA_OK);
  CHECK(out.explanations.empty());
}

TEST_CASE("requests are batched as if all records came at once, after the records, by asset") {
  config_map c = plain_config();
  c["batch.max.events"] = "2";
  c["snapchat.test.event.code"] = "T1";
  const seen s = preview(c, {purchase(1), purchase(2), "no json", purchase(3)});
  REQUIRE(s.requests.size() == 2);
  CHECK_THAT(s.requests[0], Catch::StartsWith(url + R"({"data":[{)") && Catch::Contains("id-1") && Catch::Contains("id-2") &&
                                Catch::EndsWith(R"(}],"test_event_code":"T1"})"));
  CHECK_THAT(s.requests[1], Catch::Contains("id-3") && !Catch::Contains("id-2"));
  CHECK(preview(c, {purchase(1)}, batches::no).requests.empty());
}

TEST_CASE("a preview's batches are the sink's own") {
  const std::vector<std::optional<std::string>> values{purchase(1), purchase(2), purchase(3)};
  config_map c = plain_config();
  c["batch.max.events"] = "2";
  world w{c};
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 0, values) == 3);
  w.send();
  const seen s = preview(c, values);
  REQUIRE(s.requests.size() == w.wire().requests().size());
  for (std::size_t i = 0; i < s.requests.size(); ++i) CHECK(s.requests[i] == url + w.wire().requests()[i].body.text());
}

TEST_CASE("secrets may be missing or unresolved references in a preview, other errors may not") {
  config_map c = plain_config();
  c["snapchat.access.token"] = "${file:/secrets:token}";
  CHECK(preview(c, {purchase(1)}).records.size() == 1);
  c.erase("snapchat.access.token");
  CHECK(preview(c, {purchase(1)}).records.size() == 1);
  c["batch.max.events"] = "many";
  const seen bad = preview(c, {purchase(1)});
  CHECK(bad.status == SCA_INVALID_CONFIG);
  CHECK(bad.records.empty());
  CHECK_THAT(bad.error, Catch::Contains("batch.max.events"));
}

TEST_CASE("a preview's validate address follows the test mode") {
  config_map c = plain_config();
  c["snapchat.test.mode"] = "validate";
  CHECK_THAT(preview(c, {purchase(1)}).requests.at(0), Catch::Contains("/events/validate {"));
}
