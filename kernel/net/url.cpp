#include "kernel/net/url.hpp"

#include "kernel/base/text.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kernel::net {
namespace {

constexpr std::size_t longest = 8192;

[[noreturn]] void wrong(std::string_view url, const char* why) {
    std::string shown;
    for (const char c : url.substr(0, 200)) shown += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    throw concejo::Error(concejo::ErrorKind::invalid,
                         fmt::format("la dirección «{}» no vale: {}", shown, why));
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/// What may not stand in a request line as it is.
std::string encoded(std::string_view text) {
    static constexpr std::string_view unsafe = " \"<>\\^`{|}";
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) > 0x7e || unsafe.find(c) != unsafe.npos)
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out;
}

bool ends_in_number(std::string_view host) {
    const auto last = host.substr(host.rfind('.') + 1);
    if (last.starts_with("0x")) return true;
    return !last.empty() &&
           std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void set_host(Url& url, std::string_view host, std::string_view whole) {
    if (host.starts_with('[')) {
        if (!host.ends_with(']')) wrong(whole, "falta el corchete que cierra");
        url.literal = Ip::parse(host.substr(1, host.size() - 2));
        if (!url.literal || url.literal->v4) wrong(whole, "entre corchetes va una dirección IPv6");
        url.host = url.literal->text();
        return;
    }
    url.host = base::lower_ascii(host);
    if (url.host.find("..") != url.host.npos || url.host.starts_with('.'))
        wrong(whole, "el nombre del servidor tiene puntos de más");
    if (url.host.ends_with('.')) url.host.pop_back();
    if (url.host.empty() || url.host.size() > 253)
        wrong(whole, "el nombre del servidor falta o es demasiado largo");
    if (!std::all_of(url.host.begin(), url.host.end(), is_name_char))
        wrong(whole,
              "el nombre del servidor tiene caracteres que no puede tener; los acentos se escriben en "
              "«punycode» (xn--…)");
    if (!ends_in_number(url.host)) return;
    url.literal = parse_host_number(url.host);
    if (!url.literal) wrong(whole, "el servidor no es un nombre ni una dirección IPv4");
    url.host = url.literal->text();
}

void set_authority(Url& url, std::string_view authority, std::string_view whole) {
    if (authority.find('@') != authority.npos)
        wrong(whole, "no se admiten usuario ni contraseña en la dirección");
    const auto bracket = authority.rfind(']');
    const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
    url.port = url.tls ? 443 : 80;
    if (colon != authority.npos && colon + 1 < authority.size()) {
        const auto digits = authority.substr(colon + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
        if (error != std::errc{} || end != digits.data() + digits.size() || url.port == 0)
            wrong(whole, "el puerto no es un número entre 1 y 65535");
    }
    set_host(url, authority.substr(0, colon), whole);
}

/// RFC 3986, 5.2.4.
std::string without_dot_segments(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        if (path.starts_with("/./"))
            path.remove_prefix(2);
        else if (path == "/.")
            path = "/";
        else if (path.starts_with("/../") || path == "/..") {
            path = path == "/.." ? std::string_view("/") : path.substr(3);
            out.resize(out.empty() ? 0 : out.rfind('/'));
        } else {
            const auto next = path.find('/', 1);
            out += path.substr(0, next);
            path = next == path.npos ? std::string_view() : path.substr(next);
        }
    }
    return out;
}

void set_target(Url& url, std::string_view rest) {
    rest = rest.substr(0, rest.find('#'));
    const auto mark = rest.find('?');
    std::string path(rest.substr(0, mark));
    if (!path.starts_with('/')) path.insert(0, "/");
    url.target = encoded(without_dot_segments(path));
    if (url.target.empty()) url.target = "/";
    if (mark != rest.npos) url.target += encoded(rest.substr(mark));
}

void check_characters(std::string_view text) {
    if (text.size() > longest) wrong(text, "es demasiado larga");
    if (std::any_of(text.begin(), text.end(), is_control)) wrong(text, "tiene caracteres de control");
}

}  // namespace

Url Url::parse(std::string_view text) {
    check_characters(text);
    Url url;
    const auto colon = text.find(':');
    const auto scheme = base::lower_ascii(text.substr(0, colon == text.npos ? 0 : colon));
    url.tls = scheme == "https";
    if (!url.tls && scheme != "http") wrong(text, "ha de empezar por https:// o http://");
    auto rest = text.substr(scheme.size() + 1);
    if (!rest.starts_with("//")) wrong(text, "ha de empezar por https:// o http://");
    rest.remove_prefix(2);
    const auto end = std::min(rest.size(), rest.find_first_of("/?#\\"));
    set_authority(url, rest.substr(0, end), text);
    if (end < rest.size() && rest[end] == '\\') wrong(text, "tiene una barra invertida tras el servidor");
    set_target(url, rest.substr(end));
    return url;
}

Url Url::resolve(std::string_view reference) const {
    check_characters(reference);
    const auto colon = reference.find_first_of(":/?#");
    if (colon != reference.npos && colon > 0 && reference[colon] == ':') return parse(reference);
    if (reference.starts_with("//")) return parse((tls ? "https:" : "http:") + std::string(reference));
    Url url = *this;
    const auto fragment = reference.find('#');
    reference = reference.substr(0, fragment);
    const auto path_end = std::min(target.size(), target.find('?'));
    if (reference.empty()) return url;
    if (reference.starts_with('?')) {
        url.target = target.substr(0, path_end) + encoded(reference);
        return url;
    }
    if (reference.starts_with('/')) {
        set_target(url, reference);
        return url;
    }
    set_target(url, target.substr(0, target.rfind('/', path_end - 1) + 1) + std::string(reference));
    return url;
}

std::string Url::authority() const {
    auto text = literal && !literal->v4 ? "[" + host + "]" : host;
    if (port != (tls ? 443 : 80)) text += fmt::format(":{}", port);
    return text;
}

std::string Url::text() const { return (tls ? "https://" : "http://") + authority() + target; }

}  // namespace kernel::net
