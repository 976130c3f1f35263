#include "text.hpp"

#include <concejo/utf8.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace open_data::dcat {
namespace {

bool xml_takes(char32_t c) {
    if (c == '\t' || c == '\n') return true;
    return c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0) && c != 0xFFFE && c != 0xFFFF;
}

bool is_plain(char c) { return c >= ' ' && c < 0x7F; }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

std::string trimmed(std::string text) {
    text.erase(std::find_if_not(text.rbegin(), text.rend(), is_blank).base(), text.end());
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_blank));
    return text;
}

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

bool uri_takes(std::string_view uri, std::size_t at, std::size_t path) {
    const auto c = static_cast<unsigned char>(uri[at]);
    if (c == '%') return at + 2 < uri.size() && is_hex(uri[at + 1]) && is_hex(uri[at + 2]);
    if (c == '[' || c == ']') return at < path;
    return c > 0x20 && c < 0x7F && std::string_view("\"<>\\^`{|}").find(uri[at]) == std::string_view::npos;
}

/// Where the path, query or fragment begins.
std::size_t end_of_authority(std::string_view uri) {
    const auto slashes = uri.find("://");
    if (slashes == std::string_view::npos) return 0;
    return std::min(uri.find_first_of("/?#", slashes + 3), uri.size());
}

}  // namespace

std::string to_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::string clean_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto plain =
            static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto rest = text;
        const auto point = concejo::take_code_point(text);
        if (!point) {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(1);
        } else if (*point == '\r') {
            if (!text.starts_with('\n')) out += '\n';
        } else if (xml_takes(*point)) {
            out.append(rest, 0, rest.size() - text.size());
        }
    }
    return trimmed(std::move(out));
}

std::string encode_uri(std::string_view uri) {
    static constexpr char hex[] = "0123456789ABCDEF";
    const auto path = end_of_authority(uri);
    std::string out;
    out.reserve(uri.size());
    for (std::size_t i = 0; i < uri.size(); ++i) {
        const auto c = static_cast<unsigned char>(uri[i]);
        if (uri_takes(uri, i, path)) {
            out += uri[i];
        } else {
            out += {'%', hex[c >> 4], hex[c & 15]};
        }
    }
    return out;
}

bool is_web_url(std::string_view url) {
    const auto scheme = to_lower(url.substr(0, 8));
    if (!scheme.starts_with("http://") && !scheme.starts_with("https://")) return false;
    const auto begin = url.find("://") + 3;
    const auto authority = url.substr(begin, end_of_authority(url) - begin);
    const auto host = authority.substr(authority.rfind('@') + 1);
    if (host.empty() || host.starts_with(':') || host.starts_with('.')) return false;
    return std::all_of(host.begin(), host.end(), [](unsigned char c) {
        return std::isalnum(c) ||
               std::string_view("-._~:[]").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

std::string language_tag(std::string_view tag) {
    std::size_t part = 0, parts = 0;
    for (const char c : tag) {
        const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
        if (c == '-') {
            if (part == 0) return {};
            part = 0;
            ++parts;
        } else if (++part > 8 || !(letter || (parts > 0 && std::isdigit(static_cast<unsigned char>(c))))) {
            return {};
        }
    }
    return part == 0 ? std::string() : to_lower(tag);
}

std::size_t length_in_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace open_data::dcat
