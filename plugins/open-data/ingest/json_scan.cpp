#include "plugins/open-data/ingest/json_scan.hpp"

#include "plugins/open-data/ingest/encoding.hpp"

#include <charconv>

namespace open_data::ingest {
namespace {

constexpr int deepest = 64;

bool hex4(std::string_view text, std::uint32_t& value) {
    if (text.size() < 4) return false;
    const auto read = std::from_chars(text.data(), text.data() + 4, value, 16);
    return read.ec == std::errc() && read.ptr == text.data() + 4;
}

void append_character(std::uint32_t c, std::string& out) {
    // As UTF-16, which has its own pairs; append_utf16 answers for what is no character.
    std::string units;
    const auto put = [&](std::uint32_t unit) {
        units += {static_cast<char>(unit & 0xFF), static_cast<char>(unit >> 8)};
    };
    if (c >= 0x10000) {
        put(0xD800 + ((c - 0x10000) >> 10));
        put(0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
        put(c);
    }
    append_utf16(Encoding::utf16_le, units, true, out);
}

/// A letter behind a backslash; 0 for none of them.
char unescape(char c) {
    switch (c) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        default:
            return c == '"' || c == '\\' || c == '/' ? c : '\0';
    }
}

}  // namespace

char JsonScan::peek() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
        ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
}

bool JsonScan::take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
}

bool JsonScan::literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
}

bool JsonScan::number() {
    const auto begin = at_;
    while (at_ < text_.size() &&
           std::string_view("+-.0123456789eE").find(text_[at_]) != std::string_view::npos)
        ++at_;
    double value = 0;
    const auto read = std::from_chars(text_.data() + begin, text_.data() + at_, value);
    return at_ > begin && read.ptr == text_.data() + at_;
}

bool JsonScan::raw_string() {
    for (auto i = at_ + 1; i < text_.size(); ++i) {
        if (text_[i] == '\\') {
            ++i;
        } else if (text_[i] == '"') {
            at_ = i + 1;
            return true;
        } else if (text_[i] == '\n') {
            return false;
        }
    }
    return false;
}

bool JsonScan::container(char close, int depth) {
    ++at_;
    if (take(close)) return true;
    do {
        if (close == '}' && (peek() != '"' || !raw_string() || !take(':'))) return false;
        if (value(depth + 1).empty()) return false;
    } while (take(','));
    return take(close);
}

std::string_view JsonScan::value(int depth) {
    const char c = peek();
    const auto begin = at_;
    bool good = false;
    if (depth >= deepest || at_ >= text_.size()) return {};
    if (c == '{' || c == '[') {
        good = container(c == '{' ? '}' : ']', depth);
    } else if (c == '"') {
        good = raw_string();
    } else if (c == 't' || c == 'f' || c == 'n') {
        good = literal("true") || literal("false") || literal("null");
    } else {
        good = number();
    }
    return good ? text_.substr(begin, at_ - begin) : std::string_view();
}

bool JsonScan::string(std::string& out) {
    if (peek() != '"') return false;
    const auto begin = at_ + 1;
    if (!raw_string()) return false;
    const auto inside = text_.substr(begin, at_ - begin - 1);
    std::string plain;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] != '\\') {
            plain += inside[i];
        } else if (i + 1 < inside.size() && inside[i + 1] == 'u') {
            std::uint32_t c = 0, low = 0;
            if (!hex4(inside.substr(i + 2), c)) return false;
            i += 5;
            const bool high = c >= 0xD800 && c < 0xDC00 && inside.substr(i + 1, 2) == "\\u";
            if (high && hex4(inside.substr(i + 3), low) && low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
                i += 6;
            }
            append_character(c, plain);
        } else {
            const char c = i + 1 < inside.size() ? unescape(inside[++i]) : '\0';
            if (!c) return false;
            plain += c;
        }
    }
    out.resize(most_utf8(plain.size()) + 16);
    out.resize(static_cast<std::size_t>(to_utf8(Encoding::utf8, plain, out.data()) - out.data()));
    return true;
}

std::string json_cell(std::string_view value) {
    if (value == "null") return {};
    std::string text;
    if (value.starts_with('"')) {
        JsonScan(value).string(text);
        return text;
    }
    const bool number =
        !value.empty() && (value.front() == '-' || (value.front() >= '0' && value.front() <= '9'));
    if (number && value.find_first_of("eE") != std::string_view::npos) {
        double read = 0;
        char out[400];
        std::from_chars(value.data(), value.data() + value.size(), read);
        return {out, std::to_chars(out, out + sizeof out, read, std::chars_format::fixed).ptr};
    }
    text.resize(most_utf8(value.size()) + 16);
    text.resize(static_cast<std::size_t>(to_utf8(Encoding::utf8, value, text.data()) - text.data()));
    return text;
}

bool flatten(std::string_view object, JsonMembers& out, const std::string& prefix) {
    JsonScan scan(object);
    if (!scan.take('{')) return false;
    if (scan.take('}')) return true;
    do {
        std::string key;
        if (!scan.string(key) || !scan.take(':')) return false;
        const auto value = scan.value();
        if (value.empty()) return false;
        const auto place = prefix.empty() ? key : prefix + "." + key;
        if (value.front() != '{') {
            out.emplace_back(place, value);
        } else if (!flatten(value, out, place)) {
            return false;
        }
    } while (scan.take(','));
    return scan.take('}');
}

bool find_rows(std::string_view text, std::size_t at, std::string& place, std::size_t& begin, int depth) {
    JsonScan scan(text, at);
    if (scan.peek() == '[') {
        begin = scan.at();
        scan.take('[');
        return scan.peek() == '{' || (depth == 0 && scan.peek() == ']');
    }
    if (depth >= 8 || !scan.take('{')) return false;
    do {
        std::string key;
        if (!scan.string(key) || !scan.take(':')) return false;
        std::string inner;
        if (find_rows(text, scan.at(), inner, begin, depth + 1)) {
            place = inner.empty() ? key : key + "." + inner;
            return true;
        }
        if (scan.value().empty()) return false;
    } while (scan.take(','));
    return false;
}

std::size_t rows_at(std::string_view text, std::string_view place) {
    JsonScan scan(text);
    if (place.empty()) return scan.peek() == '[' ? scan.at() : std::string_view::npos;
    if (!scan.take('{')) return std::string_view::npos;
    do {
        std::string key;
        if (!scan.string(key) || !scan.take(':')) break;
        scan.peek();
        const bool on_the_way =
            place.starts_with(key) && (place.size() == key.size() || place[key.size()] == '.');
        if (on_the_way) {
            const auto inner =
                rows_at(text.substr(scan.at()), place.substr(std::min(place.size(), key.size() + 1)));
            if (inner != std::string_view::npos) return scan.at() + inner;
        }
        if (scan.value().empty()) break;
    } while (scan.take(','));
    return std::string_view::npos;
}

}  // namespace open_data::ingest
