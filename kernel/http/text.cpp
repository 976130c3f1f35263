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

std::string repaired_utf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto rest = text;
        if (concejo::take_code_point(text)) {
            out.append(rest, 0, rest.size() - text.size());
        } else {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(1);
        }
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
