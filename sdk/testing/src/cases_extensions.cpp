// get_extension on both sides, and the two extensions of version 1.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "session.hpp"

namespace sca::testing {

namespace {

using namespace std::chrono_literals;

void unknown_extensions(session& s) {
  s.load();
  const char* const ids[] = {"nobody.knows/1", "", "sca.metrics", "sca.metrics/1x", "sca.metrics/99", "sca.preview/1/",
                             "SCA.METRICS/1"};
  auto sink = s.created();
  for (const char* id : ids) {
    if (s.connector().get_extension != nullptr)
      expect(s.connector().get_extension(&s.connector(), id) == nullptr,
             std::string("the connector has an extension '") + id + "'");
    if (sink->sink->get_extension != nullptr)
      expect(sink->sink->get_extension(sink->sink, id) == nullptr, std::string("the sink has an extension '") + id + "'");
  }
}

struct metric_watch {
  std::vector<std::string> wrong;
  std::size_t seen = 0;
};

bool metric_name(std::string_view name) {
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), fine);
}

void look(void* ctx, const sca_metric* m) noexcept {
  auto& w = *static_cast<metric_watch*>(ctx);
  ++w.seen;
  const std::string name(view(m->name));
  const auto complain = [&](const char* what) { w.wrong.push_back("'" + name + "' " + what); };
  if (!SCA_HAS(m, sca_metric, bound_count)) return complain("is shorter than version 1.0");
  if (!metric_name(name)) complain("is no Prometheus name");
  if (m->help.size == 0) complain("has no help");
  if (m->kind == SCA_METRIC_COUNTER && !(m->value >= 0)) complain("is a counter below zero");
  if (m->kind == SCA_METRIC_COUNTER && !name.ends_with("_total")) complain("is a counter without _total");
  for (std::size_t i = 0; i < m->label_count; ++i)
    if (!metric_name(view(m->labels[i].key))) complain("has a label that is no Prometheus name");
  if (m->kind == SCA_METRIC_HISTOGRAM &&
      (m->bounds == nullptr || m->counts == nullptr || !std::is_sorted(m->bounds, m->bounds + m->bound_count)))
    complain("is a histogram without ascending bounds and counts");
}

void metrics_well_formed(session& s) {
  s.load();
  auto sink = s.started();
  const auto* table = sink->sink->get_extension == nullptr
                          ? nullptr
                          : static_cast<const sca_sink_metrics*>(sink->sink->get_extension(sink->sink, SCA_EXT_METRICS));
  if (table == nullptr) skip("the sink has no metrics");
  expect(SCA_HAS(table, sca_sink_metrics, collect) && table->collect != nullptr,
         "the table of " SCA_EXT_METRICS " is incomplete");
  (void)sink->put({s.good(1, 0), s.good(1, 1)});
  (void)sink->progress();
  const auto collect = [&](const char* when) {
    metric_watch w;
    const auto from = clock::now();
    table->collect(sink->sink, look, &w);
    expect(clock::now() - from < 250ms, "collect waited");
    expect(w.wrong.empty(), w.wrong.empty() ? "" : w.wrong.front());
    expect(w.seen > 0, std::string("no metric was shown ") + when);
  };
  collect("while running");
  sink->stop();
  collect("after stop");
}

struct preview_watch {
  std::vector<std::string> records;  // one line each
  std::string wrong;
};

void see(void* ctx, const sca_record* r, const sca_preview* p) noexcept {
  auto& w = *static_cast<preview_watch*>(ctx);
  std::string line = std::to_string(r->offset) + " " + std::to_string(p->outcome) + " " + std::string(view(p->code));
  if (p->outcome == SCA_OUTCOME_SEND && p->output_count == 0) w.wrong = "a record is sent, but has no output";
  if (p->outcome != SCA_OUTCOME_SEND && (p->code.size == 0 || p->message.size == 0))
    w.wrong = "a record is not sent, without a code or a message";
  for (std::uint32_t i = 0; i < p->output_count; ++i)
    line.append(" ").append(view(p->outputs[i]->url)).append(" ").append(view(p->outputs[i]->body));
  w.records.push_back(std::move(line));
}

std::vector<std::string> preview(const session& s, const sca_connector_preview& table, const record_batch& batch) {
  preview_watch w;
  const sca_preview_visitor visitor{
      .struct_size = sizeof visitor, .reserved = 0, .ctx = &w, .record = see, .request = nullptr, .explain = nullptr};
  sca_error error = SCA_ERROR_INIT;
  const pairs config(s.subject.config);
  const sca_status status = table.preview(&s.connector(), config.data(), config.size(), batch.data(), batch.size(),
                                          1'700'000'000'000, &visitor, &error);
  expect(status == SCA_OK, std::string("preview failed: ") + error.message);
  expect(w.wrong.empty(), w.wrong);
  return w.records;
}

void preview_is_pure(session& s) {
  s.load();
  const auto* table =
      s.connector().get_extension == nullptr
          ? nullptr
          : static_cast<const sca_connector_preview*>(s.connector().get_extension(&s.connector(), SCA_EXT_PREVIEW));
  if (table == nullptr) skip("the connector has no preview");
  expect(SCA_HAS(table, sca_connector_preview, preview) && table->preview != nullptr,
         "the table of " SCA_EXT_PREVIEW " is incomplete");
  std::vector<record_spec> specs = {s.good(0, 0), s.good(0, 1), s.good(0, 2)};
  for (const auto& value : s.bad_values()) {
    specs.push_back(s.good(0, static_cast<std::int64_t>(specs.size())));
    specs.back().value = value;
  }
  const record_batch batch(specs);
  const census before = census::take();
  const auto first = preview(s, *table, batch);
  expect(first.size() == specs.size(),
         "preview showed " + std::to_string(first.size()) + " of " + std::to_string(specs.size()) + " records");
  for (std::size_t i = 0; i < first.size(); ++i)
    expect(first[i].starts_with(std::to_string(i) + " "), "preview shows records out of order");
  expect(preview(s, *table, batch) == first, "the same preview came out differently the second time");
  for (const std::string& secret : s.secrets())
    for (const std::string& line : first)
      expect(line.find(secret) == std::string::npos, "preview shows a secret of the configuration");
  const std::string changed = before.difference(census::take());
  expect(changed.empty(), "preview left " + changed);
}

constexpr auto cases = std::to_array<conformance_case>({
    {"unknown-extensions", "An extension that is not known by exactly its id is not there.", unknown_extensions},
    {"metrics-well-formed", "Metrics have Prometheus names, help and sane values, while running and after stop, and never wait.",
     metrics_well_formed},
    {"preview-is-pure", "Preview shows every record once, in order, the same each time, and no secret.", preview_is_pure},
});

}  // namespace

std::span<const conformance_case> extension_cases() { return cases; }

}  // namespace sca::testing
