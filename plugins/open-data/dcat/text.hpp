// Texts and addresses as RDF can hold them.
#pragma once

#include <string>
#include <string_view>

namespace open_data::dcat {

/// ASCII only.
std::string to_lower(std::string_view text);

/// What every serialization can hold: UTF-8 without the characters that XML 1.0 (§2.2) forbids; invalid bytes
/// become U+FFFD, line ends become U+000A, white space at the ends goes. Empty where nothing is left: such a
/// literal is not written.
std::string clean_text(std::string_view text);

/// RFC 3986 §2: what a URI may not hold is percent-encoded byte by byte (blanks, non-ASCII, "<>\^`{|}, a %
/// that begins no escape, [ and ] after the authority); what is encoded already stays as it is.
std::string encode_uri(std::string_view uri);

/// An absolute http or https address with a host, once encoded.
bool is_web_url(std::string_view url);

/// BCP 47 shape, in lower case; empty where it is none.
std::string language_tag(std::string_view tag);

/// Characters of a UTF-8 text.
std::size_t length_in_characters(std::string_view text);

}  // namespace open_data::dcat
