// What an announcement is named by. No default constructors: a value that exists is well formed.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace sede {

/// The permanent id: a UUID in lower case.
class AnuncioId {
public:
    static std::optional<AnuncioId> parse(std::string_view text);
    /// Version 4, from the system's random source.
    static AnuncioId random();
    const std::string& text() const noexcept { return text_; }
    auto operator<=>(const AnuncioId&) const = default;

private:
    explicit AnuncioId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// The number within a year, given at publication: "2026/0043"; in addresses "2026-0043".
class Numero {
public:
    /// Takes both ways of writing it, also without zeros: "2026/43".
    static std::optional<Numero> parse(std::string_view text);
    static std::optional<Numero> of(int year, int number);
    std::string text() const;
    std::string slug() const;
    int year() const noexcept { return year_; }
    int number() const noexcept { return number_; }
    auto operator<=>(const Numero&) const = default;

private:
    Numero(int year, int number) : year_(year), number_(number) {}
    int year_, number_;
};

/// Names stored content: 64 hexadecimal digits in lower case.
class Sha256 {
public:
    static std::optional<Sha256> parse(std::string_view text);
    const std::string& text() const noexcept { return text_; }
    auto operator<=>(const Sha256&) const = default;

private:
    explicit Sha256(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace sede
