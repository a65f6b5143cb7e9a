#include "front_support.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include "front_catch.hpp"

#include "json_slice.hpp"

namespace sinkhost::testing {

temporary_directory::temporary_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "sink-host-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}
temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}
std::filesystem::path temporary_directory::write(const std::string& name, std::string_view text) const {
  std::ofstream(path_ / name, std::ios::binary) << text;
  return path_ / name;
}
std::string temporary_directory::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class fake_task final : public worker_task {
 public:
  fake_task(fake_tasks& all, std::string name) : all_(all), name_(std::move(name)) {}
  ~fake_task() override { all_.note("end " + name_); }
  void pause() override { change("pause ", task_state::paused); }
  void resume() override { change("resume ", task_state::running); }
  void stop(std::chrono::milliseconds) override {
    all_.note("stop " + name_);
    std::unique_lock lock(all_.mutex_);
    ++all_.waiting_;
    all_.changed_.notify_all();
    all_.changed_.wait(lock, [this] { return !all_.held_; });
    --all_.waiting_;
  }
  [[nodiscard]] task_status status() const override {
    const std::lock_guard lock(all_.mutex_);
    return all_.says_[name_];
  }
  [[nodiscard]] std::vector<metric_sample> metrics() const override {
    const std::lock_guard lock(all_.mutex_);
    return all_.metrics_;
  }
  [[nodiscard]] task::traffic counts() const override { return {.consumed = 5, .committed = 3, .dead_letters = 1}; }

 private:
  void change(const std::string& event, task_state to) {
    const std::lock_guard lock(all_.mutex_);
    task_status& mine = all_.says_[name_];
    if (mine.state == task_state::failed || mine.state == to) return;
    mine.state = to;
    all_.events_.push_back(event + name_);
  }
  fake_tasks& all_;
  std::string name_;
};

task_factory fake_tasks::factory() {
  return [this](task_config config, initial_state start) -> std::unique_ptr<worker_task> {
    const std::string name = fmt::format("{}-{}", config.connector, config.task);
    const std::lock_guard lock(mutex_);
    if (!refusal_.empty()) throw std::runtime_error(refusal_);
    events_.push_back((start == initial_state::paused ? "start paused " : "start ") + name);
    says_[name] = {start == initial_state::paused ? task_state::paused : task_state::running, ""};
    configs_[name] = config.config;
    return std::make_unique<fake_task>(*this, name);
  };
}

std::vector<std::string> fake_tasks::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}
void fake_tasks::clear() {
  const std::lock_guard lock(mutex_);
  events_.clear();
}
void fake_tasks::note(const std::string& event) {
  const std::lock_guard lock(mutex_);
  events_.push_back(event);
}
void fake_tasks::say(const std::string& task, task_status status) {
  const std::lock_guard lock(mutex_);
  says_[task] = std::move(status);
}
void fake_tasks::metrics(std::vector<metric_sample> samples) {
  const std::lock_guard lock(mutex_);
  metrics_ = std::move(samples);
}
string_map fake_tasks::config_of(const std::string& task) const {
  const std::lock_guard lock(mutex_);
  const auto found = configs_.find(task);
  return found == configs_.end() ? string_map{} : found->second;
}
void fake_tasks::refuse_to_start(std::string why) {
  const std::lock_guard lock(mutex_);
  refusal_ = std::move(why);
}
void fake_tasks::hold_stops() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}
void fake_tasks::release_stops() {
  const std::lock_guard lock(mutex_);
  held_ = false;
  changed_.notify_all();
}
void fake_tasks::wait_for_a_stop() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_ > 0; });
}

offset_admin fake_offsets::admin() {
  const auto answer = [this]() -> sca::result<void> {
    if (failure) return *failure;
    return {};
  };
  return {.list = [this](const task_config&) -> sca::result<std::vector<group_offset>> {
            if (failure) return *failure;
            return listed;
          },
          .alter =
              [this, answer](const task_config&, const std::vector<group_offset>& to) {
                altered = to;
                return answer();
              },
          .reset =
              [this, answer](const task_config&) {
                ++resets;
                return answer();
              }};
}

host_fixture::host_fixture() : known({echo_plugin(), bare_plugin()}) { start(); }

void host_fixture::start() {
  auto opened = state_store::open(directory.path() / "state");
  REQUIRE(opened);
  store = std::move(*opened);
  const reference_source references{.env = [this](const std::string& name) -> std::optional<std::string> {
                                      const auto found = environment_variables.find(name);
                                      return found == environment_variables.end() ? std::nullopt : std::optional(found->second);
                                    },
                                    .file = [this](const std::string& path) -> sca::result<std::string> {
                                      const auto found = files.find(path);
                                      if (found == files.end()) return sca::fail(SCA_UNAVAILABLE, "cannot read " + path);
                                      return found->second;
                                    }};
  connectors = std::make_unique<herder>(
      known, *store, herder_options{.make_task = tasks.factory(), .offsets = offsets.admin(), .references = references});
  rest_context context{.connectors = *connectors,
                       .known = known,
                       .facts = {.version = "1.2.3", .worker_id = "127.0.0.1:8083", .problems = connectors->restore()}};
  api = std::make_unique<rest_api>(std::move(context));
}

void host_fixture::restart() {
  api.reset();
  connectors.reset();
  store.reset();
  start();
}

rest_response host_fixture::ask(const std::string& method, const std::string& target, const std::string& text) const {
  return api->handle({.method = method, .target = target, .body = text});
}

std::string host_fixture::body(int status, const std::string& method, const std::string& target, const std::string& text) const {
  const rest_response answer = ask(method, target, text);
  INFO(method << " " << target << ": " << answer.body);
  CHECK(answer.status == status);
  return answer.body;
}

void host_fixture::settle() const { REQUIRE(connectors->settled_within(std::chrono::seconds(20))); }

string_map good_config(const string_map& changes) {
  string_map out = {{"connector.class", "Echo"}, {"topics", "orders"}, {"echo.url", "https://x"}, {"echo.token", "s3cret"}};
  for (const auto& [key, value] : changes) out[key] = value;
  return out;
}

std::string json_of(const string_map& config) {
  std::string out = "{";
  for (const auto& [key, value] : config)
    out += fmt::format("{}{}:{}", out.size() > 1 ? "," : "", json_quoted(key), json_quoted(value));
  return out + "}";
}

std::string create_body(const std::string& name, const string_map& config) {
  return fmt::format(R"({{"name":{},"config":{}}})", json_quoted(name), json_of(config));
}

}  // namespace sinkhost::testing
