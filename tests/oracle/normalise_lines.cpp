// Puts lines through one normalisation: `normalise_lines phone < lines`, each line `raw TAB country`; answers `outcome TAB text`.
// For tests/oracle/phones.py and for looking at one value by hand.
#include <iostream>
#include <string>
#include <string_view>

#include "event/normalise/normalise.hpp"

namespace normalise = snap::event::normalise;

namespace {

struct entry {
  std::string_view name;
  normalise::function call;
};
constexpr entry functions[] = {
    {"email", normalise::email},      {"phone", normalise::phone},   {"name", normalise::person_name},
    {"city", normalise::city},        {"state", normalise::state},   {"country", normalise::country},
    {"zip", normalise::zip},          {"gender", normalise::gender}, {"external_id", normalise::external_id},
    {"device", normalise::device_id}, {"ip", normalise::ip_address}, {"currency", normalise::currency},
};

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  for (const entry& e : functions) {
    if (argc != 2 || e.name != argv[1]) continue;
    std::string out;
    for (std::string line; std::getline(std::cin, line);) {
      const std::size_t tab = line.find('\t');
      const std::string country = tab == std::string::npos ? "" : line.substr(tab + 1);
      const normalise::outcome o =
          e.call(std::string_view{line}.substr(0, tab), {.country = country, .phone_country = country}, out);
      std::cout << to_string(o) << '\t' << (normalise::kept(o) ? out : "") << '\n';
    }
    return 0;
  }
  std::cerr << "usage: normalise_lines email|phone|name|city|state|country|zip|gender|external_id|device|ip|currency\n";
  return 2;
}
