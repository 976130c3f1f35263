#include "kernel/web/site_map.hpp"

#include "kernel/base/clock.hpp"

#include <concejo/escape.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

namespace kernel::web {
namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view schema = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

std::size_t entries_per_file(std::size_t languages) {
    return std::max<std::size_t>(1, addresses_per_file / std::max<std::size_t>(1, languages));
}

/// The entries of one file.
std::span<const MapEntry> file_of(const std::vector<MapEntry>& entries, std::size_t languages,
                                  std::size_t number) {
    const auto size = entries_per_file(languages);
    const auto from = std::min(entries.size(), (number - 1) * size);
    return {entries.data() + from, std::min(size, entries.size() - from)};
}

}  // namespace

void add_map_entries(std::vector<MapEntry>& into, const concejo::Json& answer) {
    if (!answer.is_array()) return;
    std::set<std::string> seen;
    for (const auto& entry : into) seen.insert(entry.path);
    for (const auto& item : answer.as_array()) {
        MapEntry entry{item.string_or("path", ""), item.string_or("modified", ""),
                       item.string_or("title", ""), item.string_or("lang", "")};
        entry.modified.resize(std::min<std::size_t>(entry.modified.size(), 10));
        if (!base::valid_date(entry.modified)) entry.modified.clear();
        const bool ours = entry.path.starts_with('/') && !entry.path.starts_with("//");
        if (ours && seen.insert(entry.path).second) into.push_back(std::move(entry));
    }
}

std::size_t site_map_files(std::size_t entries, std::size_t languages) {
    const auto size = entries_per_file(languages);
    return std::max<std::size_t>(1, (entries + size - 1) / size);
}

std::string site_map_xml(const std::vector<MapEntry>& entries, const std::vector<std::string>& languages,
                         const std::function<std::string(std::string_view, std::string_view)>& absolute,
                         std::size_t number) {
    auto xml =
        fmt::format("{}<urlset {} xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n", declaration, schema);
    for (const auto& entry : file_of(entries, languages.size(), number)) {
        std::string links;
        std::vector<std::string> addresses;
        for (const auto& language : languages) {
            addresses.push_back(concejo::escape_xml(absolute(language, entry.path)));
            links += "<xhtml:link rel=\"alternate\" hreflang=\"" + language + "\" href=\"" +
                     addresses.back() + "\"/>";
        }
        for (const auto& address : addresses) {
            xml += "<url><loc>" + address + "</loc>";
            if (!entry.modified.empty()) xml += "<lastmod>" + entry.modified + "</lastmod>";
            xml += links + "</url>\n";
        }
    }
    return xml + "</urlset>\n";
}

std::string site_map_index(const std::vector<MapEntry>& entries, std::size_t languages,
                           const std::function<std::string(std::size_t)>& address) {
    auto xml = fmt::format("{}<sitemapindex {}>\n", declaration, schema);
    for (std::size_t number = 1; number <= site_map_files(entries.size(), languages); ++number) {
        std::string modified;
        for (const auto& entry : file_of(entries, languages, number))
            modified = std::max(modified, entry.modified);
        xml += "<sitemap><loc>" + concejo::escape_xml(address(number)) + "</loc>";
        if (!modified.empty()) xml += "<lastmod>" + modified + "</lastmod>";
        xml += "</sitemap>\n";
    }
    return xml + "</sitemapindex>\n";
}

}  // namespace kernel::web
