// Any body with any status as Snapchat's answer: there is a verdict, what it quotes is bounded and can be printed.
#include <cstdint>
#include <cstdlib>

#include "delivery/reply.hpp"
#include "delivery/verdict.hpp"

namespace delivery = snap::delivery;

namespace {

bool safe(std::string_view text) {
  if (text.size() > 4096) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  snap::net::answer answer;
  answer.status = 100 + (data[0] * 256 + data[1]) % 500;
  const std::size_t events = 1 + data[2] % 4;
  answer.body.assign(reinterpret_cast<const char*>(data) + 3, size - 3);
  answer.retry_after = answer.body.substr(0, 40);
  answer.date = answer.body.substr(0, 40);
  answer.location = "";
  const delivery::reply reply = delivery::read_reply(answer.body);
  if (!safe(reply.text)) std::abort();
  const delivery::verdict v =
      delivery::judge(answer, events, {"asset", "alias"}, delivery::wall_time{std::chrono::seconds{1650628800}});
  if (!safe(v.text) || (v.what == delivery::verdict::kind::split && events == 1)) std::abort();
  if (v.what == delivery::verdict::kind::delivered && (answer.status < 200 || answer.status > 299)) std::abort();
  if (!safe(delivery::event_id_of(answer.body))) std::abort();
  return 0;
}
