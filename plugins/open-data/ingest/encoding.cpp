#include "plugins/open-data/ingest/encoding.hpp"

#include <emmintrin.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace open_data::ingest {
namespace {

constexpr std::array<std::string_view, 5> encoding_names = {"utf-8", "utf-16-le", "utf-16-be", "windows-1252",
                                                            "iso-8859-15"};
constexpr std::size_t telling_step = std::size_t{4} << 20;
// WHATWG Encoding, index-windows-1252: 0x80 to 0x9F.
constexpr std::array<std::uint16_t, 32> windows_high = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

std::uint32_t iso_8859_15(unsigned char c) {
    switch (c) {
        case 0xA4:
            return 0x20AC;
        case 0xA6:
            return 0x160;
        case 0xA8:
            return 0x161;
        case 0xB4:
            return 0x17D;
        case 0xB8:
            return 0x17E;
        case 0xBC:
            return 0x152;
        case 0xBD:
            return 0x153;
        case 0xBE:
            return 0x178;
        default:
            return c;
    }
}

std::uint32_t one_byte(Encoding encoding, unsigned char c) {
    if (c == 0) return 0xFFFD;
    if (encoding == Encoding::iso_8859_15) return iso_8859_15(c);
    return c >= 0x80 && c < 0xA0 ? windows_high[c - 0x80] : c;
}

char* put_utf8(std::uint32_t c, char* out) {
    if (c < 0x80) {
        *out++ = static_cast<char>(c);
    } else if (c < 0x800) {
        *out++ = static_cast<char>(0xC0 | (c >> 6));
        *out++ = static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = static_cast<char>(0xE0 | (c >> 12));
        *out++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        *out++ = static_cast<char>(0x80 | (c & 0x3F));
    } else {
        *out++ = static_cast<char>(0xF0 | (c >> 18));
        *out++ = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        *out++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        *out++ = static_cast<char>(0x80 | (c & 0x3F));
    }
    return out;
}

struct Census {
    std::size_t sequences = 0, wrong = 0, zeros_even = 0, zeros_odd = 0;
    bool controls = false, a4 = false;  // bytes 0x80 to 0x9F, and 0xA4, outside of valid sequences
};

/// A bit for each of 16 bytes that is zero or no ASCII.
unsigned odd_bytes(__m128i block) {
    const __m128i zeros = _mm_cmpeq_epi8(block, _mm_setzero_si128());
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(block, zeros)));
}
__m128i block_at(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

void note_wrong(unsigned char c, Census& census) {
    ++census.wrong;
    if (c < 0xA0) census.controls = true;
    if (c == 0xA4) census.a4 = true;
}

Census take_census(std::string_view bytes, const std::function<void(const char*)>& passed) {
    Census census;
    for (std::size_t i = 0, told = 0; i < bytes.size();) {
        if (passed && i - told >= telling_step) passed(bytes.data() + (told = i));
        if (i + 16 <= bytes.size()) {
            const auto odd = odd_bytes(block_at(bytes.data() + i));
            i += odd ? static_cast<std::size_t>(__builtin_ctz(odd)) : 16;
            if (!odd) continue;
        }
        const auto c = static_cast<unsigned char>(bytes[i]);
        std::size_t length = 1;
        if (c >= 0x80) {
            length = utf8_sequence(bytes.substr(i, 4));
            if (length == 0) note_wrong(c, census);
            census.sequences += length != 0;
        } else if (c == 0) {
            ++(i % 2 ? census.zeros_odd : census.zeros_even);
        }
        i += length ? length : 1;
    }
    return census;
}

bool starts(std::string_view bytes, std::string_view with) { return bytes.substr(0, with.size()) == with; }

// Zeros beside nearly every letter, on one side only.
bool looks_utf16(std::size_t zeros, std::size_t others, std::size_t size) {
    return zeros > size / 8 && others * 8 < zeros;
}

}  // namespace

std::string_view name(Encoding encoding) { return encoding_names[static_cast<std::size_t>(encoding)]; }

Encoding encoding_named(std::string_view wanted) {
    for (std::size_t i = 0; i < encoding_names.size(); ++i) {
        if (encoding_names[i] == wanted) return static_cast<Encoding>(i);
    }
    return Encoding::utf8;
}

std::size_t utf8_sequence(std::string_view bytes) {
    const auto at = [&](std::size_t i) -> unsigned {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
    const unsigned first = at(0), second = at(1);
    if (first < 0x80) return bytes.empty() ? 0 : 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F);
        return !bad && follows(1) && follows(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool bad = (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
        return !bad && follows(1) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

bool needs_conversion(std::string_view text, const char* readable) {
    const char* at = text.data();
    const char* const end = at + text.size();
    for (; readable - at >= 16 && at < end; at += 16) {
        const auto odd = odd_bytes(block_at(at));
        if (odd) return __builtin_ctz(odd) < end - at;
    }
    for (; at < end; ++at) {
        if (*at <= 0) return true;
    }
    return false;
}

Told tell_encoding(std::string_view bytes, const std::function<void(const char*)>& passed) {
    if (starts(bytes, "\xFF\xFE")) return {Encoding::utf16_le, 2, false};
    if (starts(bytes, "\xFE\xFF")) return {Encoding::utf16_be, 2, false};
    const std::size_t mark = starts(bytes, "\xEF\xBB\xBF") ? 3 : 0;
    const Census census = take_census(bytes.substr(mark), passed);
    if (!mark && looks_utf16(census.zeros_odd, census.zeros_even, bytes.size()))
        return {Encoding::utf16_le, 0, false};
    if (!mark && looks_utf16(census.zeros_even, census.zeros_odd, bytes.size()))
        return {Encoding::utf16_be, 0, false};
    if (mark || census.wrong * 10 <= census.sequences)
        return {Encoding::utf8, mark, census.wrong + census.zeros_even + census.zeros_odd == 0};
    return {census.a4 && !census.controls ? Encoding::iso_8859_15 : Encoding::windows_1252, 0, false};
}

char* to_utf8(Encoding encoding, std::string_view bytes, char* out) {
    for (std::size_t i = 0; i < bytes.size();) {
        if (i + 16 <= bytes.size()) {
            const __m128i block = block_at(bytes.data() + i);
            const auto odd = odd_bytes(block);
            const auto plain = odd ? static_cast<std::size_t>(__builtin_ctz(odd)) : 16;
            _mm_storeu_si128(reinterpret_cast<__m128i*>(out), block);
            out += plain;
            i += plain;
            if (!odd) continue;
        }
        const auto c = static_cast<unsigned char>(bytes[i]);
        const auto length = encoding == Encoding::utf8 && c >= 0x80 ? utf8_sequence(bytes.substr(i, 4)) : 0;
        if (length) {
            std::memcpy(out, bytes.data() + i, length);
            out += length;
            i += length;
            continue;
        }
        if (c && c < 0x80) {
            *out++ = static_cast<char>(c);
        } else {
            out = put_utf8(one_byte(encoding, c), out);
        }
        ++i;
    }
    return out;
}

std::size_t append_utf16(Encoding encoding, std::string_view bytes, bool last, std::string& out) {
    const std::size_t before = out.size();
    out.resize(before + most_utf8(bytes.size() / 2 + 1));
    char* to = out.data() + before;
    const int high = encoding == Encoding::utf16_be ? 0 : 1;
    const auto unit = [&](std::size_t i) -> std::uint32_t {
        return static_cast<unsigned char>(bytes[i + static_cast<std::size_t>(high)]) << 8U |
               static_cast<unsigned char>(bytes[i + static_cast<std::size_t>(1 - high)]);
    };
    std::size_t i = 0;
    for (; i + 2 <= bytes.size(); i += 2) {
        std::uint32_t c = unit(i);
        if (c >= 0xD800 && c < 0xDC00) {
            if (i + 4 > bytes.size() && !last) break;
            const std::uint32_t low = i + 4 <= bytes.size() ? unit(i + 2) : 0;
            const bool paired = low >= 0xDC00 && low < 0xE000;
            c = paired ? 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00) : 0xFFFD;
            if (paired) i += 2;
        } else if (c == 0 || (c >= 0xDC00 && c < 0xE000)) {
            c = 0xFFFD;
        }
        to = put_utf8(c, to);
    }
    if (last && i < bytes.size()) i = bytes.size();  // half a character
    out.resize(static_cast<std::size_t>(to - out.data()));
    return i;
}

}  // namespace open_data::ingest
