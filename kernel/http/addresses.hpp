// Client addresses: which proxies are believed, and how much one address may ask.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernel/http/limits.hpp"
#include "kernel/http/message.hpp"

namespace kernel::http {

/// An address as 16 bytes; IPv4 as ::ffff:a.b.c.d.
struct Address {
    unsigned char bytes[16] = {};

    static bool parse(std::string_view text, Address& out);
    bool is_loopback() const noexcept;
    bool is_v4() const noexcept;
    std::string text() const;
    /// The address, or for IPv6 its /64: what one client can change at will does not count as another.
    std::string client_key() const;
};

class TrustedProxies {
public:
    /// Throws concejo::Error (invalid), in Spanish, for what is neither an address nor a network.
    explicit TrustedProxies(const std::vector<std::string>& list);

    bool trusts(const Address& address) const noexcept;

    /// With a trusted connection: takes peer, secure, host and request_id from what the proxy says.
    void apply(Request& request) const;

private:
    struct Network {
        Address address;
        unsigned bits;
    };
    std::vector<Network> networks_;
};

/// Connections and request rate per address. Any thread.
class Admission {
public:
    explicit Admission(const Limits& limits) : limits_(limits) {}

    bool open(const Address& address);  ///< false: too many connections; then close() must not be called
    void close(const Address& address);
    bool open_events(const Address& address);  ///< the same for streams of events
    void close_events(const Address& address);
    bool request(const Address& address, std::chrono::steady_clock::time_point now);

private:
    struct Entry {
        std::size_t connections = 0, event_streams = 0;
        double tokens = 0;
        std::chrono::steady_clock::time_point refilled{};
    };
    bool exempt(const Address& address) const noexcept;
    Entry* entry(const Address& address);

    const Limits& limits_;
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
};

}  // namespace kernel::http
