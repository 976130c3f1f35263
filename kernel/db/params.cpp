#include "kernel/db/params.hpp"

namespace kernel::db {

std::string text_array(const std::vector<std::string>& items) {
    std::string text = "{";
    for (const auto& item : items) {
        text += text.size() > 1 ? ",\"" : "\"";
        for (const char c : item) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    return text + '}';
}

std::vector<std::string> parse_text_array(std::string_view text) {
    std::vector<std::string> items;
    if (text.size() < 2 || text.front() != '{' || text.back() != '}')
        throw concejo::Error(concejo::ErrorKind::internal, "no es una lista de textos de PostgreSQL");
    text = text.substr(1, text.size() - 2);
    std::size_t at = 0;
    while (at < text.size()) {
        std::string item;
        const bool quoted = text[at] == '"';
        if (quoted) ++at;
        for (; at < text.size() && text[at] != (quoted ? '"' : ','); ++at) {
            if (text[at] == '\\' && at + 1 < text.size()) ++at;
            item += text[at];
        }
        if (quoted) ++at;  // the closing quote
        ++at;              // the comma
        items.push_back(!quoted && item == "NULL" ? std::string() : item);
    }
    return items;
}

}  // namespace kernel::db
