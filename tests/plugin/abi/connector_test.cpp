// The connector's tables and its judgement of configurations.
#include <catch2/catch.hpp>
#include <set>

#include "abi_world.hpp"
#include "config/read.hpp"
#include "sca/testing/fake_host.hpp"

using namespace snap::abi;
using namespace snap::abi::testing;

namespace {

struct judged {
  sca_status status;
  std::multiset<std::string> errors, warnings;
};

judged validate(const config_map& config) {
  judged out{};
  const auto list = pairs(config);
  sca_error e = SCA_ERROR_INIT;
  out.status = snapchat_connector.validate(
      &snapchat_connector, list.data(), list.size(),
      [](void* ctx, const sca_config_issue* i) noexcept {
        auto& j = *static_cast<judged*>(ctx);
        (i->severity == SCA_ISSUE_WARNING ? j.warnings : j.errors).emplace(sca::view(i->key));
      },
      &out, &e);
  return out;
}

sca_status create(const config_map& config, sca_sink*& out, std::string& message) {
  static const sca::testing::fake_host host;
  const auto list = pairs(config);
  sca_error e = SCA_ERROR_INIT;
  const sca_status s = snapchat_connector.create(&snapchat_connector, host.abi(), list.data(), list.size(), &out, &e);
  message = e.message;
  return s;
}

}  // namespace

TEST_CASE("the connector names itself, its version and every key") {
  CHECK(sca::view(snapchat_connector.id) == "io.sinkconnector.snapchat.SnapchatSinkConnector");
  CHECK(sca::view(snapchat_connector.alias) == "SnapchatSink");
  CHECK(sca::view(snapchat_connector.version) == SNAPCHAT_SINK_VERSION);
  CHECK(snapchat_connector.key_count == snap::config::keys().size());
  CHECK(snapchat_connector.get_extension(&snapchat_connector, SCA_EXT_PREVIEW) == &preview_extension);
  CHECK(snapchat_connector.get_extension(&snapchat_connector, "sca.unheard.of/1") == nullptr);
  CHECK(snapchat_connector.get_extension(&snapchat_connector, nullptr) == nullptr);
}

TEST_CASE("every preset that the configuration accepts can be read as text") {
  const auto text_of = [](std::string_view key, std::string_view value, std::string& message) {
    std::string text;
    sca_error e = SCA_ERROR_INIT;
    const sca_status s = describe_extension.describe(
        &snapchat_connector, sca::str(key), sca::str(value),
        [](void* ctx, sca_str t) noexcept { *static_cast<std::string*>(ctx) += sca::view(t); }, &text, &e);
    message = e.message;
    return s == SCA_OK ? text : std::string("refused");
  };
  CHECK(snapchat_connector.get_extension(&snapchat_connector, SCA_EXT_DESCRIBE) == &describe_extension);
  std::string message;
  for (const auto* name : {"snap", "segment", "rudder", "ga4", "posthog", "mparticle"}) {
    auto config = plain_config();
    config["mapping.preset"] = name;
    CHECK(validate(config).errors.empty());
    CHECK_THAT(text_of("mapping.preset", name, message),
               Catch::StartsWith("Preset " + std::string(name) + ": ") && Catch::Contains("Action source"));
  }
  CHECK(text_of("mapping.preset", "meta", message) == "refused");
  CHECK_THAT(message, Catch::Contains("snap, segment, rudder, ga4, posthog, mparticle"));
  CHECK(text_of("mapping.compat", "rudder", message) == "refused");
}

TEST_CASE("validate visits every issue at once and is OK as long as it could judge") {
  const judged good = validate(plain_config());
  CHECK(good.status == SCA_OK);
  CHECK(good.errors.empty());
  const judged bad = validate(
      {{"snapchat.pixel.id", "no uuid"}, {"batch.max.events", "many"}, {"snapchat.acess.token", "x"}, {"other.key", "y"}});
  CHECK(bad.status == SCA_OK);
  CHECK(bad.errors.contains("snapchat.pixel.id"));
  CHECK(bad.errors.contains("batch.max.events"));
  CHECK(bad.errors.contains("snapchat.acess.token"));
  CHECK(bad.errors.contains("snapchat.access.token"));
  CHECK(bad.warnings.contains("other.key"));
}

TEST_CASE("create fails exactly when validate has an error, with all of them in its text, and leaves *out alone") {
  sca_sink* sink = nullptr;
  std::string message;
  CHECK(create({{"batch.max.events", "many"}}, sink, message) == SCA_INVALID_CONFIG);
  CHECK(sink == nullptr);
  CHECK_THAT(message, Catch::Contains("batch.max.events"));
  CHECK_THAT(message, Catch::Contains("snapchat."));
  REQUIRE(create(plain_config(), sink, message) == SCA_OK);
  REQUIRE(sink != nullptr);
  sink->stop(sink);
  sink->destroy(sink);
}

TEST_CASE("create reads no file and connects nowhere; start names a CA file that is missing") {
  config_map c = plain_config();
  c["ssl.ca.file"] = "/nonexistent/ca.pem";
  c["snapchat.endpoint"] = "https://127.0.0.1:1";
  sca_sink* sink = nullptr;
  std::string message;
  REQUIRE(create(c, sink, message) == SCA_OK);
  sca_error e = SCA_ERROR_INIT;
  CHECK(sink->start(sink, &e) == SCA_INVALID_CONFIG);
  CHECK_THAT(e.message, Catch::Contains("/nonexistent/ca.pem"));
  sink->stop(sink);
  sink->destroy(sink);
}
