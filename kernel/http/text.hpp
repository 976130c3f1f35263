// Small readings of text that several parsers share: characters, percent-encoding, UTF-8, urlencoded pairs.
#pragma once

#include <concejo/utf8.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/http/message.hpp"

namespace kernel::http {

/// tchar of RFC 9110 section 5.6.2: what names and methods are made of.
bool is_token_char(unsigned char c) noexcept;
bool is_token(std::string_view text) noexcept;

/// Without spaces and tabs around.
std::string_view trimmed(std::string_view text) noexcept;
std::string lower_case(std::string_view text);

using concejo::is_utf8;
/// Each byte that is not part of a valid sequence becomes U+FFFD.
std::string repaired_utf8(std::string_view text);

/// RFC 3986: every '%' must begin an escape; nothing when one does not.
std::optional<std::string> percent_decoded(std::string_view text);
/// Everything but unreserved characters (and those of `also`) as %XX.
std::string percent_encoded(std::string_view text, std::string_view also = {});

/// application/x-www-form-urlencoded as browsers read it (a stray '%' stands for itself, '+' is a space,
/// wrong UTF-8 is repaired). Throws Refusal 400 for a NUL, which no database can hold, or for too many pairs.
std::vector<Field> urlencoded_pairs(std::string_view text, std::size_t most);

}  // namespace kernel::http
