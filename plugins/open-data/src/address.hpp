// Addresses with questions in them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace open_data {

/// A text as a part of a query (RFC 3986).
inline std::string encoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            out += c;
        else
            out += '%', out += digits[code >> 4], out += digits[code & 15];
    }
    return out;
}

/// "?a=1&b=2" of those that have a value.
inline std::string query_of(const std::vector<std::pair<std::string, std::string>>& all) {
    std::string query;
    for (const auto& [key, text] : all)
        if (!text.empty()) query += (query.empty() ? "?" : "&") + key + "=" + encoded(text);
    return query;
}

}  // namespace open_data
