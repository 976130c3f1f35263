// Código seguro de verificación: 128 random bits that people can type. RD 203/2021 art. 21.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evidence {

/// 26 symbols of Crockford's base 32 (no I, L, O nor U) with the 128 bits, and one that checks them (Luhn mod
/// 32: any one wrong symbol, and nearly every swap of neighbours). Written in groups of four.
class Csv {
public:
    static Csv random();
    static Csv of(std::string_view bits);  ///< 16 bytes
    /// What people type: any case, with blanks, dots and hyphens, O for 0, I and L for 1. Nothing where its
    /// check symbol is not right or it is no such code.
    static std::optional<Csv> parse(std::string_view typed);

    const std::string& text() const { return text_; }  ///< 27 symbols
    std::string grouped() const;                       ///< "K7QF-…-…"

    bool operator==(const Csv&) const = default;

private:
    explicit Csv(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace evidence
