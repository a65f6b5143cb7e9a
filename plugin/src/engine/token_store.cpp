#include "engine/token_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

namespace snap::engine {
namespace {

constexpr std::size_t max_token_bytes = 16 * 1024;

sca::error unusable(const std::string& path, const std::string& what) {
  return sca::fail(SCA_INVALID_CONFIG,
                   "The access token file " + path + " " + what + ". It must hold the token alone, readable for this process.");
}

std::string base64url_decode(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) break;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffffU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xffU);
  }
  return out;
}

}  // namespace

sca::result<sca::secret> read_token_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not stop the thread
  if (fd < 0) return unusable(path, "cannot be read (" + std::generic_category().message(errno) + ")");
  std::string text(max_token_bytes + 1, '\0');
  std::size_t size = 0;
  ssize_t n = 0;
  while (size < text.size() && (n = ::read(fd, text.data() + size, text.size() - size)) > 0) size += static_cast<std::size_t>(n);
  const int error = n < 0 ? errno : 0;
  ::close(fd);
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  std::string_view token{text.data(), size};
  while (!token.empty() && blank(token.front())) token.remove_prefix(1);
  while (!token.empty() && blank(token.back())) token.remove_suffix(1);
  sca::secret out{std::string{token}};
  const bool too_large = size > max_token_bytes, odd = !std::all_of(token.begin(), token.end(), visible);
  const sca::secret wiped{std::move(text)};  // the buffer held the token too
  if (error != 0) return unusable(path, "cannot be read (" + std::generic_category().message(error) + ")");
  if (too_large) return unusable(path, "is larger than 16 KiB");
  if (out.empty()) return unusable(path, "is empty");
  if (odd) return unusable(path, "holds more than a token: white space or other characters in between");
  return out;
}

token_store::stamp token_store::look(const std::string& path) noexcept {
  struct ::stat s {};
  if (::stat(path.c_str(), &s) != 0) return {};
  return {.seconds = s.st_mtim.tv_sec,
          .nanoseconds = s.st_mtim.tv_nsec,
          .inode = s.st_ino,
          .size = static_cast<std::uint64_t>(s.st_size)};
}

sca::result<token_store> token_store::load(const std::vector<config::token_source>& sources) {
  token_store out;
  for (const config::token_source& s : sources) {
    entry e{.path = s.file.string(), .current = s.value, .previous = {}, .seen = {}};
    if (!e.path.empty()) {
      e.seen = look(e.path);  // before reading: a change in between is seen again
      auto read = read_token_file(e.path);
      if (!read) return read.error();
      e.current = std::move(*read);
    }
    out.entries_.push_back(std::move(e));
  }
  return out;
}

bool token_store::reread(std::uint32_t index) {
  entry& e = entries_[index];
  if (e.path.empty()) return false;
  e.seen = look(e.path);
  auto read = read_token_file(e.path);
  if (!read || *read == e.current) return false;
  e.previous = std::move(e.current);
  e.current = std::move(*read);
  return true;
}

std::vector<std::uint32_t> token_store::reread_touched(std::chrono::steady_clock::time_point now) {
  std::vector<std::uint32_t> changed;
  if (now < next_look_) return changed;
  next_look_ = now + std::chrono::seconds{1};
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].path.empty() || look(entries_[i].path) == entries_[i].seen) continue;
    if (reread(i)) changed.push_back(i);
  }
  return changed;
}

void token_store::mask(std::string& text) const {
  constexpr std::size_t shortest = 8;  // of a token: less is a word that any answer may hold
  constexpr std::string_view mask = "[masked]";
  const auto hide = [&](const sca::secret& s) {
    if (s.reveal().size() < shortest) return;
    std::size_t from = 0, at = text.find(s.reveal());
    if (at == std::string::npos) return;
    std::string out;  // not in place: moving the rest each time takes seconds when a server answers with nothing else
    for (; at != std::string::npos; at = text.find(s.reveal(), from)) {
      out.append(text, from, at - from) += mask;
      from = at + s.reveal().size();
    }
    out.append(text, from);
    text = std::move(out);
  };
  for (const entry& e : entries_) {
    hide(e.current);
    hide(e.previous);
  }
}

std::optional<std::chrono::sys_seconds> token_store::first_expiry() const {
  std::optional<std::chrono::sys_seconds> first;
  for (const entry& e : entries_) {
    if (const auto t = jwt_expiry(e.current.reveal()); t && (!first || *t < *first)) first = t;
  }
  return first;
}

std::optional<std::chrono::sys_seconds> jwt_expiry(std::string_view token) {
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string claims = base64url_decode(token.substr(dot + 1, token.find('.', dot + 1) - dot - 1));
  constexpr std::string_view name = "\"exp\":";
  const std::size_t at = claims.find(name);
  if (at == std::string::npos) return std::nullopt;
  constexpr std::int64_t year_10000 = 253'402'300'800;
  std::int64_t seconds = 0;
  std::string_view text = std::string_view{claims}.substr(at + name.size());
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc{}) return std::nullopt;
  if (seconds < 0 || seconds >= year_10000) return std::nullopt;  // no seconds, whatever it counts
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

}  // namespace snap::engine
