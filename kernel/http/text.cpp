#include "kernel/http/text.hpp"

#include <algorithm>
#include <array>

#include "kernel/http/refusal.hpp"

namespace kernel::http {
namespace {

constexpr std::array<bool, 256> token_table = [] {
    std::array<bool, 256> table{};
    for (int c = '0'; c <= '9'; ++c) table[c] = true;
    for (int c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = true;
    for (unsigned char c : std::string_view("!#$%&'*+-.^_`|~")) table[c] = true;
    return table;
}();

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The byte that "%XX" at `at` stands for, or -1.
int escape_at(std::string_view text, std::size_t at) noexcept {
    if (at + 2 >= text.size()) return -1;
    int high = hex_value(text[at + 1]), low = hex_value(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Length of the valid sequence at the beginning; 0 when there is none (overlong forms and surrogates
/// included).
std::size_t sequence_length(std::string_view text) noexcept {
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto more = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
    unsigned char first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return more(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!more(1) || !more(2)) return 0;
        if (first == 0xE0 && byte(1) < 0xA0) return 0;
        if (first == 0xED && byte(1) > 0x9F) return 0;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!more(1) || !more(2) || !more(3)) return 0;
        if (first == 0xF0 && byte(1) < 0x90) return 0;
        if (first == 0xF4 && byte(1) > 0x8F) return 0;
        return 4;
    }
    return 0;
}

std::string form_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        int escape = text[i] == '%' ? escape_at(text, i) : -1;
        if (escape == 0 || text[i] == '\0') throw Refusal(400, "nul_in_form");
        if (escape > 0) {
            out += static_cast<char>(escape);
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return is_utf8(out) ? out : repaired_utf8(out);
}

}  // namespace

bool is_token_char(unsigned char c) noexcept { return token_table[c]; }

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        auto length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string repaired_utf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto length = sequence_length(text);
        if (length == 0)
            out += "\xEF\xBF\xBD";
        else
            out += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        int escape = escape_at(text, i);
        if (escape < 0) return std::nullopt;
        out += static_cast<char>(escape);
        i += 2;
    }
    return out;
}

std::string percent_encoded(std::string_view text, std::string_view also) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (unsigned char c : text) {
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                     c == '.' || c == '_' || c == '~' || also.find(static_cast<char>(c)) != also.npos;
        if (plain) {
            out += static_cast<char>(c);
        } else {
            out += '%';
            out += digits[c >> 4];
            out += digits[c & 15];
        }
    }
    return out;
}

std::vector<Field> urlencoded_pairs(std::string_view text, std::size_t most) {
    std::vector<Field> pairs;
    while (!text.empty()) {
        auto end = text.find('&');
        auto pair = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (pair.empty()) continue;
        if (pairs.size() == most) throw Refusal(400, "too_many_form_fields");
        auto equals = pair.find('=');
        auto value = equals == pair.npos ? std::string_view{} : pair.substr(equals + 1);
        pairs.push_back({form_decoded(pair.substr(0, equals)), form_decoded(value)});
    }
    return pairs;
}

}  // namespace kernel::http
