#include "kernel/base/clock.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/config/codes.hpp"
#include "kernel/config/schema_rule.hpp"

#include <algorithm>
#include <array>

namespace kernel::config {
namespace {

bool alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool all_in(std::string_view text, std::string_view besides) {
    return std::all_of(text.begin(), text.end(),
                       [besides](char c) { return alnum(c) || besides.find(c) != std::string_view::npos; });
}

/// RFC 1123: labels of letters, digits and inner hyphens. Other scripts come as punycode (xn--…).
bool is_hostname(std::string_view text) {
    if (text.empty() || text.size() > 253) return false;
    for (const std::string_view label : base::split(text, '.')) {
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
            !all_in(label, "-"))
            return false;
    }
    return true;
}

/// An address as people use it: one '@', dot-atom before, a host with a dot after.
bool is_email(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64) return false;
    const std::string_view local = text.substr(0, at);
    const std::string_view host = text.substr(at + 1);
    return all_in(local, "!#$%&'*+/=?^_`{|}~.-") && local.front() != '.' && local.back() != '.' &&
           local.find("..") == std::string_view::npos && is_hostname(host) &&
           host.find('.') != std::string_view::npos;
}

/// RFC 3986 with a scheme; an http(s) one needs its host.
bool is_uri(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
    const std::string scheme = base::lower_ascii(text.substr(0, colon));
    if (!(scheme[0] >= 'a' && scheme[0] <= 'z') || !all_in(scheme, "+-.")) return false;
    std::string_view rest = text.substr(colon + 1);
    if (!all_in(rest, "-._~:/?#[]@!$&'()*+,;=%")) return false;
    if (scheme != "http" && scheme != "https") return true;
    if (!rest.starts_with("//")) return false;
    rest.remove_prefix(2);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    const std::string_view host =
        authority.substr(authority.find('@') == std::string_view::npos ? 0 : authority.find('@') + 1);
    return host.starts_with('[') || is_hostname(host.substr(0, host.find(':')));
}

bool is_color(std::string_view text) {
    return text.size() == 7 && text[0] == '#' &&
           text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

struct Format {
    std::string_view name;
    bool (*holds)(std::string_view);
    std::string_view complaint;
};

constexpr std::array<Format, 5> formats = {{
    {"uri", is_uri, base::N_("'{}' no es una dirección web completa (https://…)")},
    {"email", is_email, base::N_("'{}' no es una dirección de correo")},
    {"date", base::valid_date, base::N_("'{}' no es una fecha que exista (AAAA-MM-DD)")},
    {"hostname", is_hostname, base::N_("'{}' no es un nombre de host (sin https://, sin barra, sin puerto)")},
    {"color", is_color, base::N_("'{}' no es un color (\"#rrggbb\", entre comillas)")},
}};

template <class Code>
std::string complaint_of(std::string_view text) {
    const auto code = Code::parse(text);
    return code.ok() ? std::string() : code.error().message;
}

}  // namespace

bool known_format(std::string_view format) {
    return std::any_of(formats.begin(), formats.end(),
                       [format](const Format& each) { return each.name == format; });
}

std::string format_complaint(std::string_view format, std::string_view text) {
    for (const Format& each : formats) {
        if (each.name == format)
            return each.holds(text)
                       ? std::string()
                       : fmt::vformat(base::translated(each.complaint), fmt::make_format_args(text));
    }
    return {};
}

std::string code_complaint(std::string_view code, std::string_view text) {
    if (code == "ine") return complaint_of<CodigoIne>(text);
    if (code == "dir3") return complaint_of<Dir3>(text);
    if (code == "nif") return complaint_of<Nif>(text);
    return {};
}

std::wstring code_points(std::string_view utf8) {
    std::wstring out;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto first = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        auto point = static_cast<std::uint32_t>(length == 1 ? first : first & (0xFF >> (length + 1)));
        for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
            point = (point << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3F);
        out += static_cast<wchar_t>(point);
        i += length;
    }
    return out;
}

}  // namespace kernel::config
