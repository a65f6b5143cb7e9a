#include "world.hpp"

namespace model {

world::world(unsigned seed, std::int32_t partitions, std::int64_t records) {
  std::mt19937 random(seed);
  for (std::int32_t p = 0; p < partitions; ++p) {
    auto& log = logs_.emplace_back();
    for (std::int64_t offset = 0; static_cast<std::int64_t>(log.size()) < records;
         offset += random() % 4 == 0 ? 2 + random() % 3 : 1)
      log.push_back(offset);
    committed_[p] = 0;
  }
}

std::string world::value(std::int32_t partition, std::int64_t offset) {
  return "value of " + std::to_string(partition) + " at " + std::to_string(offset);
}

void world::deliver(std::int32_t partition, std::int64_t offset, std::string_view text) {
  const std::scoped_lock lock(facts_mutex_);
  if (text == value(partition, offset)) delivered_.insert({partition, offset});
}

void world::make_durable(std::int32_t partition, std::int64_t offset) {
  const std::scoped_lock lock(facts_mutex_);
  durable_.insert({partition, offset});
}

void world::commit(std::int32_t partition, std::int64_t at) {
  const std::scoped_lock lock(facts_mutex_);
  for (const std::int64_t offset : offsets(partition)) {
    if (offset >= at) break;
    if (!delivered_.contains({partition, offset}) && !durable_.contains({partition, offset})) {
      complaints_.push_back("committed " + std::to_string(at) + " of partition " + std::to_string(partition) + ", but offset " +
                            std::to_string(offset) + " is neither delivered nor a durable dead letter");
      break;
    }
  }
  committed_[partition] = at;
}

std::int64_t world::committed(std::int32_t partition) const {
  const std::scoped_lock lock(facts_mutex_);
  return committed_.at(partition);
}

bool world::complete() const {
  const std::scoped_lock lock(facts_mutex_);
  for (std::int32_t p = 0; p < partitions(); ++p)
    if (committed_.at(p) < offsets(p).back() + 1) return false;
  return true;
}

void world::complain(const std::string& what) {
  const std::scoped_lock lock(facts_mutex_);
  complaints_.push_back(what);
}

std::vector<std::string> world::complaints() const {
  const std::scoped_lock lock(facts_mutex_);
  return complaints_;
}

std::string world::summary() const {
  const std::scoped_lock lock(facts_mutex_);
  std::string out =
      std::to_string(delivered_.size()) + " delivered, " + std::to_string(durable_.size()) + " dead letters, committed";
  for (const auto& [p, at] : committed_) out += " " + std::to_string(at) + "/" + std::to_string(offsets(p).back() + 1);
  return out;
}

}  // namespace model
