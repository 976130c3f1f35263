#include "text.hpp"

#include <concejo/escape.hpp>

#include <array>
#include <cmath>

namespace sede {
namespace {

/// Length of the valid UTF-8 sequence at the beginning, or 0.
std::size_t sequence(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (size == 0 || first >= 0xF5 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return size;
}

std::string clean(std::string_view text, std::size_t limit, bool lines) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t size = sequence(text.substr(i));
        if (size == 0) {
            ++i;
            continue;
        }
        if (out.size() + size > limit) break;
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '\r' && lines) {
        } else if (c == '\n' && lines) {
            out += '\n';
        } else if (c < 0x20 || c == 0x7F) {
            out += ' ';
        } else {
            out.append(text.substr(i, size));
        }
        i += size;
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
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t size = std::max<std::size_t>(sequence(text.substr(i)), 1);
            char c = size == 1 ? text[i] : plain(text.substr(i, size));
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (good)
                out += c;
            else if (!out.empty() && out.back() != '-')
                out += '-';
            i += size;
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
