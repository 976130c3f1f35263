#include "kernel/http/addresses.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "concejo/error.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

constexpr unsigned char v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t most_entries = 100'000;

/// "1.2.3.4", "1.2.3.4:80", "[::1]:80" or "::1", as proxies write them.
std::string_view without_port(std::string_view text) {
    if (!text.empty() && text.front() == '[') return text.substr(1, text.find(']') - 1);
    if (std::count(text.begin(), text.end(), ':') == 1) return text.substr(0, text.find(':'));
    return text;
}

bool is_plain_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_' || c == '.';
    });
}

}  // namespace

bool Address::parse(std::string_view text, Address& out) {
    std::string copy(text);
    in_addr v4{};
    if (inet_pton(AF_INET, copy.c_str(), &v4) == 1) {
        std::memcpy(out.bytes, v4_prefix, sizeof v4_prefix);
        std::memcpy(out.bytes + 12, &v4, 4);
        return true;
    }
    return inet_pton(AF_INET6, copy.c_str(), out.bytes) == 1;
}

bool Address::is_v4() const noexcept { return std::memcmp(bytes, v4_prefix, sizeof v4_prefix) == 0; }

bool Address::is_loopback() const noexcept {
    if (is_v4()) return bytes[12] == 127;
    return bytes[15] == 1 && std::all_of(bytes, bytes + 15, [](unsigned char b) { return b == 0; });
}

std::string Address::text() const {
    char out[INET6_ADDRSTRLEN] = {};
    if (is_v4())
        inet_ntop(AF_INET, bytes + 12, out, sizeof out);
    else
        inet_ntop(AF_INET6, bytes, out, sizeof out);
    return out;
}

std::string Address::client_key() const { return {reinterpret_cast<const char*>(bytes), is_v4() ? 16u : 8u}; }

TrustedProxies::TrustedProxies(const std::vector<std::string>& list) {
    for (const auto& text : list) {
        auto slash = text.find('/');
        Network network{};
        bool ok = Address::parse(std::string_view(text).substr(0, slash), network.address);
        unsigned whole = network.address.is_v4() ? 32 : 128;
        network.bits = whole;
        if (ok && slash != text.npos) {
            auto begin = text.data() + slash + 1, end = text.data() + text.size();
            auto [rest, wrong] = std::from_chars(begin, end, network.bits);
            ok = wrong == std::errc() && rest == end && network.bits <= whole;
        }
        if (!ok)
            throw concejo::Error(
                concejo::ErrorKind::invalid,
                fmt::format("proxy de confianza «{}»: no es una dirección ni una red; escriba, por "
                            "ejemplo, 10.0.0.7, 10.1.0.0/16 o fd00::/8",
                            text));
        if (whole == 32) network.bits += 96;
        networks_.push_back(network);
    }
}

bool TrustedProxies::trusts(const Address& address) const noexcept {
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        unsigned bytes = network.bits / 8, bits = network.bits % 8;
        if (std::memcmp(network.address.bytes, address.bytes, bytes) != 0) return false;
        if (bits == 0) return true;
        auto mask = static_cast<unsigned char>(0xff << (8 - bits));
        return ((network.address.bytes[bytes] ^ address.bytes[bytes]) & mask) == 0;
    });
}

void TrustedProxies::apply(Request& request) const {
    // The last hop that is not ours is the client: what stands before it the client wrote itself.
    std::string hops;
    for (const auto& field : request.fields)
        if (same_name(field.name, "x-forwarded-for")) hops += (hops.empty() ? "" : ",") + field.value;
    std::string_view rest = hops;
    while (!rest.empty()) {
        auto comma = rest.rfind(',');
        auto hop = without_port(trimmed(comma == rest.npos ? rest : rest.substr(comma + 1)));
        Address address;
        if (!Address::parse(hop, address)) break;
        request.peer = hop;
        if (!trusts(address)) break;
        rest = comma == rest.npos ? std::string_view{} : rest.substr(0, comma);
    }
    if (auto scheme = request.field("x-forwarded-proto"); !scheme.empty())
        request.secure = same_name(scheme, "https");
    if (auto host = request.field("x-forwarded-host");
        !host.empty() && host.find_first_of(", /@") == host.npos) {
        request.authority = host;
        auto name = host.front() == '[' ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
        request.host = lower_case(name);
    }
    if (auto id = request.field("x-request-id"); is_plain_id(id)) request.request_id = id;
}

bool Admission::exempt(const Address& address) const noexcept {
    return !limits_.limit_loopback && address.is_loopback();
}

Admission::Entry* Admission::entry(const Address& address) {
    if (entries_.size() >= most_entries) {
        auto long_ago = std::chrono::steady_clock::now() - std::chrono::minutes(1);
        std::erase_if(entries_, [&](const auto& e) {
            return e.second.connections == 0 && e.second.event_streams == 0 && e.second.refilled < long_ago;
        });
        // Still full: a flood from everywhere. Limits per address do not help against it; memory must not
        // follow it.
        if (entries_.size() >= most_entries) return nullptr;
    }
    auto [at, fresh] = entries_.try_emplace(address.client_key());
    if (fresh) {
        at->second.tokens = limits_.address_burst;
        at->second.refilled = std::chrono::steady_clock::now();
    }
    return &at->second;
}

bool Admission::open(const Address& address) {
    if (exempt(address)) return true;
    std::lock_guard lock(mutex_);
    auto* e = entry(address);
    if (e && e->connections >= limits_.address_connections) return false;
    if (e) ++e->connections;
    return true;
}

void Admission::close(const Address& address) {
    if (exempt(address)) return;
    std::lock_guard lock(mutex_);
    auto found = entries_.find(address.client_key());
    if (found != entries_.end() && found->second.connections > 0) --found->second.connections;
}

bool Admission::open_events(const Address& address) {
    if (exempt(address)) return true;
    std::lock_guard lock(mutex_);
    auto* e = entry(address);
    if (e && e->event_streams >= limits_.address_event_streams) return false;
    if (e) ++e->event_streams;
    return true;
}

void Admission::close_events(const Address& address) {
    if (exempt(address)) return;
    std::lock_guard lock(mutex_);
    auto found = entries_.find(address.client_key());
    if (found != entries_.end() && found->second.event_streams > 0) --found->second.event_streams;
}

bool Admission::request(const Address& address, std::chrono::steady_clock::time_point now) {
    if (limits_.address_rate <= 0 || exempt(address)) return true;
    std::lock_guard lock(mutex_);
    auto* e = entry(address);
    if (!e) return true;
    double seconds = std::chrono::duration<double>(now - e->refilled).count();
    e->tokens = std::min(limits_.address_burst, e->tokens + seconds * limits_.address_rate);
    e->refilled = now;
    if (e->tokens < 1) return false;
    e->tokens -= 1;
    return true;
}

}  // namespace kernel::http
