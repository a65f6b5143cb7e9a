#include "files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sinkhost {
namespace {

class descriptor {
 public:
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

sca::error failed(std::string_view what, const std::filesystem::path& path) {
  const int why = errno;
  return sca::fail(SCA_UNAVAILABLE, fmt::format("{} {}: {}", what, path.string(), std::generic_category().message(why)));
}

int retrying(auto&& call) {
  for (;;) {
    const auto n = call();
    if (n >= 0 || errno != EINTR) return static_cast<int>(n);
  }
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const int n = retrying([&] { return ::write(fd, text.data(), text.size()); });
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

sca::result<void> sync_directory(const std::filesystem::path& directory) {
  const descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) return failed("cannot make durable", directory);
  return {};
}

}  // namespace

sca::result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const descriptor fd(retrying([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!fd.valid()) return failed("cannot read", path);
  std::string out;
  char buffer[16384];
  for (;;) {
    const int n = retrying([&] { return ::read(fd.get(), buffer, sizeof buffer); });
    if (n < 0) return failed("cannot read", path);
    if (n == 0) return out;
    out.append(buffer, static_cast<std::size_t>(n));
    if (out.size() > max_bytes)
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("{} is larger than {} bytes", path.string(), max_bytes));
  }
}

sca::result<void> replace_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::path beside = path;
  beside += ".tmp";
  {
    const descriptor fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!fd.valid() || ::fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0) return failed("cannot create", beside);
    if (!write_all(fd.get(), text) || ::fsync(fd.get()) != 0) {
      const auto why = failed("cannot write", beside);
      ::unlink(beside.c_str());
      return why;
    }
  }
  return rename_file(beside, path);
}

sca::result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed("cannot replace", to);
  return sync_directory(to.parent_path());
}

sca::result<void> remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("cannot remove", path);
  return sync_directory(path.parent_path());
}

}  // namespace sinkhost
