// What Cairo's PDF lacks to be PDF/A-1b (ISO 19005-1) and well tagged.
#pragma once

#include "plugins/evidence/factory/paper.hpp"

#include <chrono>

namespace evidence::factory {

/// As clean UTF-8.
struct Metadata {
    std::string title, language, author, subject, application;
    std::chrono::sys_seconds created;
};

/// Puts the pages of `behind` beneath those of `content`, as artifacts; adds an sRGB output intent, XMP that
/// says what Info says, the language, and what `tags` know of the structure; takes the page's transparency
/// groups away. The identifier is the content's.
std::string to_pdfa(const Paper::Drawn&, const Metadata&, const std::vector<Tag>&);

}  // namespace evidence::factory
