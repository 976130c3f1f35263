// Names and lists that are somebody's data, in SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace open_data {

inline constexpr std::size_t longest_identifier = 63;  ///< bytes (NAMEDATALEN - 1)

/// An identifier of SQL, whatever it holds.
inline std::string identifier(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

/// A list as one parameter of type text[], in PostgreSQL's own writing.
inline std::string text_array(const std::vector<std::string>& items) {
    std::string all = "{";
    for (const auto& item : items) {
        all += all.size() > 1 ? ",\"" : "\"";
        for (const char c : item) {
            if (c == '"' || c == '\\') all += '\\';
            all += c;
        }
        all += '"';
    }
    return all + "}";
}

/// At most `size` bytes, ending where a character of UTF-8 does.
inline std::string cut(std::string_view text, std::size_t size) {
    if (text.size() <= size) return std::string(text);
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
    return std::string(text.substr(0, size));
}

}  // namespace open_data
