// The second half of the mapper: events that passed the checks are written, alone or as members of a batch.
#include <algorithm>

#include "event/mapper_impl.hpp"

namespace snap::event {

json::value mapper::impl::own_id(const plan& p) {
  for (const id_source& source : p.event_id) {
    if (!source.only_if.empty() && first_that_holds(source.only_if, read) == nullptr) continue;
    const json::value own = read(source.from, blank_text::is_absent).one;
    if (own.textual() && !trim(own.text).empty()) return own;
  }
  return {};
}

// Is it an id that the batch has without its members, and an event of this name before this one has it? Snapchat would take the
// two for one. Decided by what stands in the batch, and not by what became of it, so that a replay finds the same.
bool mapper::impl::shares_id(event_name target, const plan& p, std::string_view id) {
  if (!member || !names_before.test(static_cast<std::size_t>(target))) return false;
  auto known = std::find_if(batch_ids.begin(), batch_ids.end(), [&](const auto& row) { return row.first == &p; });
  if (known == batch_ids.end()) {
    unwrap.result().leave();
    batch_ids.emplace_back(&p, trim(own_id(p).text));
    unwrap.result().enter(*member);
    known = std::prev(batch_ids.end());
  }
  return known->second == trim(id);
}

// The event's own id, or `topic-partition-offset`, which any replay of the record derives again, with the number of the member of
// a batch. Events that share an id, and a fan-out's copies after the first, are told apart.
void mapper::impl::event_id(std::size_t n, const plan& p, const sca_record& record, std::string& id) {
  const bool peer = settings.mapping.peer != config::compat::none;
  if (const json::value own = own_id(p); own.present()) {
    id = settings.mapping.peer == config::compat::segment ? trim(own.text) : own.text;
    if (shares_id(targets[n], p, id)) id.append("-").append(std::to_string(*member));
    if (peer) return;  // peers give all copies the same id
  } else {
    constexpr std::size_t long_topic = 100;
    const std::string_view topic = sca::view(record.topic);
    if (topic.size() <= long_topic) {
      id = topic;
    } else {  // half of its digest: still one topic, one id
      const sha256_hex::digits digest = hash(topic);
      id.assign(digest.data(), digest.size() / 2);
    }
    id.append("-").append(std::to_string(record.partition)).append("-").append(std::to_string(record.offset));
    if (member) id.append("-").append(std::to_string(*member));
  }
  if (n > 0) id.append("#").append(std::to_string(n + 1));
}

void mapper::impl::explain_id(const judged& j) {
  trace_row row{.field = "event_id", .value = {}, .from = {}, .when = {}, .by = {}, .dropped = {}};
  std::vector<trace_row> rows;
  const plan& p = rules.plan_for(j.event.name, j.event.source);
  for (const auto& source : p.event_id) {
    if (!source.only_if.empty() && first_that_holds(source.only_if, read) == nullptr) continue;
    (void)read.passed_over();  // of what was read before
    (void)read(source.from, blank_text::is_absent);
    if (const auto word = read.passed_over()) {
      rows.push_back(rules.explain("event_id", source.from, *word - source.from.from));
      rows.back().dropped = to_string(normalise::outcome::placeholder);
    }
    row = rules.explain("event_id", source.from, read, blank_text::is_absent);
    if (row.by.empty()) continue;
    if (!source.only_if.empty()) row.when = condition_text(*first_that_holds(source.only_if, read)->row);
    break;
  }
  if (const std::string own(own_id(p).text); shares_id(j.event.name, p, own)) row.from += " and the event's number in the batch";
  if (row.by.empty()) row.by = "topic, partition and offset";
  rows.push_back(std::move(row));
  tracing->events.push_back(
      {.event_name = std::string(j.event.name == event_name::other ? j.event.raw_name : to_text(j.event.name)),
       .fields = std::move(rows)});
}

bool mapper::impl::write(judged& j, const sca_record& record, std::string& out) {
  read_phone_country(j);
  for (std::size_t n = 0; n < targets.size(); ++n) {
    if (ids.size() == outputs.size()) ids.emplace_back();
    std::string& id = ids[outputs.size()];
    j.event.name = targets[n];
    j.event.raw_name = own_name;
    event_id(n, rules.plan_for(targets[n], j.event.source), record, id);
    j.event.event_id = id;
    if (tracing != nullptr) explain_id(j);
    if (!render.render(j.event, text)) {
      problem& p = render.failed();
      return refuse(p.why, std::move(p.text), p.what);
    }
    if (text.size() + envelope > settings.batch.max_bytes) {
      return refuse(code::record_too_large, "the event and its envelope are " + std::to_string(text.size() + envelope) +
                                                " bytes, batch.max.bytes is " + std::to_string(settings.batch.max_bytes));
    }
    outputs.push_back(
        {.lane = j.lane, .at = out.size(), .size = text.size(), .event_id = id, .time = j.event.time, .max_age = j.max_age});
    out.append(text.view());
  }
  return true;
}

bool mapper::impl::map_event(const sca_record& record, time_point now, std::string& out) {
  judged j;
  render.begin_record();
  return judge(j, now) && write(j, record, out);
}

// The list is there, or its absence means that the batch has no events.
bool mapper::impl::is_batch() {
  if (rules.members.empty()) return false;
  const json::value list = read(rules.members).one;
  return list.what == json::kind::array || (!list.present() && rules.preset->batch == batch_form::required);
}

void mapper::impl::skip_member(code why) {
  const auto row = std::find_if(skipped.begin(), skipped.end(), [&](const member_count& m) { return m.why == why; });
  row == skipped.end() ? skipped.push_back({why, 1}) : void(++row->count);
}

// What was explained so far is this member's.
void mapper::impl::explain_member(bool sent) {
  if (tracing == nullptr) return;
  trace_member about{.number = *member, .code = {}, .message = {}, .record = {}, .events = {}};
  if (!sent) {
    about.code = event::name(answer.why);
    about.message = message.empty() && answer.why == code::event_name_unknown ? unknown_name() : message;
  }
  about.record.swap(tracing->record);
  about.events.swap(tracing->events);
  tracing->members.push_back(std::move(about));
}

// Members without a mapping, without consent or skipped by configuration do not stop the others; an invalid one does
// (interfaces.md §6 "Order of checks").
bool mapper::impl::map_members(const sca_record& record, time_point now, std::string& out) {
  json::decoded& batch = unwrap.result();
  if (batch.members.empty()) return end(fate::skip, stage::map, code::record_batch_empty, "the batch has no events");
  names_before.reset();
  batch_ids.clear();
  targets = {};
  std::optional<code> skip;
  std::string skip_text;
  for (std::size_t i = 0; i < batch.members.size(); ++i) {
    const std::size_t size = out.size(), sent = outputs.size(), keys = counts.mark();
    for (const event_name target : targets) names_before.set(static_cast<std::size_t>(target));
    targets = {};  // of this member, until its name is known
    batch.enter(i);
    member = i;
    const bool mapped_it = map_event(record, now, out);
    explain_member(mapped_it);
    if (mapped_it) continue;
    const bool unmapped = answer.why == code::event_name_unknown || answer.why == code::event_name_missing;
    if (answer.what == fate::reject && !unmapped)
      return refuse(answer.why, "event " + std::to_string(i) + " of the batch: " + message);
    skip_member(answer.why);
    out.resize(size);
    outputs.resize(sent);
    counts.take_back(keys);
    if (unmapped || skip) continue;
    skip = answer.why;
    skip_text = message;
  }
  if (!outputs.empty()) return true;
  if (skip) return refuse(*skip, std::move(skip_text), fate::skip);
  if (answer.why == code::event_name_unknown) (void)refuse(code::event_name_unknown, unknown_name());
  return refuse(code::event_name_unknown, "no event of the batch has a mapping; of the last one: " + message,
                settings.mapping.unknown == config::unknown_event::reject ? fate::reject : fate::skip);
}

}  // namespace snap::event
