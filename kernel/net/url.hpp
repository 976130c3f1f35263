// http and https addresses, in the one form in which they are compared, checked and connected to.
#pragma once

#include "kernel/net/ip.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::net {

struct Url {
    bool tls = false;           ///< https
    std::string host;           ///< lower case without a last dot, or the usual spelling of the address
    std::optional<Ip> literal;  ///< the host is an address, however it was spelled
    std::uint16_t port = 80;
    std::string target = "/";  ///< path and query, percent-encoded; no fragment

    /// Throws Error{invalid}: other schemes, users and passwords, control characters, hosts with characters
    /// outside ASCII (they are written in punycode), numbers that are no IPv4 address, more than 8 KiB.
    static Url parse(std::string_view text);
    /// A reference (of a Location field, of a link) seen from this address: RFC 3986, section 5.
    Url resolve(std::string_view reference) const;

    std::string authority()
        const;  ///< "sede.example.es", "[2001:db8::1]:8080": the port only where it is not the usual one
    std::string text() const;
    bool same_origin(const Url& other) const {
        return tls == other.tls && host == other.host && port == other.port;
    }
};

}  // namespace kernel::net
