// A host of the model: what the driver needs of one. Two exist: raw_host, written against the bare C ABI so that each of its
// duties can be left out, and task_host, which is sca::sink_task as real hosts use it. Both poison every view after the call.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "async_sink.hpp"

namespace model {

struct letter {
  std::uint64_t ticket = 0;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
};

class host {
 public:
  virtual ~host() = default;
  [[nodiscard]] virtual bool start() = 0;  // false here and below: the task has failed, the driver restarts it
  [[nodiscard]] virtual bool open(std::int32_t partition) = 0;
  virtual void close(std::int32_t partition) = 0;
  [[nodiscard]] virtual bool offer(const std::vector<position>& records) = 0;
  [[nodiscard]] virtual bool pump() = 0;
  [[nodiscard]] virtual bool flush(std::chrono::milliseconds timeout) = 0;
  virtual void stop() = 0;
  [[nodiscard]] virtual std::size_t backlog() const = 0;
  [[nodiscard]] virtual std::vector<position> take_committable() = 0;
  [[nodiscard]] virtual bool idle(std::int32_t partition) const = 0;
  virtual void settled(std::uint64_t ticket, bool durable) = 0;
  [[nodiscard]] virtual bool woken() = 0;  // since the last time it was asked

  std::vector<letter> letters;  // under way; the driver settles them
};

[[nodiscard]] std::unique_ptr<host> make_raw_host(world& w, defect planted, unsigned seed);
[[nodiscard]] std::unique_ptr<host> make_task_host(world& w, defect planted, unsigned seed);

// A record whose views can be spoilt and mended: armed before each call into the sink, poisoned after it.
struct model_record {
  model_record(std::int32_t partition, std::int64_t offset);
  void arm() noexcept;
  void poison() noexcept;
  const std::int32_t partition;
  const std::int64_t offset;
  sca_record abi{};

 private:
  const std::string whole_;
  std::string value_;  // what the view shows; its bytes never move
};

}  // namespace model
