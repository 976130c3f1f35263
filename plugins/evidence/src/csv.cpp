#include "csv.hpp"

#include <concejo/error.hpp>

#include <openssl/rand.h>

#include <array>

namespace evidence {
namespace {

constexpr std::string_view symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t length = 26;

int value_of(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    const auto at = symbols.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// Luhn mod N: https://en.wikipedia.org/wiki/Luhn_mod_N_algorithm, with N = 32.
char check_symbol(std::string_view text) {
    int sum = 0, factor = 2;
    for (auto at = text.rbegin(); at != text.rend(); ++at, factor = 3 - factor) {
        const int addend = factor * value_of(*at);
        sum += addend / 32 + addend % 32;
    }
    return symbols[static_cast<std::size_t>((32 - sum % 32) % 32)];
}

}  // namespace

Csv Csv::random() {
    std::array<unsigned char, 16> bits{};
    if (RAND_bytes(bits.data(), bits.size()) != 1)
        throw concejo::Error(concejo::ErrorKind::internal, "no hay números aleatorios");
    return of({reinterpret_cast<const char*>(bits.data()), bits.size()});
}

Csv Csv::of(std::string_view bits) {
    if (bits.size() != 16) throw concejo::Error(concejo::ErrorKind::internal, "un CSV es de 16 bytes");
    std::string text;
    unsigned held = 0;
    int have = 2;  // 130 bits in 26 symbols: two zeros first
    for (const char c : bits) {
        held = held << 8 | static_cast<unsigned char>(c);
        for (have += 8; have >= 5; have -= 5) text += symbols[held >> (have - 5) & 31];
        held &= 31;
    }
    return Csv(text + check_symbol(text));
}

std::optional<Csv> Csv::parse(std::string_view typed) {
    std::string text;
    for (const char c : typed) {
        if (c == ' ' || c == '-' || c == '.' || c == '\t' || c == '\r' || c == '\n') continue;
        const int value = value_of(c);
        if (value < 0 || text.size() > length) return std::nullopt;
        text += symbols[static_cast<std::size_t>(value)];
    }
    if (text.size() != length + 1 || text.front() > '7') return std::nullopt;
    if (check_symbol(std::string_view(text).substr(0, length)) != text.back()) return std::nullopt;
    return Csv(std::move(text));
}

std::string Csv::grouped() const {
    std::string out;
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (i > 0 && i % 4 == 0) out += '-';
        out += text_[i];
    }
    return out;
}

}  // namespace evidence
