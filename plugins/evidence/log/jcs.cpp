#include "plugins/evidence/log/jcs.hpp"

#include <concejo/utf8.hpp>

#include <algorithm>

namespace evidence::log {
namespace {

[[noreturn]] void refuse(const char* what) {
    throw concejo::Error(concejo::ErrorKind::invalid, std::string("canonical JSON: ") + what);
}

std::u16string utf16(std::string_view text) {
    std::u16string units;
    while (!text.empty()) {
        const auto code = concejo::take_code_point(text);
        if (!code) refuse("text that is not UTF-8");
        if (*code < 0x10000) {
            units += static_cast<char16_t>(*code);
        } else {
            units += static_cast<char16_t>(0xD800 + ((*code - 0x10000) >> 10));
            units += static_cast<char16_t>(0xDC00 + ((*code - 0x10000) & 0x3FF));
        }
    }
    return units;
}

void write_string(std::string& out, std::string_view text) {
    if (!concejo::is_utf8(text)) refuse("text that is not UTF-8");
    constexpr std::string_view escaped = "\b\t\n\f\r\"\\", letters = "btnfr\"\\";
    constexpr char digits[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        if (const auto found = escaped.find(c); found != std::string_view::npos) {
            out += '\\';
            out += letters[found];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += digits[c >> 4];
            out += digits[c & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void write_integer(std::string& out, std::int64_t value) {
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    if (value > -exact && value < exact) {
        out += std::to_string(value);
        return;
    }
    const auto number = static_cast<double>(value);
    // 2^63 itself does not fit back into an int64.
    if (number >= 0x1p63 || static_cast<std::int64_t>(number) != value)
        refuse("an integer that a double does not hold");
    out += ecmascript_number(number);
}

void write(std::string& out, const concejo::Json& value) {
    if (value.is_object()) {
        std::vector<std::pair<std::u16string, const concejo::Json::Member*>> members;
        for (const auto& member : value.as_object()) members.emplace_back(utf16(member.first), &member);
        std::sort(members.begin(), members.end());
        const char* separator = "{";
        for (const auto& [name, member] : members) {
            out += separator;
            write_string(out, member->first);
            out += ':';
            write(out, member->second);
            separator = ",";
        }
        out += members.empty() ? "{}" : "}";
    } else if (value.is_array()) {
        const char* separator = "[";
        for (const auto& item : value.as_array()) {
            out += separator;
            write(out, item);
            separator = ",";
        }
        out += value.empty() ? "[]" : "]";
    } else if (value.is_string()) {
        write_string(out, value.as_string());
    } else if (value.is_int()) {
        write_integer(out, value.as_int());
    } else if (value.is_double()) {
        out += ecmascript_number(value.as_double());
    } else {
        out += value.dump();  // null, true, false
    }
}

}  // namespace

// ECMA-262, Number::toString: the shortest digits that give the number back, which std::to_chars finds, and
// the layout by the place n of the decimal point.
std::string ecmascript_number(double value) {
    if (!std::isfinite(value)) refuse("a number without value");
    if (value == 0) return "0";
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    const std::string_view whole(text, static_cast<std::size_t>(end - text));
    const auto e = whole.find('e');
    const bool positive = whole[e + 1] == '+';
    int exponent = 0;
    std::from_chars(whole.data() + e + 2, end, exponent);
    std::string sign, digits;
    for (const char c : whole.substr(0, e)) (c == '-' ? sign : digits) += c;
    std::erase(digits, '.');
    const int n = (positive ? exponent : -exponent) + 1, k = static_cast<int>(digits.size());
    if (k <= n && n <= 21) return sign + digits + std::string(static_cast<std::size_t>(n - k), '0');
    if (0 < n && n <= 21) return sign + digits.insert(static_cast<std::size_t>(n), 1, '.');
    if (-6 < n && n <= 0) return sign + "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
    if (k > 1) digits.insert(1, 1, '.');
    return sign + digits + 'e' + (n > 0 ? '+' : '-') + std::to_string(n > 0 ? n - 1 : 1 - n);
}

std::string canonical(const concejo::Json& value) {
    std::string out;
    write(out, value);
    return out;
}

std::optional<concejo::Json> parse_canonical(std::string_view text) {
    try {
        auto value = concejo::Json::parse(text);
        if (canonical(value) == text) return value;
    } catch (const concejo::Error&) {  // the caller's answer is the same: no
    }
    return std::nullopt;
}

}  // namespace evidence::log
