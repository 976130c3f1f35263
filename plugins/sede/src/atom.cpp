#include "atom.hpp"

#include "text.hpp"

namespace sede {
namespace {

std::string element(std::string_view name, std::string_view text) {
    return "<" + std::string(name) + ">" + escape_xml(text) + "</" + std::string(name) + ">";
}

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + escape_xml(value) + "\"";
}

/// Instants with different offsets: compared by what they say of UTC only as far as order matters to a reader.
const std::string& newest(const Feed& feed, const std::string& none) {
    const std::string* best = &none;
    for (const auto& entry : feed.entries) {
        if (entry.updated > *best) best = &entry.updated;
    }
    return *best;
}

}  // namespace

std::string atom_xml(const Feed& feed) {
    static const std::string none = "1970-01-01T00:00:00Z";
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"" +
        attribute("xml:lang", feed.lang) + ">\n";
    xml += element("id", feed.self) + element("title", feed.title) + element("updated", newest(feed, none)) +
           "\n";
    xml += "<link rel=\"alternate\" type=\"text/html\"" + attribute("href", feed.href) +
           "/><link rel=\"self\" type=\"application/atom+xml\"" + attribute("href", feed.self) + "/>\n";
    xml += "<author>" + element("name", feed.author) + "</author>\n";
    for (const auto& entry : feed.entries) {
        xml += "<entry" + attribute("xml:lang", entry.lang) + ">\n" + element("id", entry.id) +
               element("title", entry.title) + element("updated", entry.updated) + "\n";
        xml += "<link rel=\"alternate\" type=\"text/html\"" + attribute("href", entry.href) + "/>\n";
        for (const auto& file : entry.enclosures) {
            xml += "<link rel=\"enclosure\"" + attribute("href", file.href) + attribute("type", file.type) +
                   attribute("length", std::to_string(file.bytes)) + attribute("title", file.title) + "/>\n";
        }
        xml += "<author>" + element("name", entry.author) + "</author><category" +
               attribute("term", entry.category) + "/>\n";
        // without an alternate in HTML of its own an entry needs a summary (RFC 4287 4.1.2): the title where there is no other
        xml += element("summary", entry.summary.empty() ? entry.title : entry.summary) + "\n</entry>\n";
    }
    return xml + "</feed>\n";
}

}  // namespace sede
