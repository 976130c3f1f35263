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
    std::string lang;  ///< of the title; "" where it is the page's
};

/// Of what providers answered; entries that are not of the shape are left out, and a path counts once.
void add_map_entries(std::vector<MapEntry>& into, const concejo::Json& answer);

/// https://www.sitemaps.org/protocol.html lets a file hold 50,000 addresses and 50 MiB, and then wants an
/// index of several. Each of ours holds fewer, because every address brings the same page in each language
/// along.
inline constexpr std::size_t addresses_per_file = 10'000;

/// One where everything fits. All languages of a page are in the same file.
std::size_t site_map_files(std::size_t entries, std::size_t languages);

/// The file `number` (1 is the first), with xhtml:link for each language. `absolute(language, path)`.
std::string site_map_xml(
    const std::vector<MapEntry>& entries, const std::vector<std::string>& languages,
    const std::function<std::string(std::string_view language, std::string_view path)>& absolute,
    std::size_t number = 1);

/// The index of all files. `address(number)` is a file's absolute address.
std::string site_map_index(const std::vector<MapEntry>& entries, std::size_t languages,
                           const std::function<std::string(std::size_t number)>& address);

}  // namespace kernel::web
