#include "scripted_plugin.hpp"

#include <algorithm>

namespace sca::testing {

namespace {

scripted_plugin& of(sca_sink* s) noexcept { return *static_cast<scripted_plugin*>(s->self); }

sca_status take(sca_sink* s, const sca_record* const* records, size_t count, size_t* accepted, sca_error* e) noexcept {
  scripted_plugin& p = of(s);
  ++p.puts;
  p.shown = count;
  if (p.during_put) p.during_put();
  for (; *accepted < count && p.room > 0; ++*accepted, --p.room) {
    const sca_record& r = *records[*accepted];
    p.taken.emplace_back(r.assignment, r.offset);
    if (p.reject_in_put.contains(r.offset)) p.reject(r.assignment, r.offset);
  }
  return p.note("put", e);
}

sca_status tell(sca_sink* s, sca_position* positions, size_t count, sca_error* e) noexcept {
  scripted_plugin& p = of(s);
  for (const sca_rejection& r : std::exchange(p.reject_in_progress, {})) p.reject(r.assignment, r.offset);
  for (size_t i = 0; i < count; ++i) {
    const auto at = p.positions.find(positions[i].assignment);
    positions[i].offset = at == p.positions.end() ? SCA_NO_POSITION : at->second;
  }
  return p.note("progress", e);
}

}  // namespace

scripted_plugin::scripted_plugin() : sca_connector{} {
  struct_size = sizeof(sca_connector);
  id = SCA_STR("org.example.Scripted");
  version = SCA_STR("1");
  sca_connector::create = [](const sca_connector* me, const sca_host* h, const sca_pair*, size_t, sca_sink** out,
                             sca_error* e) noexcept {
    auto& p = const_cast<scripted_plugin&>(static_cast<const scripted_plugin&>(*me));
    p.host = h;
    const sca_status status = p.note("create", e);
    if (status == SCA_OK) *out = &p.sink;
    return status;
  };
  sink.struct_size = sizeof sink;
  sink.self = this;
  sink.start = [](sca_sink* s, sca_error* e) noexcept { return of(s).note("start", e); };
  sink.open = [](sca_sink* s, const sca_assignment* a, sca_error* e) noexcept {
    (void)of(s).note("open " + std::to_string(a->id), e);
    return of(s).note("open", e);
  };
  sink.close = [](sca_sink* s, std::uint64_t a) noexcept {
    of(s).positions.erase(a);
    of(s).calls.push_back("close " + std::to_string(a));
  };
  sink.put = take;
  sink.progress = tell;
  sink.flush = [](sca_sink* s, std::uint32_t ms, sca_error* e) noexcept { return of(s).note("flush " + std::to_string(ms), e); };
  sink.stop = [](sca_sink* s) noexcept { of(s).calls.push_back("stop"); };
  sink.destroy = [](sca_sink* s) noexcept { ++of(s).destroyed; };
}

void scripted_plugin::reject(std::uint64_t assignment, std::int64_t offset) const {
  const sca_rejection r{.struct_size = sizeof r,
                        .stage = SCA_STAGE_MAP,
                        .assignment = assignment,
                        .offset = offset,
                        .code = SCA_STR("record.bad"),
                        .message = SCA_STR("it is bad")};
  host->reject(host, &r);
}

sca_status scripted_plugin::note(const std::string& slot, sca_error* e) {
  calls.push_back(slot);
  const auto at = fail.find(slot);
  if (at == fail.end()) return SCA_OK;
  return sca_fail(e, at->second, (slot + " failed").c_str());
}

test_record::test_record(std::string topic, std::int32_t partition, std::int64_t offset, int& alive)
    : topic_(std::move(topic)), alive_(alive) {
  ++alive_;
  record.struct_size = sizeof record;
  record.partition = partition;
  record.offset = offset;
  record.topic = record.routed_topic = str(topic_);
}

void recording_host::dead_letter(dead_letter_ticket ticket, const held_record& record, const rejection& why) {
  letters.push_back({ticket, &record, why.offset, std::string(why.code)});
  if (on_letter) on_letter(ticket);
}

int recording_host::misuses() const {
  return static_cast<int>(
      std::count_if(log_lines.begin(), log_lines.end(), [](const auto& l) { return l.first == SCA_LOG_MISUSE; }));
}

}  // namespace sca::testing
