#include <algorithm>
#include <array>
#include <string_view>

#include "task.hpp"

namespace sinkhost {
namespace {

// One entry a key or a family. `name` ends in '.' or holds the whole key; where a key also opens a family (transforms and
// transforms.x.type) both are listed.
constexpr std::array exact = {
    std::string_view{"name"},          std::string_view{"connector.class"},   std::string_view{"connector.plugin.version"},
    std::string_view{"tasks.max"},     std::string_view{"tasks.max.enforce"}, std::string_view{"topics"},
    std::string_view{"transforms"},    std::string_view{"predicates"},        std::string_view{"config.action.reload"},
    std::string_view{"key.converter"}, std::string_view{"value.converter"},   std::string_view{"header.converter"},
};

constexpr std::array families = {
    std::string_view{"topics."},        std::string_view{"transforms."},      std::string_view{"predicates."},
    std::string_view{"key.converter."}, std::string_view{"value.converter."}, std::string_view{"header.converter."},
    std::string_view{"errors."},        std::string_view{"consumer."},        std::string_view{"producer."},
    std::string_view{"admin."},
};

}  // namespace

bool is_host_key(const std::string& key) {
  return std::ranges::find(exact, std::string_view{key}) != exact.end() ||
         std::ranges::any_of(families, [&key](std::string_view family) { return key.starts_with(family); });
}

}  // namespace sinkhost
