// Numbers and hashes as the C2SP formats write them: one way each.
#pragma once

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/crypto/encoding.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace evidence::log {

/// ASCII decimal without leading zeroes, below 2^63.
inline std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if ((text.size() > 1 && text.front() == '0') || value >> 63) return std::nullopt;
    return value;
}

inline std::optional<crypto::Digest> to_digest(const std::optional<std::string>& bytes) {
    crypto::Digest digest;
    if (!bytes || bytes->size() != digest.size()) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}
inline std::optional<crypto::Digest> digest_of_base64(std::string_view text) {
    return to_digest(crypto::unbase64(text));
}
inline std::optional<crypto::Digest> digest_of_hex(std::string_view text) {
    return to_digest(crypto::unhex(text));
}

/// Takes the first line, without its newline, off `text`; nothing where no newline ends it.
inline std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}  // namespace evidence::log
