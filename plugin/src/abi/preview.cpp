// The extension sca.preview/1: what would become of records, without network, files or clock. The same mapper and the same rules
// for batches as the sink that sends.
#include <utility>
#include <vector>

#include "abi/connector.hpp"
#include "config/read.hpp"
#include "delivery/payload.hpp"
#include "engine/request_path.hpp"
#include "event/mapper.hpp"
#include "sca/guard.hpp"

namespace snap::abi {
namespace {

constexpr std::string_view method = "POST";

sca_request request(std::string_view url, std::string_view body) {
  return {.struct_size = sizeof(sca_request),
          .reserved = 0,
          .method = sca::str(method),
          .url = sca::str(url),
          .body = sca::str(body)};
}

// The requests that a sink would make if all records came at one moment.
class batches {
 public:
  explicit batches(const config::settings& s)
      : end_(delivery::envelope_end(s.batch.test_event_code)),
        limits_{.max_events = s.batch.max_events, .max_bytes = s.batch.max_bytes, .end_size = end_.size()},
        open_(s.lanes.size()) {}

  void add(std::uint32_t lane, std::string_view event) {
    if (!open_[lane].fits(event.size(), limits_)) seal(lane);
    open_[lane].append(event, {});
  }
  template <class Visit>
  void each(Visit visit) {
    for (std::uint32_t lane = 0; lane < open_.size(); ++lane) {
      if (!open_[lane].empty()) seal(lane);
    }
    for (const auto& [lane, content] : sealed_) visit(lane, content.body() + end_);
  }

 private:
  void seal(std::uint32_t lane) { sealed_.emplace_back(lane, std::exchange(open_[lane], {})); }

  std::string end_;
  delivery::payload_limits limits_;
  std::vector<delivery::payload> open_;
  std::vector<std::pair<std::uint32_t, delivery::payload>> sealed_;
};

std::int32_t outcome_of(event::fate f) {
  switch (f) {
    case event::fate::send: return SCA_OUTCOME_SEND;
    case event::fate::skip: return SCA_OUTCOME_SKIP;
    case event::fate::reject: break;
  }
  return SCA_OUTCOME_REJECT;
}

class previewer {
 public:
  previewer(const config::settings& s, const sca_preview_visitor& visitor, delivery::wall_time now)
      : visitor_(visitor), now_(now), mapper_(s), batches_(s) {
    for (const config::lane& l : s.lanes) urls_.push_back(engine::request_url(s.net, l));
    if (explained()) mapper_.explain(&why_);
  }

  void record(const sca_record& r) {
    rendered_.clear();
    const event::mapped& m = mapper_.map(r, now_, rendered_);
    std::vector<sca_request> outputs;
    std::vector<const sca_request*> pointers;
    sca_preview p{};
    p.struct_size = sizeof p;
    p.outcome = outcome_of(m.what);
    if (m.what == event::fate::send) {
      for (const event::output& o : m.outputs) {
        const std::string_view event = std::string_view{rendered_}.substr(o.at, o.size);
        outputs.push_back(request(urls_[o.lane], event));
        if (batched()) batches_.add(o.lane, event);
      }
      for (const sca_request& o : outputs) pointers.push_back(&o);
    } else {
      p.stage = m.where == event::stage::decode ? SCA_STAGE_DECODE : SCA_STAGE_MAP;
      p.code = sca::str(event::name(m.why));
      p.message = sca::str(m.message);
    }
    p.output_count = static_cast<std::uint32_t>(pointers.size());
    p.outputs = pointers.data();
    visitor_.record(visitor_.ctx, &r, &p);
    if (explained()) visitor_.explain(visitor_.ctx, &r, sca::str(explanation_ = event::to_json(why_)));
  }

  void requests() {
    if (!batched()) return;
    batches_.each([&](std::uint32_t lane, const std::string& body) {
      const sca_request r = request(urls_[lane], body);
      visitor_.request(visitor_.ctx, &r);
    });
  }

 private:
  [[nodiscard]] bool batched() const noexcept {
    return SCA_HAS(&visitor_, sca_preview_visitor, request) && visitor_.request != nullptr;
  }

  [[nodiscard]] bool explained() const noexcept {
    return SCA_HAS(&visitor_, sca_preview_visitor, explain) && visitor_.explain != nullptr;
  }

  const sca_preview_visitor& visitor_;
  delivery::wall_time now_;
  event::mapper mapper_;
  batches batches_;
  std::vector<std::string> urls_;  // by lane, without the token
  std::string rendered_, explanation_;
  event::trace why_;
};

sca_status preview(const sca_connector*, const sca_pair* config, size_t config_count, const sca_record* const* records,
                   size_t count, int64_t now_ms, const sca_preview_visitor* visitor, sca_error* error) noexcept {
  return sca::guarded(error, "preview", [&]() -> sca::result<void> {
    if (visitor == nullptr || !SCA_HAS(visitor, sca_preview_visitor, record) || visitor->record == nullptr) {
      return sca::fail(SCA_MISUSE, "preview without a visitor for records");
    }
    std::vector<sca::config_issue> issues;
    const auto settings = config::read_settings({config, config_count}, config::secrets::optional, issues);
    if (!settings) return sca::fail(SCA_INVALID_CONFIG, all_errors(issues));
    previewer p{*settings, *visitor, delivery::wall_time{delivery::milliseconds{now_ms}}};
    for (std::size_t i = 0; i < count; ++i) {
      if (records[i] == nullptr || !SCA_HAS(records[i], sca_record, header_count)) {
        return sca::fail(SCA_MISUSE, "preview of a record that is null or shorter than version 1.0");
      }
      p.record(*records[i]);
    }
    p.requests();
    return {};
  });
}

}  // namespace

const sca_connector_preview preview_extension{.struct_size = sizeof(sca_connector_preview), .reserved = 0, .preview = preview};

}  // namespace snap::abi
