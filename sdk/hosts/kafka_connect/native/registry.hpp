// Numbers for objects that Java holds: slot and generation in one jlong, so that a stale or invented number finds nothing instead
// of memory. Objects are shared, so that one that is being closed on one thread lives until a call on another has returned. Any
// thread.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace sca::jni {

template <class T>
class registry {
 public:
  [[nodiscard]] std::int64_t add(std::shared_ptr<T> object) {
    const std::scoped_lock lock(slots_mutex_);
    std::size_t i = 0;
    while (i < slots_.size() && slots_[i].object) ++i;
    if (i == slots_.size()) slots_.emplace_back();
    slots_[i].object = std::move(object);
    return static_cast<std::int64_t>((static_cast<std::uint64_t>(++slots_[i].generation) << 32) | (i + 1));
  }
  [[nodiscard]] std::shared_ptr<T> find(std::int64_t handle) const {
    const std::scoped_lock lock(slots_mutex_);
    const auto* s = slot_of(handle);
    return s ? s->object : nullptr;
  }
  std::shared_ptr<T> remove(std::int64_t handle) {  // null: there was none
    const std::scoped_lock lock(slots_mutex_);
    auto* s = const_cast<slot*>(slot_of(handle));
    return s ? std::exchange(s->object, nullptr) : nullptr;
  }

 private:
  struct slot {
    std::shared_ptr<T> object;
    std::uint32_t generation = 0;
  };
  const slot* slot_of(std::int64_t handle) const {
    const auto bits = static_cast<std::uint64_t>(handle);
    const auto i = static_cast<std::size_t>(bits & 0xffffffff);
    if (i == 0 || i > slots_.size()) return nullptr;
    const auto& s = slots_[i - 1];
    return s.generation == static_cast<std::uint32_t>(bits >> 32) && s.object ? &s : nullptr;
  }
  mutable std::mutex slots_mutex_;
  std::vector<slot> slots_;
};

}  // namespace sca::jni
