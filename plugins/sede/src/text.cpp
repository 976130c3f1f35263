#include "text.hpp"

#include <concejo/escape.hpp>
#include <concejo/utf8.hpp>

#include <array>
#include <cmath>

namespace sede {
namespace {

std::string clean(std::string_view text, std::size_t limit, bool lines) {
    std::string out;
    while (!text.empty()) {
        const auto rest = text;
        const auto point = concejo::take_code_point(text);
        if (!point) {
            text.remove_prefix(1);
            continue;
        }
        const auto size = rest.size() - text.size();
        if (out.size() + size > limit) break;
        if (*point == '\r' && lines) continue;
        if ((*point < 0x20 && !(*point == '\n' && lines)) || *point == 0x7F)
            out += ' ';
        else
            out.append(rest, 0, size);
    }
    const auto from = out.find_first_not_of(" \n");
    if (from == std::string::npos) return {};
    return out.substr(from, out.find_last_not_of(" \n") - from + 1);
}

/// The plain letter of what Spain's languages write with accents; nothing for other characters.
char plain(std::string_view letter) {
    static constexpr std::array<std::pair<std::string_view, char>, 32> letters{{
        {"á", 'a'}, {"à", 'a'}, {"â", 'a'}, {"ä", 'a'}, {"é", 'e'}, {"è", 'e'}, {"ê", 'e'}, {"ë", 'e'},
        {"í", 'i'}, {"ì", 'i'}, {"ï", 'i'}, {"ó", 'o'}, {"ò", 'o'}, {"ö", 'o'}, {"ú", 'u'}, {"ù", 'u'},
        {"ü", 'u'}, {"ñ", 'n'}, {"ç", 'c'}, {"Á", 'a'}, {"À", 'a'}, {"É", 'e'}, {"È", 'e'}, {"Í", 'i'},
        {"Ï", 'i'}, {"Ó", 'o'}, {"Ò", 'o'}, {"Ú", 'u'}, {"Ü", 'u'}, {"Ñ", 'n'}, {"Ç", 'c'}, {"ŀ", 'l'},
    }};
    for (const auto& [accented, letter_plain] : letters) {
        if (accented == letter) return letter_plain;
    }
    return '\0';
}

}  // namespace

std::string escape_xml(std::string_view text) { return concejo::escape_xml(clean_text(text, text.size())); }

std::string clean_line(std::string_view text, std::size_t limit) { return clean(text, limit, false); }
std::string clean_text(std::string_view text, std::size_t limit) { return clean(text, limit, true); }

std::string file_slug(std::string_view filename) {
    const auto slash = filename.find_last_of("/\\");
    if (slash != std::string_view::npos) filename.remove_prefix(slash + 1);
    const auto dot = filename.rfind('.');
    const auto words = [](std::string_view text) {
        std::string out;
        while (!text.empty()) {
            const auto rest = text;
            if (!concejo::take_code_point(text)) text.remove_prefix(1);
            const auto size = rest.size() - text.size();
            char c = size == 1 ? rest[0] : plain(rest.substr(0, size));
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (good)
                out += c;
            else if (!out.empty() && out.back() != '-')
                out += '-';
        }
        while (!out.empty() && out.back() == '-') out.pop_back();
        return out;
    };
    std::string stem = words(filename.substr(0, dot)).substr(0, 80);
    while (!stem.empty() && stem.back() == '-') stem.pop_back();
    if (stem.empty()) stem = "documento";
    const std::string extension =
        dot == std::string_view::npos ? std::string() : words(filename.substr(dot + 1)).substr(0, 8);
    return extension.empty() ? stem : stem + "." + extension;
}

Tamano tamano(std::uint64_t bytes) {
    if (bytes < 1000) return {static_cast<double>(bytes), 0, "B"};
    const auto value = static_cast<double>(bytes);
    if (bytes < 999'500) return {std::round(value / 1e3), 0, "kB"};
    return {value / 1e6, value < 99.5e6 ? 1 : 0, "MB"};
}

std::vector<Trozo> split_marks(std::string_view text, char open, char close) {
    std::vector<Trozo> pieces;
    bool marked = false;
    std::string piece;
    const auto flush = [&] {
        if (!piece.empty()) pieces.push_back({std::move(piece), marked});
        piece.clear();
    };
    for (const char c : text) {
        if (c == open || c == close) {
            flush();
            marked = c == open;
        } else {
            piece += c;
        }
    }
    flush();
    return pieces;
}

}  // namespace sede
