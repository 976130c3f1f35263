#include "kernel/config/codes.hpp"

#include "kernel/base/tr.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace kernel::config {
namespace {

bool digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

bool upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_province(std::string_view two) { return digits(two) && two >= "01" && two <= "52"; }

/// Art. 18 of RD 1065/2007 and Orden of 1990: the remainder by 23 chooses the letter.
char person_letter(const std::string& number) {
    return "TRWAGMYFPDXBNJZSQVHLCKE"[std::atoi(number.c_str()) % 23];
}

/// Annex of Decreto 2423/1975: digits in odd places doubled and their figures added.
int entity_control(std::string_view seven) {
    int sum = 0;
    for (std::size_t i = 0; i < 7; ++i) {
        const int digit = seven[i] - '0';
        const int doubled = digit * 2;
        sum += i % 2 == 0 ? doubled / 10 + doubled % 10 : digit;
    }
    return (10 - sum % 10) % 10;
}

std::string wrong_control(std::string_view text) {
    return base::tr("'{}' no es un NIF: el carácter de control no corresponde", text);
}

}  // namespace

concejo::Result<CodigoIne, CodeError> CodigoIne::parse(std::string_view text) {
    if (text.size() != 5 || !digits(text))
        return CodeError{base::tr("'{}' no es un código INE: son 5 cifras", text)};
    if (!is_province(text.substr(0, 2)))
        return CodeError{base::tr("'{}' no es un código INE: comienza por la provincia, de 01 a 52", text)};
    return CodigoIne(std::string(text));
}

concejo::Result<Dir3, CodeError> Dir3::parse(std::string_view text) {
    const bool one_letter = text.size() == 9 && upper(text[0]) && digits(text.substr(1));
    const bool two_letters = text.size() == 9 && upper(text[0]) && upper(text[1]) && digits(text.substr(2));
    if (!one_letter && !two_letters)
        return CodeError{base::tr("'{}' no es un código DIR3: son 9 caracteres, como L01280796", text)};
    if (text.starts_with("L01") && !is_province(text.substr(3, 2)))
        return CodeError{
            base::tr("'{}' no es un código DIR3: tras L01 va el código INE del municipio", text)};
    return Dir3(std::string(text));
}

concejo::Result<Nif, CodeError> Nif::parse(std::string_view text) {
    const CodeError shape{base::tr("'{}' no es un NIF: son 9 caracteres, en mayúsculas y sin guiones", text)};
    if (text.size() != 9 || !digits(text.substr(1, 7))) return shape;
    const char first = text[0];
    const char control = text[8];
    const std::string_view seven = text.substr(1, 7);
    if (const std::string_view persons = "0123456789XYZKLM"; persons.find(first) != std::string_view::npos) {
        std::string number(seven);
        if (first >= 'X' && first <= 'Z')
            number.insert(0, 1, static_cast<char>('0' + (first - 'X')));
        else if (digits(text.substr(0, 1)))
            number.insert(0, 1, first);
        if (!upper(control)) return shape;
        if (person_letter(number) != control) return CodeError{wrong_control(text)};
        return Nif(std::string(text));
    }
    if (std::string_view("ABCDEFGHJNPQRSUVW").find(first) == std::string_view::npos) return shape;
    const int value = entity_control(seven);
    const bool as_letter = control == "JABCDEFGHI"[value];
    const bool as_digit = control == static_cast<char>('0' + value);
    const bool only_letter = std::string_view("NPQRSW").find(first) != std::string_view::npos;
    const bool only_digit =
        std::string_view("ABEH").find(first) != std::string_view::npos && !seven.starts_with("00");
    if ((only_letter && !as_letter) || (only_digit && !as_digit) || (!as_letter && !as_digit))
        return CodeError{wrong_control(text)};
    return Nif(std::string(text));
}

bool Nif::entity() const noexcept {
    return std::string_view("ABCDEFGHJNPQRSUVW").find(text_[0]) != std::string_view::npos;
}

}  // namespace kernel::config
