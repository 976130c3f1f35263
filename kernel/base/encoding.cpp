#include "kernel/base/encoding.hpp"

#include <array>
#include <cstdint>

namespace kernel::base {
namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view base32_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string encode(std::string_view bytes, std::string_view alphabet, unsigned bits) {
    std::string out;
    out.reserve(bytes.size() * 8 / bits + 8);
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (const char c : bytes) {
        buffer = (buffer << 8) | static_cast<unsigned char>(c);
        held += 8;
        while (held >= bits) {
            held -= bits;
            out += alphabet[(buffer >> held) & ((1U << bits) - 1)];
        }
        buffer &= (1U << held) - 1;
    }
    if (held > 0) out += alphabet[(buffer << (bits - held)) & ((1U << bits) - 1)];
    return out;
}

std::optional<std::string> decode(std::string_view text, std::string_view alphabet, unsigned bits) {
    std::array<std::int8_t, 256> value;
    value.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        value[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    std::string out;
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (const char c : text) {
        const int digit = value[static_cast<unsigned char>(c)];
        if (digit < 0) return std::nullopt;
        buffer = (buffer << bits) | static_cast<unsigned>(digit);
        held += bits;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>((buffer >> held) & 0xFF);
        }
        buffer &= (1U << held) - 1;
    }
    if (held >= bits || buffer != 0) return std::nullopt;  // a digit too many, or bits that encode nothing
    return out;
}

void pad(std::string& text, std::size_t group) {
    while (text.size() % group != 0) text += '=';
}

/// Takes the padding off; false where it is not exactly what the length asks for.
bool unpad(std::string_view& text, std::size_t group) {
    if (text.size() % group != 0) return false;
    const std::size_t whole = text.size();
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    return whole - text.size() < group;
}

}  // namespace

std::string hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::optional<std::string> unhex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

std::string base64(std::string_view bytes) {
    std::string out = encode(bytes, base64_alphabet, 6);
    pad(out, 4);
    return out;
}

std::optional<std::string> unbase64(std::string_view text) {
    if (!unpad(text, 4)) return std::nullopt;
    return decode(text, base64_alphabet, 6);
}

std::string base64url(std::string_view bytes) { return encode(bytes, base64url_alphabet, 6); }

std::optional<std::string> unbase64url(std::string_view text) { return decode(text, base64url_alphabet, 6); }

std::string base32(std::string_view bytes, bool padding) {
    std::string out = encode(bytes, base32_alphabet, 5);
    if (padding) pad(out, 8);
    return out;
}

std::optional<std::string> unbase32(std::string_view text) {
    if (text.find('=') != std::string_view::npos && !unpad(text, 8)) return std::nullopt;
    std::string upper(text);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return decode(upper, base32_alphabet, 5);
}

}  // namespace kernel::base
