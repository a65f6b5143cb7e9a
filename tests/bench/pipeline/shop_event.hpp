// The n-th Segment "Order Completed" of the benchmark: about 810 bytes, six values that get hashed (e-mail, phone, first and last
// name, country, user id), times of today. Deterministic but for the time.
#pragma once
#include <cstdint>
#include <string>

namespace bench {

[[nodiscard]] std::string shop_event(std::uint64_t n, std::int64_t now_seconds);

}  // namespace bench
