#include "kernel/net/ip.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace kernel::net {

std::optional<Ip> Ip::parse(std::string_view text) {
    const std::string whole(text);
    if (whole.size() != text.size() || whole.find('\0') != whole.npos) return std::nullopt;
    Ip ip;
    if (::inet_pton(AF_INET, whole.c_str(), ip.bytes.data()) == 1) return ip;
    ip.v4 = false;
    if (::inet_pton(AF_INET6, whole.c_str(), ip.bytes.data()) == 1) return ip;
    return std::nullopt;
}

std::string Ip::text() const {
    char buffer[INET6_ADDRSTRLEN] = {};
    return ::inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data(), buffer, sizeof buffer);
}

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() > 1 && text.front() == '0') {
        base = 8;
        text.remove_prefix(1);
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || value > 0xffffffffu) return std::nullopt;
    return value;
}

}  // namespace

std::optional<Ip> parse_host_number(std::string_view text) {
    std::vector<std::uint64_t> parts;
    for (std::size_t from = 0;;) {
        const auto dot = text.find('.', from);
        const auto part = number(text.substr(from, dot == text.npos ? text.npos : dot - from));
        if (!part || parts.size() == 4) return std::nullopt;
        parts.push_back(*part);
        if (dot == text.npos) break;
        from = dot + 1;
    }
    std::uint64_t value = parts.back();
    if (value >= 1ull << (8 * (5 - parts.size()))) return std::nullopt;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (parts[i] > 255) return std::nullopt;
        value |= parts[i] << (24 - 8 * i);
    }
    Ip ip;
    for (std::size_t i = 0; i < 4; ++i) ip.bytes[i] = static_cast<unsigned char>(value >> (24 - 8 * i));
    return ip;
}

std::optional<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = Ip::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    const unsigned whole = address->v4 ? 32 : 128;
    if (slash == text.npos) return Network{*address, whole};
    const auto digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > whole) return std::nullopt;
    return Network{*address, bits};
}

bool Network::has(const Ip& ip) const noexcept {
    if (ip.v4 != address.v4) return false;
    for (unsigned done = 0; done < bits; done += 8) {
        const unsigned left = std::min(8u, bits - done);
        const auto mask = static_cast<unsigned char>(0xff00u >> left);
        if ((ip.bytes[done / 8] ^ address.bytes[done / 8]) & mask) return false;
    }
    return true;
}

namespace {

struct Special {
    const char *network, *what;
};

/// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry. The first that
/// holds the address gives the reason.
constexpr Special specials[] = {
    {"0.0.0.0/8", "de «esta red»"},
    {"10.0.0.0/8", "privada"},
    {"100.64.0.0/10", "compartida de operador (CGNAT)"},
    {"127.0.0.0/8", "de esta misma máquina"},
    {"169.254.0.0/16", "de enlace local"},
    {"172.16.0.0/12", "privada"},
    {"192.0.0.0/24", "reservada para protocolos"},
    {"192.0.2.0/24", "de documentación"},
    {"192.88.99.0/24", "de paso 6to4"},
    {"192.168.0.0/16", "privada"},
    {"198.18.0.0/15", "de pruebas de rendimiento"},
    {"198.51.100.0/24", "de documentación"},
    {"203.0.113.0/24", "de documentación"},
    {"224.0.0.0/4", "de multidifusión"},
    {"240.0.0.0/4", "reservada"},
    {"::1/128", "de esta misma máquina"},
    {"::ffff:0:0/96", "IPv4 dentro de IPv6"},
    {"64:ff9b::/96", "traducida (NAT64)"},
    {"64:ff9b:1::/48", "traducida (NAT64)"},
    {"fc00::/7", "privada"},
    {"fe80::/10", "de enlace local"},
    {"fec0::/10", "local en desuso"},
    {"ff00::/8", "de multidifusión"},
    {"2001::/32", "de túnel Teredo"},
    {"2001:db8::/32", "de documentación"},
    {"2001::/23", "reservada para protocolos"},
    {"2002::/16", "de túnel 6to4"},
    {"3fff::/20", "de documentación"},
};

}  // namespace

const char* special_purpose(const Ip& ip) {
    static const auto table = [] {
        std::vector<std::pair<Network, const char*>> all;
        for (const auto& special : specials)
            all.emplace_back(Network::parse(special.network).value(), special.what);
        return all;
    }();
    for (const auto& [network, what] : table) {
        if (network.has(ip)) return what;
    }
    // Of IPv6 only 2000::/3 has been given out for the open Internet.
    return ip.v4 || (ip.bytes[0] & 0xe0) == 0x20 ? nullptr : "reservada";
}

}  // namespace kernel::net
