#include "session.hpp"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>
#include <thread>

#include "sca/config_spec.hpp"

extern "C" char** environ;  // NOLINT(readability-redundant-declaration)

namespace sca::testing {

void session::load() {
  load_error why{};
  library_ = library::open(subject.library, why);
  expect(library_ != nullptr, why.message);
  connector_ = subject.connector.empty() ? library_->connectors()[0] : library_->find(subject.connector);
  expect(connector_ != nullptr, "the library has no connector " + subject.connector);
}

void session::unload() { library_.reset(); }

std::unique_ptr<running_sink> session::created() const {
  auto out = fresh();
  const sca_status status = out->create(subject.config);
  expect(status == SCA_OK, "create with the given configuration failed: " + out->said());
  return out;
}

std::unique_ptr<running_sink> session::started() const {
  auto out = created();
  out->start();
  (void)out->open();
  return out;
}

std::vector<issue> session::validate(const string_pairs& config) const {
  if (connector_->validate == nullptr) skip("the connector has no validate");
  std::vector<issue> out;
  sca_error error = SCA_ERROR_INIT;
  const pairs p(config);
  const sca_status status = connector_->validate(
      connector_, p.data(), p.size(),
      [](void* ctx, const sca_config_issue* i) noexcept {
        static_cast<std::vector<issue>*>(ctx)->push_back(
            {i->severity, std::string(view(i->key)), std::string(view(i->code)), std::string(view(i->message))});
      },
      &out, &error);
  expect(status == SCA_OK, std::string("validate could not judge: ") + error.message);
  return out;
}

const sca_config_key* session::key(std::string_view name) const {
  return config_spec({connector_->keys, connector_->key_count}).find(name);
}

std::vector<std::string> session::secrets() const {
  std::vector<std::string> out;
  for (const auto& [name, value] : subject.config) {
    const sca_config_key* k = key(name);
    if (k != nullptr && k->type == SCA_TYPE_SECRET && value.size() >= 4) out.push_back(value);
  }
  return out;
}

record_spec session::good(std::uint64_t assignment, std::int64_t offset) const {
  const auto& values = subject.traits.values;
  std::string value = values.at(static_cast<std::size_t>(offset) % values.size());
  if (const auto at = value.find("@now@"); at != std::string::npos) value.replace(at, 5, std::to_string(std::time(nullptr)));
  record_spec r;
  r.assignment = assignment;
  r.offset = offset;
  r.key = "key-" + std::to_string(offset);
  r.value = std::move(value);
  return r;
}

std::vector<std::optional<std::string>> session::bad_values() const {
  std::vector<std::optional<std::string>> out(subject.traits.rejected_values.begin(), subject.traits.rejected_values.end());
  out.insert(out.end(), {std::nullopt, std::string("\xff\xfe{"), std::string()});
  return out;
}

namespace {

std::size_t entries(const char* directory) {
  DIR* d = opendir(directory);
  if (d == nullptr) return 0;
  std::size_t n = 0;
  while (const dirent* e = readdir(d))
    if (e->d_name[0] != '.') ++n;
  closedir(d);
  return n;
}

}  // namespace

std::size_t thread_count() { return entries("/proc/self/task"); }
std::size_t descriptor_count() { return entries("/proc/self/fd"); }

// A joined thread's directory can outlive the join by a moment.
bool threads_return_to(std::size_t count, std::chrono::milliseconds limit) {
  const auto deadline = clock::now() + limit;
  while (thread_count() > count) {
    if (clock::now() >= deadline) return false;
    pause_for(std::chrono::milliseconds(1));
  }
  return true;
}

void pause_for(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

census census::take() {
  census c;
  c.threads = thread_count();
  c.descriptors = descriptor_count();
  char here[4096];
  c.directory = getcwd(here, sizeof here) == nullptr ? "" : here;
  for (int s = 1; s < NSIG; ++s) {
    struct sigaction action = {};
    if (sigaction(s, nullptr, &action) != 0) continue;
    c.signals.append(reinterpret_cast<const char*>(&action.sa_handler), sizeof action.sa_handler);
  }
  for (char** e = environ; *e != nullptr; ++e) c.environment.append(*e).push_back('\n');
  return c;
}

std::string census::difference(const census& later) const {
  if (later.threads > threads) return std::to_string(later.threads - threads) + " more threads";
  if (later.descriptors > descriptors) return std::to_string(later.descriptors - descriptors) + " more open files";
  if (later.directory != directory) return "another working directory";
  if (later.signals != signals) return "other signal handlers";
  if (later.environment != environment) return "another environment";
  return {};
}

}  // namespace sca::testing
