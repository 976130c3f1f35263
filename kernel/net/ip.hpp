// Addresses and blocks of addresses, and which of them an outgoing request may reach.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::net {

/// IPv4 in the first four bytes, or IPv6. An IPv4-mapped IPv6 address stays what it is: IPv6.
struct Ip {
    std::array<unsigned char, 16> bytes{};
    bool v4 = true;

    /// The usual spellings only ("10.0.0.1", "fe80::1"): other spellings of IPv4 are parse_host_number()'s.
    static std::optional<Ip> parse(std::string_view text);
    std::string text() const;
    bool operator==(const Ip&) const = default;
};

/// What inet_aton and browsers take for IPv4: one to four numbers, decimal, octal (017) or hexadecimal
/// (0x7f), the last of which fills what is left ("0x7f.1", "2130706433"). nullopt where it is none.
std::optional<Ip> parse_host_number(std::string_view text);

struct Network {
    Ip address;
    unsigned bits = 0;

    /// "10.0.0.0/8", "fd00::/8", or an address alone.
    static std::optional<Network> parse(std::string_view text);
    bool has(const Ip& ip) const noexcept;
};

/// Why an address is no public one (IANA's registries of special-purpose addresses; IPv6 that carries IPv4
/// inside counts as special whatever it carries). Null: it is a public one.
const char* special_purpose(const Ip& ip);

}  // namespace kernel::net
