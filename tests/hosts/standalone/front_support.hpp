// What the tests of the front half share: a linked-in plugin with keys and a preview, tasks that do what a test tells them, and a
// herder over both in a directory of its own.
#pragma once
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "herder.hpp"
#include "plugins.hpp"
#include "rest_api.hpp"
#include "worker_task.hpp"

namespace sinkhost::testing {

// Connector test.EchoSink, alias Echo. Keys: echo.url (required), echo.token (SECRET, required), echo.mode (plain|loud),
// echo.batch (1 to 10, default 2), echo.list, echo.field.*. Its preview sends {"raw":VALUE}; null is skipped, a value that begins
// with '!' rejected, one that contains "twice" is sent twice; it needs no token.
[[nodiscard]] const sca_plugin* echo_plugin();
// Connector test.BareSink: no validate, no preview, create() wants the key bare.ok.
[[nodiscard]] const sca_plugin* bare_plugin();

class temporary_directory {
 public:
  temporary_directory();
  ~temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  // Returns the file's path.
  std::filesystem::path write(const std::string& name, std::string_view text) const;
  [[nodiscard]] static std::string read(const std::filesystem::path& file);

 private:
  std::filesystem::path path_;
};

// All fake tasks of a test: what was asked of them, and what they shall say.
class fake_tasks {
 public:
  [[nodiscard]] task_factory factory();

  [[nodiscard]] std::vector<std::string> events() const;  // "start a-0", "pause a-0", "stop a-0", …, in order
  void clear();
  void say(const std::string& task, task_status status);              // "a-0"
  void metrics(std::vector<metric_sample> samples);                   // of every task
  [[nodiscard]] string_map config_of(const std::string& task) const;  // of the last one started
  void refuse_to_start(std::string why);                              // the factory throws
  void hold_stops();                                                  // stop() does not return ...
  void release_stops();                                               // ... until now
  void wait_for_a_stop();                                             // until one is held

 private:
  friend class fake_task;
  void note(const std::string& event);
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
  std::map<std::string, task_status> says_;
  std::map<std::string, string_map> configs_;
  std::vector<metric_sample> metrics_;
  std::string refusal_;
  bool held_ = false;
  int waiting_ = 0;
};

struct fake_offsets {
  std::vector<group_offset> listed;
  std::vector<group_offset> altered;
  int resets = 0;
  std::optional<sca::error> failure;
  [[nodiscard]] offset_admin admin();
};

// A process without Kafka and sockets.
struct host_fixture {
  host_fixture();
  // A second process over the same state directory: drops this one's herder first.
  void restart();
  [[nodiscard]] rest_response ask(const std::string& method, const std::string& target, const std::string& body = "") const;
  // ask(), with the status checked and the answer's JSON text.
  std::string body(int status, const std::string& method, const std::string& target, const std::string& text = "") const;
  void settle() const;

  temporary_directory directory;
  std::map<std::string, std::string> environment_variables;
  std::map<std::string, std::string> files;  // that ${file:…} finds
  fake_tasks tasks;
  fake_offsets offsets;
  plugins known;
  std::unique_ptr<state_store> store;
  std::unique_ptr<herder> connectors;
  std::unique_ptr<rest_api> api;

 private:
  void start();
};

// A configuration that the echo plugin finds good.
[[nodiscard]] string_map good_config(const string_map& changes = {});
[[nodiscard]] std::string json_of(const string_map& config);
[[nodiscard]] std::string create_body(const std::string& name, const string_map& config);

}  // namespace sinkhost::testing
