#include "ids.hpp"

#include <concejo/error.hpp>

#include <sys/random.h>

#include <array>
#include <charconv>
#include <cstdio>

namespace sede {
namespace {

bool hexadecimal(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::optional<int> digits(std::string_view text, std::size_t most) {
    int value = 0;
    if (text.empty() || text.size() > most || text.front() < '0' || text.front() > '9') return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<AnuncioId> AnuncioId::parse(std::string_view text) {
    std::string id = lower(text);
    if (id.size() != 36) return std::nullopt;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? id[i] != '-' : !hexadecimal(id[i])) return std::nullopt;
    }
    return AnuncioId(std::move(id));
}

AnuncioId AnuncioId::random() {
    std::array<unsigned char, 16> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw concejo::Error(concejo::ErrorKind::internal, "el sistema no da números aleatorios");
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", bytes[i]);
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += two;
    }
    return AnuncioId(std::move(text));
}

std::optional<Numero> Numero::parse(std::string_view text) {
    const auto separator = text.find_first_of("/-");
    if (separator != 4) return std::nullopt;
    const auto year = digits(text.substr(0, 4), 4), number = digits(text.substr(5), 7);
    return year && number ? of(*year, *number) : std::nullopt;
}

std::optional<Numero> Numero::of(int year, int number) {
    if (year < 1900 || year > 2199 || number < 1) return std::nullopt;
    return Numero(year, number);
}

std::string Numero::text() const {
    char text[24];
    std::snprintf(text, sizeof text, "%04d/%04d", year_, number_);
    return text;
}

std::string Numero::slug() const {
    std::string slug = text();
    slug[4] = '-';
    return slug;
}

std::optional<Sha256> Sha256::parse(std::string_view text) {
    std::string digest = lower(text);
    if (digest.size() != 64) return std::nullopt;
    for (const char c : digest) {
        if (!hexadecimal(c)) return std::nullopt;
    }
    return Sha256(std::move(digest));
}

}  // namespace sede
