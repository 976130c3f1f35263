// Texts (UTF-8) inside HTML and XML: as the content of an element, or between the quotes of an attribute.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace concejo::inline v1 {

/// Appends `text` with & < > " ' as references.
inline void append_html(std::string& out, std::string_view text) {
    const auto special = [](char c) { return c == '&' || c == '<' || c == '>' || c == '"' || c == '\''; };
    for (;;) {
        const auto plain =
            static_cast<std::size_t>(std::find_if(text.begin(), text.end(), special) - text.begin());
        out.append(text, 0, plain);
        if (plain == text.size()) return;
        const char c = text[plain];
        out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : "&#39;";
        text.remove_prefix(plain + 1);
    }
}

/// The same without what XML 1.0 forbids: control characters, U+FFFE and U+FFFF. A carriage return is a reference, or
/// readers would take it for the end of a line.
inline void append_xml(std::string& out, std::string_view text) {
    const auto doubtful = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\xEF'; };
    for (;;) {
        const auto plain =
            static_cast<std::size_t>(std::find_if(text.begin(), text.end(), doubtful) - text.begin());
        append_html(out, text.substr(0, plain));
        if (plain == text.size()) return;
        text.remove_prefix(plain);
        const bool noncharacter = text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
        const char c = text.front();
        if (c == '\r')
            out += "&#13;";
        else if (c == '\t' || c == '\n' || (c == '\xEF' && !noncharacter))
            out += c;
        text.remove_prefix(noncharacter ? 3 : 1);
    }
}

inline std::string escape_html(std::string_view text) {
    std::string out;
    append_html(out, text);
    return out;
}

inline std::string escape_xml(std::string_view text) {
    std::string out;
    append_xml(out, text);
    return out;
}

}  // namespace concejo::inline v1
