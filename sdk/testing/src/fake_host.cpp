#include "sca/testing/fake_host.hpp"

#include <algorithm>

#include "sca/views.hpp"

namespace sca::testing {

fake_host::fake_host() {
  static constexpr auto me = [](const sca_host* h) noexcept -> fake_host& { return *static_cast<fake_host*>(h->ctx); };
  abi_ = {.struct_size = sizeof(sca_host),
          .abi_version = SCA_ABI_VERSION,
          .ctx = this,
          .name = SCA_STR("fake-host"),
          .version = SCA_STR("1.0"),
          .connector = SCA_STR("under-test"),
          .task = 0,
          .reserved = 0,
          .wake = [](const sca_host* h) noexcept { ++me(h).wakes_; },
          .reject =
              [](const sca_host* h, const sca_rejection* r) noexcept {
                fake_host& f = me(h);
                if (f.inside_.load() != std::this_thread::get_id()) ++f.stray_;
                const std::scoped_lock lock(f.notes_mutex_);
                f.rejections_.push_back(
                    {r->assignment, r->offset, r->stage, std::string(view(r->code)), std::string(view(r->message))});
              },
          .log_level = [](const sca_host* h) noexcept { return me(h).level_.load(); },
          .log =
              [](const sca_host* h, const sca_log_line* line) noexcept {
                const std::scoped_lock lock(me(h).notes_mutex_);
                me(h).log_.push_back({line->level, std::string(view(line->message))});
              },
          .get_extension = [](const sca_host* h, const char* id) noexcept -> const void* {
            const auto found = me(h).extensions_.find(std::string_view(id));
            return found == me(h).extensions_.end() ? nullptr : found->second;
          }};
}

std::vector<rejected> fake_host::rejections() const {
  const std::scoped_lock lock(notes_mutex_);
  return rejections_;
}

std::vector<logged> fake_host::log() const {
  const std::scoped_lock lock(notes_mutex_);
  return log_;
}

std::size_t fake_host::logged_at(int32_t level) const {
  const std::scoped_lock lock(notes_mutex_);
  return static_cast<std::size_t>(std::count_if(log_.begin(), log_.end(), [&](const logged& l) { return l.level == level; }));
}

void fake_host::forget_rejections() {
  const std::scoped_lock lock(notes_mutex_);
  rejections_.clear();
}

}  // namespace sca::testing
