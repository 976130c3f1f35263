#include "kernel/mail/encoded.hpp"

#include "kernel/base/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::mail {
namespace {

bool printable_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// The longest beginning of at most `count` bytes that is whole in UTF-8; never empty.
std::string_view whole(std::string_view text, std::size_t count) {
    if (text.size() <= count) return text;
    while (count > 1 && (static_cast<unsigned char>(text[count]) & 0xc0) == 0x80) --count;
    return text.substr(0, count);
}

std::string encoded_words(std::string_view text) {
    std::string out;
    // 52 or 60 digits of base64 and 12 characters around them; the first one stands behind the field's name.
    while (!text.empty()) {
        const auto part = whole(text, out.empty() ? 39 : 45);
        out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base::base64(part) + "?=";
        text.remove_prefix(part.size());
    }
    return out;
}

/// Longest run without a blank: what no folding can shorten.
std::size_t longest_word(std::string_view text) {
    std::size_t longest = 0, run = 0;
    for (const char c : text) longest = std::max(longest, run = c == ' ' ? 0 : run + 1);
    return longest;
}

/// Breaks before a blank, so that unfolding gives the same text. `used`: what the line already holds.
std::string folded(std::string_view text, std::size_t used) {
    std::string out;
    for (std::size_t from = 0; from < text.size();) {
        auto next = text.find(' ', from + 1);
        if (next == text.npos) next = text.size();
        if (used + next - from > 76 && from > 0) {
            out += "\r\n";
            used = 0;
        }
        out += text.substr(from, next - from);
        used += next - from;
        from = next;
    }
    return out;
}

}  // namespace

std::string header_text(std::string_view text) {
    const bool plain = printable_ascii(text) && text.find("=?") == text.npos && longest_word(text) < 60 &&
                       !text.starts_with(' ') && !text.ends_with(' ') && text.find("  ") == text.npos;
    return plain ? folded(text, 20) : encoded_words(text);
}

std::string header_name(std::string_view text) {
    if (text.empty()) return {};
    static constexpr std::string_view specials = "()<>[]:;@\\,.\"";
    if (!printable_ascii(text) || text.size() > 60 || text.find("=?") != text.npos)
        return encoded_words(text);
    if (text.find_first_of(specials) == text.npos && text.find("  ") == text.npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    return out + "\"";
}

std::string header_parameter(std::string_view parameter, std::string_view value) {
    if (printable_ascii(value) && value.size() <= 60 && value.find_first_of("\"\\") == value.npos)
        return fmt::format(";\r\n {}=\"{}\"", parameter, value);
    std::string out, piece = "UTF-8''";
    int number = 0;
    const auto flush = [&] {
        out += fmt::format(";\r\n {}*{}*={}", parameter, number++, piece);
        piece.clear();
    };
    for (const char c : value) {
        const bool as_is = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_';
        if (piece.size() > 54) flush();
        piece += as_is ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    flush();
    return out;
}

std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 40);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        if (text[i] == '\r' || text[i] == '\n')
            out += "\r\n";
        else
            out += text[i];
    }
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t line = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            out += "\r\n";
            line = 0;
            ++i;
            continue;
        }
        const bool ends = i + 1 == text.size() || text[i + 1] == '\r';
        const bool as_is = (c > 0x20 && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !ends);
        const std::size_t width = as_is ? 1 : 3;
        if (line + width > 75) {
            out += "=\r\n";
            line = 0;
        }
        out += as_is ? std::string{c} : fmt::format("={:02X}", static_cast<unsigned char>(c));
        line += width;
    }
    return out;
}

std::string base64_lines(std::string_view bytes) {
    const auto all = base::base64(bytes);
    std::string out;
    for (std::size_t from = 0; from < all.size(); from += 76) out.append(all, from, 76).append("\r\n");
    return out;
}

std::string from_quoted_printable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=') {
            out += text[i];
            continue;
        }
        const auto rest = text.substr(i + 1);
        if (rest.starts_with("\r\n"))
            i += 2;
        else if (rest.starts_with("\n"))
            i += 1;
        else if (const auto byte = base::unhex(rest.substr(0, 2)); byte && byte->size() == 1) {
            out += *byte;
            i += 2;
        } else
            out += '=';
    }
    return out;
}

std::string from_base64(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c != '\r' && c != '\n' && c != ' ' && c != '\t') digits += c;
    }
    return base::unbase64(digits).value_or(std::string(text));
}

}  // namespace kernel::mail
