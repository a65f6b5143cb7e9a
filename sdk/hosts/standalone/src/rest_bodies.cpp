#include "rest_bodies.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "masking.hpp"
#include "sca/views.hpp"

namespace sinkhost {
namespace {

namespace json = boost::json;

json::string text(std::string_view s) { return json::string(s.data(), s.size()); }

json::object config_object(const string_map& config, const sca_connector* plugin) {
  json::object out;
  for (const auto& [key, value] : masked(config, plugin)) out.emplace(key, text(value));
  return out;
}

json::object task_id(const std::string& connector, std::uint32_t task) {
  return {{"connector", text(connector)}, {"task", task}};
}

json::object status_object(const task_view& t, std::string_view worker_id) {
  json::object out{{"id", t.id}, {"state", text(t.state)}, {"worker_id", text(worker_id)}};
  if (!t.trace.empty()) out.emplace("trace", text(t.trace));
  return out;
}

std::string done(const json::value& value) { return json::serialize(value); }

}  // namespace

std::string connector_info_body(const connector_view& c, const sca_connector* plugin) {
  json::array tasks;
  for (const task_view& t : c.tasks) tasks.emplace_back(task_id(c.name, t.id));
  return done(json::object{
      {"name", text(c.name)}, {"config", config_object(c.config, plugin)}, {"tasks", std::move(tasks)}, {"type", "sink"}});
}

std::string config_body(const connector_view& c, const sca_connector* plugin) { return done(config_object(c.config, plugin)); }

std::string status_body(const connector_view& c, std::string_view worker_id) {
  json::object connector{{"state", text(c.state)}, {"worker_id", text(worker_id)}};
  if (!c.trace.empty()) connector.emplace("trace", text(c.trace));
  json::array tasks;
  for (const task_view& t : c.tasks) tasks.emplace_back(status_object(t, worker_id));
  return done(
      json::object{{"name", text(c.name)}, {"connector", std::move(connector)}, {"tasks", std::move(tasks)}, {"type", "sink"}});
}

std::string tasks_body(const connector_view& c, const sca_connector* plugin) {
  json::array out;
  for (const task_view& t : c.tasks)
    out.emplace_back(json::object{{"id", task_id(c.name, t.id)}, {"config", config_object(c.config, plugin)}});
  return done(out);
}

std::string task_status_body(const task_view& t, std::string_view worker_id) { return done(status_object(t, worker_id)); }

std::string offsets_body(const std::vector<group_offset>& offsets) {
  json::array out;
  for (const group_offset& o : offsets) {
    json::value at;
    if (o.offset) at = json::object{{"kafka_offset", *o.offset}};
    out.emplace_back(json::object{{"partition", json::object{{"kafka_topic", text(o.topic)}, {"kafka_partition", o.partition}}},
                                  {"offset", at}});
  }
  return done(json::object{{"offsets", std::move(out)}});
}

std::string topics_body(const std::string& name, const std::vector<std::string>& topics) {
  json::array out;
  for (const std::string& topic : topics) out.emplace_back(text(topic));
  return done(json::object{{name, json::object{{"topics", std::move(out)}}}});
}

std::string names_body(const std::vector<std::string>& names) {
  json::array out;
  for (const std::string& name : names) out.emplace_back(text(name));
  return done(out);
}

std::string plugins_body(const plugins& known) {
  json::array out;
  for (const plugins::entry& e : known.all()) {
    json::object one{
        {"class", text(sca::view(e.connector->id))}, {"type", "sink"}, {"version", text(sca::view(e.connector->version))}};
    if (e.connector->alias.size > 0) one.emplace("alias", text(sca::view(e.connector->alias)));
    out.emplace_back(std::move(one));
  }
  return done(out);
}

}  // namespace sinkhost
