#include "kernel/web/site_map.hpp"

#include "kernel/base/clock.hpp"
#include "kernel/themes/mustache.hpp"

#include <algorithm>
#include <set>

namespace kernel::web {
namespace {

constexpr std::size_t most_addresses = 50'000;  // of the protocol

}  // namespace

void add_map_entries(std::vector<MapEntry>& into, const concejo::Json& answer) {
    if (!answer.is_array()) return;
    std::set<std::string> seen;
    for (const auto& entry : into) seen.insert(entry.path);
    for (const auto& item : answer.as_array()) {
        MapEntry entry{item.string_or("path", ""), item.string_or("modified", ""),
                       item.string_or("title", "")};
        entry.modified.resize(std::min<std::size_t>(entry.modified.size(), 10));
        if (!base::valid_date(entry.modified)) entry.modified.clear();
        const bool ours = entry.path.starts_with('/') && !entry.path.starts_with("//");
        if (ours && seen.insert(entry.path).second) into.push_back(std::move(entry));
    }
}

std::string site_map_xml(const std::vector<MapEntry>& entries, const std::vector<std::string>& languages,
                         const std::function<std::string(std::string_view, std::string_view)>& absolute) {
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
        "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n";
    std::size_t written = 0;
    for (const auto& entry : entries) {
        std::string links;
        std::vector<std::string> addresses;
        for (const auto& language : languages) {
            addresses.push_back(themes::escape_html(absolute(language, entry.path)));
            links += "<xhtml:link rel=\"alternate\" hreflang=\"" + language + "\" href=\"" +
                     addresses.back() + "\"/>";
        }
        for (const auto& address : addresses) {
            if (++written > most_addresses) return xml + "</urlset>\n";
            xml += "<url><loc>" + address + "</loc>";
            if (!entry.modified.empty()) xml += "<lastmod>" + entry.modified + "</lastmod>";
            xml += links + "</url>\n";
        }
    }
    return xml + "</urlset>\n";
}

}  // namespace kernel::web
