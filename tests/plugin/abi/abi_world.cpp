#include "abi_world.hpp"

#include <catch2/catch.hpp>

namespace snap::abi::testing {

config_map plain_config() { return {{"snapchat.pixel.id", std::string{pixel}}, {"snapchat.access.token", std::string{token}}}; }

std::vector<sca_pair> pairs(const config_map& config) {
  std::vector<sca_pair> out;
  for (const auto& [key, value] : config) out.push_back({sca::str(key), sca::str(value)});
  return out;
}

std::string purchase(int n) {
  return R"({"event_name":"PURCHASE","action_source":"WEB","event_time":1700003600,"event_id":"id-)" + std::to_string(n) +
         R"(","event_source_url":"https://shop.example/","user_data":{"em":["ada)" + std::to_string(n) +
         R"(@example.org"]},"custom_data":{"currency":"EUR","value":12.5}})";
}

world::world(config_map config) {
  const auto made =
      create_sink(host_.abi(), pairs(config),
                  {.make_transport = [this](const config::net_settings&, std::string&) { return wire_.transport(); },
                   .wall = [this] { return wire_.wall(); },
                   .seed = 7});
  if (!made) FAIL(made.error().message);
  sink_ = *made;
}

world::~world() {
  sink_->stop(sink_);
  sink_->destroy(sink_);
  CHECK(host_.logged_at(SCA_LOG_MISUSE) == 0);
  CHECK(host_.stray_rejections() == 0);
}

sca_status world::start() { return sink_->start(sink_, &error_); }

void world::open(std::uint64_t assignment) {
  const sca_assignment a{.struct_size = sizeof a, .partition = 0, .id = assignment, .topic = SCA_STR("orders")};
  REQUIRE(sink_->open(sink_, &a, &error_) == SCA_OK);
}

std::size_t world::put(std::uint64_t assignment, std::int64_t first, const std::vector<std::optional<std::string>>& values) {
  std::vector<sca::testing::record_spec> specs;
  for (const auto& v : values)
    specs.push_back({.assignment = assignment, .offset = first++, .key = {}, .value = v, .headers = {}});
  sca::testing::record_batch batch{specs};
  std::size_t accepted = 0;
  {
    const sca::testing::fake_host::allowing_rejections allowed{host_};
    REQUIRE(sink_->put(sink_, batch.data(), batch.size(), &accepted, &error_) == SCA_OK);
  }
  batch.revoke();
  return accepted;
}

sca_status world::progress(std::uint64_t assignment, std::int64_t& position) {
  sca_position p{.assignment = assignment, .offset = 123456};
  const sca::testing::fake_host::allowing_rejections allowed{host_};
  const sca_status status = sink_->progress(sink_, &p, 1, &error_);
  position = p.offset;
  return status;
}

std::int64_t world::position(std::uint64_t assignment) {
  std::int64_t p = 0;
  REQUIRE(progress(assignment, p) == SCA_OK);
  return p;
}

sca_status world::flush(std::uint32_t timeout_ms) {
  const sca::testing::fake_host::allowing_rejections allowed{host_};
  return sink_->flush(sink_, timeout_ms, &error_);
}

std::map<std::string, double> world::metrics() {
  std::map<std::string, double> out;
  const auto* table = static_cast<const sca_sink_metrics*>(sink_->get_extension(sink_, SCA_EXT_METRICS));
  REQUIRE(table != nullptr);
  table->collect(
      sink_,
      [](void* ctx, const sca_metric* m) noexcept {
        std::string name{sca::view(m->name)};
        for (std::size_t i = 0; i < m->label_count; ++i) {
          name +=
              (i == 0 ? "{" : ",") + std::string{sca::view(m->labels[i].key)} + "=" + std::string{sca::view(m->labels[i].value)};
        }
        (*static_cast<std::map<std::string, double>*>(ctx))[name + (m->label_count > 0 ? "}" : "")] = m->value;
      },
      &out);
  return out;
}

}  // namespace snap::abi::testing
