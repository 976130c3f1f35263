// The encoding of a text, told from all of it, and its conversion to UTF-8.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace open_data::ingest {

enum class Encoding { utf8, utf16_le, utf16_be, windows_1252, iso_8859_15 };
std::string_view name(Encoding);
/// By its name in a recipe; UTF-8 for names that are none.
Encoding encoding_named(std::string_view);

struct Told {
    Encoding encoding = Encoding::utf8;
    std::size_t mark = 0;  ///< bytes of its byte order mark
    bool clean = false;    ///< valid UTF-8 without U+0000: needs no conversion
};

/// Reads every byte. Valid UTF-8 is UTF-8; so is what has ten valid sequences for each wrong byte, and those
/// bytes are then read as Windows-1252. Otherwise one byte is one letter: ISO-8859-15 where 0xA4 (its euro
/// sign) occurs and nothing between 0x80 and 0x9F does (letters and signs in Windows-1252, controls in
/// ISO-8859-15), else Windows-1252. UTF-16 without a mark is told by where the zero bytes are.
/// `passed` is told now and then how far it has come.
Told tell_encoding(std::string_view bytes, const std::function<void(const char*)>& passed = {});

/// Most bytes that `to_utf8` writes for `size` bytes.
constexpr std::size_t most_utf8(std::size_t size) { return size * 3; }
/// Writes valid UTF-8 without U+0000 (U+FFFD stands for it and for what is no character); returns the end of
/// it. Not for UTF-16.
char* to_utf8(Encoding, std::string_view bytes, char* out);
/// Appends whole characters and returns how many bytes were read: a character cut at the end stays, unless
/// `last`.
std::size_t append_utf16(Encoding, std::string_view bytes, bool last, std::string& out);

/// Length of the valid UTF-8 sequence at the beginning, 0 where there is none (Unicode 15, table 3-7).
std::size_t utf8_sequence(std::string_view);
/// Whether a byte is zero or no ASCII. Memory may be read up to `readable`, which is not before the text's
/// end.
bool needs_conversion(std::string_view, const char* readable);

}  // namespace open_data::ingest
