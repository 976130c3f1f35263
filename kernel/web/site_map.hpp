// The addresses of a municipality's public pages, for people and for robots.
#pragma once

#include <concejo/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::web {

struct MapEntry {
    std::string path;      ///< as plugins write it: "/tablon"
    std::string modified;  ///< AAAA-MM-DD or ""
    std::string title;
};

/// Of what providers answered; entries that are not of the shape are left out, and a path counts once.
void add_map_entries(std::vector<MapEntry>& into, const concejo::Json& answer);

/// https://www.sitemaps.org/protocol.html with xhtml:link for each language. At most 50,000 addresses, the
/// first ones. `absolute(language, path)`.
std::string site_map_xml(
    const std::vector<MapEntry>& entries, const std::vector<std::string>& languages,
    const std::function<std::string(std::string_view language, std::string_view path)>& absolute);

}  // namespace kernel::web
