// Regulated codes as values: what has one of these types has passed its rules.
#pragma once

#include <concejo/result.hpp>

#include <compare>
#include <string>
#include <string_view>

namespace kernel::config {

/// Why a text is not such a code; Spanish, ready for a message after "…: ".
struct CodeError {
    std::string message;
};

/// Municipality in the INE's list: province (01 to 52) and municipality, five digits.
class CodigoIne {
public:
    static concejo::Result<CodigoIne, CodeError> parse(std::string_view text);
    const std::string& text() const noexcept { return text_; }
    std::string province() const { return text_.substr(0, 2); }
    auto operator<=>(const CodigoIne&) const = default;

private:
    explicit CodigoIne(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// Unit in the common directory DIR3: a letter and eight digits, or two letters and seven digits. A
/// municipality's is L01 + INE code + one digit.
class Dir3 {
public:
    static concejo::Result<Dir3, CodeError> parse(std::string_view text);
    const std::string& text() const noexcept { return text_; }
    /// The INE code inside L01…; "" for another unit.
    std::string ine() const { return text_.starts_with("L01") ? text_.substr(3, 5) : std::string(); }
    auto operator<=>(const Dir3&) const = default;

private:
    explicit Dir3(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// Tax number of a person (RD 1065/2007, arts. 18 to 21) or of an entity (Orden EHA/451/2008), control
/// character checked: DNI, NIE (X, Y, Z), K, L, M, and letters A to W of entities.
class Nif {
public:
    static concejo::Result<Nif, CodeError> parse(std::string_view text);
    const std::string& text() const noexcept { return text_; }
    /// Whether it belongs to an entity.
    bool entity() const noexcept;
    auto operator<=>(const Nif&) const = default;

private:
    explicit Nif(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace kernel::config
