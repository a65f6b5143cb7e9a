#include "event/page_address.hpp"

#include <algorithm>

#include "event/text.hpp"

namespace snap::event {
namespace {

// "ScCid=…" as it stands in the query; Snapchat's click id, which strip leaves in user_data too.
std::string_view click_id_of(std::string_view query) {
  constexpr std::string_view name = "ScCid=";
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    if (parameter.size() > name.size() && same_word(parameter.substr(0, name.size()), name)) return parameter;
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
  }
  return {};
}

std::string_view without_mail(std::string_view path) {
  const std::size_t at = std::min(path.find('@'), path.find("%40"));
  return at == std::string_view::npos ? path : path.substr(0, path.rfind('/', at) + 1);
}

}  // namespace

bool is_address(std::string_view url) noexcept {
  const std::size_t colon = url.find("://");
  return colon != 0 && colon != std::string_view::npos && colon + 3 < url.size() &&
         std::all_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7F; });
}

bool bare_address(std::string_view url, std::string& out) {
  out.clear();
  url = trim(url);
  const std::size_t colon = url.find(':');
  if (colon == 0 || colon == std::string_view::npos || url.substr(colon, 3) != "://") return false;
  const std::string_view scheme = url.substr(0, colon + 3);
  url.remove_prefix(scheme.size());
  url = url.substr(0, url.find('#'));
  const std::string_view place = url.substr(0, url.find('?'));
  const std::size_t slash = std::min(place.find('/'), place.size());
  const std::string_view authority = place.substr(0, slash);
  const std::string_view host = authority.substr(authority.rfind('@') + 1);  // npos + 1 is 0: all of it
  if (host.empty()) return false;
  out.append(scheme).append(host).append(without_mail(place.substr(slash)));
  if (const std::string_view id = click_id_of(url.substr(std::min(place.size() + 1, url.size()))); !id.empty())
    out.append("?").append(id);
  return true;
}

}  // namespace snap::event
