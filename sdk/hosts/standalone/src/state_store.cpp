#include "state_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "files.hpp"
#include "json_slice.hpp"

namespace sinkhost {
namespace {

constexpr std::string_view magic = "sink-host connector 1";  // the number is the format's version
constexpr std::string_view footer = "\nend\n";
constexpr std::string_view ending = ".json";
constexpr std::size_t max_state_file = std::size_t{4} << 20;  // a REST body (1 MiB), escaped, and some

std::string sha256_hex(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr) != 1) return {};
  std::string out;
  for (unsigned int i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

std::string system_reason() { return std::generic_category().message(errno); }

// A connector's name as a file name: letters, digits, '-' and '_' stand for themselves, so no name is hidden, a path, or
// another's.
std::string file_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

sca::error damaged(std::string_view why) { return sca::fail(SCA_INVALID_CONFIG, fmt::format("damaged: {}", why)); }

}  // namespace

std::string encode_state(const stored_connector& connector) {
  std::string body = fmt::format("{{\n  \"name\": {},\n  \"initial_state\": \"{}\",\n  \"config\": {{",
                                 json_quoted(connector.name), to_text(connector.state));
  const char* separator = "\n    ";
  for (const auto& [key, value] : connector.config) {
    body += separator;
    append_quoted(body, key);
    body += ": ";
    append_quoted(body, value);
    separator = ",\n    ";
  }
  body += "\n  }\n}";
  return fmt::format("{} {} {}\n{}{}", magic, body.size(), sha256_hex(body), body, footer);
}

sca::result<stored_connector> decode_state(std::string_view text) {
  const std::size_t line = text.find('\n');
  if (!text.starts_with(magic) || line == std::string_view::npos) return damaged("no header");
  const std::string_view rest = text.substr(magic.size(), line - magic.size());
  const std::string_view body_and_footer = text.substr(line + 1);
  if (!body_and_footer.ends_with(footer)) return damaged("it ends early");
  const std::string_view body = body_and_footer.substr(0, body_and_footer.size() - footer.size());
  if (rest != fmt::format(" {} {}", body.size(), sha256_hex(body))) return damaged("length or checksum differ");
  auto document = parse_connector(body);
  if (!document) return document.error();
  if (document->name.empty() || !document->initial) return damaged("name or state is missing");
  return stored_connector{std::move(document->name), *document->initial, std::move(document->config)};
}

sca::result<std::unique_ptr<state_store>> state_store::open(const std::filesystem::path& directory) {
  const auto inner = directory / "connectors";
  for (const auto& d : {directory, inner}) {
    std::error_code failed;
    std::filesystem::create_directories(d.parent_path(), failed);
    if (::mkdir(d.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
      return sca::fail(SCA_UNAVAILABLE, fmt::format("cannot create the state directory {}: {}", d.string(), system_reason()));
    }
  }
  // Only the inner one is forced shut: DIR itself may be a place the user shares, and chmod of it is not ours to do.
  if (::chmod(inner.c_str(), S_IRWXU) != 0)
    return sca::fail(SCA_UNAVAILABLE, fmt::format("{}: {}", inner.string(), system_reason()));
  const auto lock_file = directory / "lock";
  const int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock < 0) return sca::fail(SCA_UNAVAILABLE, fmt::format("cannot open {}: {}", lock_file.string(), system_reason()));
  std::unique_ptr<state_store> out(new state_store(directory, lock));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const auto n = ::read(lock, holder, sizeof holder - 1);
    return sca::fail(
        SCA_UNAVAILABLE,
        fmt::format("the state directory {} is in use by another sink-host (process {}); give each its own --state-dir",
                    directory.string(), n > 0 ? holder : "unknown"));
  }
  const std::string pid = fmt::format("{}", ::getpid());
  if (::ftruncate(lock, 0) != 0 || ::write(lock, pid.data(), pid.size()) < 0) {
    return sca::fail(SCA_UNAVAILABLE, fmt::format("cannot write {}: {}", lock_file.string(), system_reason()));
  }
  return out;
}

state_store::~state_store() { ::close(lock_); }

std::filesystem::path state_store::file_of(const std::string& name) const {
  return directory_ / "connectors" / (file_name(name) + std::string{ending});
}

state_store::content state_store::load() {
  content out;
  std::error_code failed;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory_ / "connectors", failed)) files.push_back(entry.path());
  std::ranges::sort(files);
  for (const auto& file : files) {
    if (file.extension() == ".tmp") static_cast<void>(remove_file(file));  // never renamed, so never the state
    if (file.extension() != ending) continue;
    auto text = read_file(file, max_state_file);
    if (!text && text.error().code != SCA_INVALID_CONFIG) {  // not damaged: perhaps the next start can read it
      out.problems.push_back(text.error().message + "; the connector is not loaded: mend that and start sink-host again");
      continue;
    }
    auto one = text ? decode_state(*text) : sca::result<stored_connector>(text.error());
    if (one && file_of(one->name) != file) one = damaged("it holds another connector's state");
    if (one) {
      out.connectors.push_back(std::move(*one));
      continue;
    }
    std::filesystem::path aside = file;
    aside += ".corrupt";
    const auto moved = rename_file(file, aside);
    out.problems.push_back(
        fmt::format("{}: {}; {}", file.string(), one.error().message,
                    moved ? "moved to " + aside.filename().string() + ", the connector is not loaded: create it again"
                          : moved.error().message));
  }
  std::ranges::sort(out.connectors, {}, &stored_connector::name);
  return out;
}

sca::result<void> state_store::save(const stored_connector& connector) {
  const std::string text = encode_state(connector);
  if (text.size() > max_state_file) {
    return sca::fail(
        SCA_INVALID_CONFIG,
        fmt::format("the configuration takes {} bytes in the state directory, and at most {} are read back; shorten it",
                    text.size(), max_state_file));
  }
  if (const auto back = decode_state(text); !back) return back.error();  // better now than at the next start
  return replace_file(file_of(connector.name), text);
}

sca::result<void> state_store::remove(const std::string& name) { return remove_file(file_of(name)); }

sca::result<void> state_store::withdraw(const std::string& file) const { return remove_file(directory_ / file); }

sca::result<void> state_store::publish(const std::string& file, std::string_view text) const {
  return replace_file(directory_ / file, std::string{text} + "\n");
}

}  // namespace sinkhost
