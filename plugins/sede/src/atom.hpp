// Atom 1.0 (RFC 4287) as a value and as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sede {

struct FeedEnclosure {
    std::string href, type;
    std::uint64_t bytes;
    std::string title;
};

struct FeedEntry {
    std::string id;  ///< urn:uuid:…
    std::string title, href;
    std::string updated;  ///< RFC 3339
    std::string author, category, lang, summary;
    std::vector<FeedEnclosure> enclosures;
};

struct Feed {
    std::string title, href, self, author, lang;
    std::vector<FeedEntry> entries;
};

/// The feed's `updated` is its newest entry's; 1970 where there is none.
std::string atom_xml(const Feed&);

}  // namespace sede
