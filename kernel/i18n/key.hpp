// The key under which a text of a template is translated.
#pragma once

#include <string>
#include <string_view>

namespace kernel::i18n {

/// White space at the ends dropped, runs of it made one space: a template may break its lines anywhere.
inline std::string translation_key(std::string_view text) {
    std::string key;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!space)
            key += c;
        else if (!key.empty() && key.back() != ' ')
            key += ' ';
    }
    if (!key.empty() && key.back() == ' ') key.pop_back();
    return key;
}

}  // namespace kernel::i18n
