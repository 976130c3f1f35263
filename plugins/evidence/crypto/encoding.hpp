// Bytes as text: base64 (RFC 4648 §4) and hexadecimal, whose decoders take the one canonical form and nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evidence::crypto {

std::string base64(std::string_view bytes);
std::optional<std::string> unbase64(std::string_view text);
std::string hex(std::string_view bytes);                  ///< lower case
std::optional<std::string> unhex(std::string_view text);  ///< lower case only

}  // namespace evidence::crypto
