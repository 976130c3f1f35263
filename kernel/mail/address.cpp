#include "kernel/mail/address.hpp"

#include "kernel/base/text.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kernel::mail {
namespace {

bool high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || high(c);
}

/// atext of RFC 5322, with RFC 6531's letters.
bool atext(char c) {
    static constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
    return alnum(c) || others.find(c) != others.npos;
}

template <class Good>
bool dotted(std::string_view text, std::size_t longest_part, Good&& good) {
    for (const auto part : base::split(text, '.')) {
        if (part.empty() || part.size() > longest_part || !std::all_of(part.begin(), part.end(), good))
            return false;
    }
    return true;
}

bool good_domain(std::string_view domain) {
    const auto label = [](char c) { return alnum(c) || c == '-'; };
    if (domain.size() > 253 || !dotted(domain, 63, label)) return false;
    for (const auto part : base::split(domain, '.')) {
        if (part.front() == '-' || part.back() == '-') return false;
    }
    return true;
}

[[noreturn]] void wrong(std::string_view text) {
    std::string shown;
    for (const char c : text.substr(0, 100))
        shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    shown.resize(base::utf8_invalid_at(shown));
    throw concejo::Error(concejo::ErrorKind::invalid,
                         fmt::format("«{}» no es una dirección de correo", shown));
}

}  // namespace

Address Address::of(std::string_view name, std::string_view address) {
    const auto at = address.rfind('@');
    if (at == address.npos || at == 0 || at > 64 || address.size() > 254 || !base::utf8_valid(address))
        wrong(address);
    if (!dotted(address.substr(0, at), 64, atext) || !good_domain(address.substr(at + 1))) wrong(address);
    refuse_control("el nombre de un destinatario", name);
    return {std::string(base::trim(name)),
            std::string(address.substr(0, at + 1)) + base::lower_ascii(address.substr(at + 1))};
}

Address Address::parse(std::string_view text) {
    text = base::trim(text);
    const auto open = text.rfind('<');
    if (open == text.npos) return of({}, text);
    if (!text.ends_with('>')) wrong(text);
    auto name = base::trim(text.substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    return of(name, text.substr(open + 1, text.size() - open - 2));
}

bool Address::ascii() const noexcept { return std::none_of(address.begin(), address.end(), high); }
std::string_view Address::domain() const { return std::string_view(address).substr(address.rfind('@') + 1); }

void refuse_control(std::string_view what, std::string_view text) {
    const bool control = std::any_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (control || !base::utf8_valid(text))
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            fmt::format("{} tiene saltos de línea u otros caracteres que no puede tener", what));
}

}  // namespace kernel::mail
