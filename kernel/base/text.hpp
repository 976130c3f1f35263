// Small helpers for text. "ASCII" ones leave every other byte as it is.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::base {

/// Without blanks, tabs and line ends at both ends. The result points into `text`.
std::string_view trim(std::string_view text) noexcept;
/// "a,,b" by ',' is {"a", "", "b"}; "" is {""}. The parts point into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string lower_ascii(std::string_view text);
std::string upper_ascii(std::string_view text);
bool starts_with(std::string_view text, std::string_view beginning) noexcept;
bool ends_with(std::string_view text, std::string_view end) noexcept;

/// Well-formed as RFC 3629 has it: no overlong forms, no surrogates, nothing past U+10FFFF.
bool utf8_valid(std::string_view text) noexcept;
/// Offset of the first byte that is not well-formed UTF-8; text.size() where all is.
std::size_t utf8_invalid_at(std::string_view text) noexcept;
/// Code points of a valid text.
std::size_t utf8_length(std::string_view text) noexcept;

/// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other (bytes).
std::size_t edit_distance(std::string_view a, std::string_view b);
/// The candidate that was probably meant (case ignored); "" where none is near: at most a third of the
/// word's length away. For "did you mean …?".
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace kernel::base
