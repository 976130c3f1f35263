// Bytes as text: hexadecimal, base64, base64url and base32 (RFC 4648). Decoders are strict: no blanks, no
// foreign characters, no stray bits after the last byte.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kernel::base {

/// Lower case.
std::string hex(std::string_view bytes);
/// Either case; nullopt where the text is no even number of hexadecimal digits.
std::optional<std::string> unhex(std::string_view text);

/// With padding.
std::string base64(std::string_view bytes);
/// The padding is required.
std::optional<std::string> unbase64(std::string_view text);

/// Alphabet safe in URLs and file names, without padding.
std::string base64url(std::string_view bytes);
/// Without padding.
std::optional<std::string> unbase64url(std::string_view text);

/// Upper case, with padding unless told otherwise (otpauth URIs carry none).
std::string base32(std::string_view bytes, bool padding = true);
/// Either case, padding optional.
std::optional<std::string> unbase32(std::string_view text);

}  // namespace kernel::base
