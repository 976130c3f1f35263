// Text as mail headers and bodies carry it: seven bits, short lines.
#pragma once

#include <string>
#include <string_view>

namespace kernel::mail {

/// RFC 2047: as it is where it is printable ASCII that reads as nothing else, else encoded words of at most
/// 75 characters, each whole in UTF-8, folded.
std::string header_text(std::string_view utf8);
/// `parameter="value"`, or in RFC 2231's form (parameter*0*=UTF-8''…) where the value is not short ASCII.
/// Begins with
/// "; ", folded.
std::string header_parameter(std::string_view parameter, std::string_view value);
/// A display name: atoms, a quoted string or encoded words.
std::string header_name(std::string_view utf8);

/// Line ends as CRLF, whatever they were.
std::string with_crlf(std::string_view text);
/// RFC 2045, 6.7, of a text with CRLF line ends: lines of at most 76, no blank at an end.
std::string quoted_printable(std::string_view text);
/// Lines of 76, each with CRLF.
std::string base64_lines(std::string_view bytes);

/// The reverses, for what others send; what is broken stays as it is.
std::string from_quoted_printable(std::string_view text);
std::string from_base64(std::string_view text);

}  // namespace kernel::mail
