// Asking timestamp authorities: one after another until one answers what was asked.
#pragma once

#include "plugins/evidence/timestamp/token.hpp"

#include <functional>
#include <mutex>

namespace evidence::timestamp {

struct Request {
    std::string der;
    std::string imprint;                ///< SHA-256
    std::string nonce;                  ///< hexadecimal
    std::optional<std::string> policy;  ///< dotted
};

/// With a nonce of 64 random bits, asking for the authority's certificate.
Request make_request(const crypto::Digest& imprint, std::optional<std::string> policy = std::nullopt);

/// The token of a TimeStampResp that grants `request`: same imprint, nonce and policy, signed. Throws invalid
/// with the reason otherwise. Trust is `check_token`'s.
Token accept(const Request& request, std::string_view response);

/// Sends a TimeStampReq to an address and brings the TimeStampResp. Throws where it cannot.
using Transport = std::function<std::string(const std::string& address, const std::string& request)>;

struct Authority {
    std::string name, address;
    std::optional<std::string> policy;  ///< asked for, and required in the answer
};

/// Safe to share between threads. The transport is called in the caller's thread.
class Client {
public:
    /// Tokens have to chain to `roots`. Throws invalid without authorities.
    Client(std::vector<Authority> authorities, Transport transport, crypto::Certificates roots);

    struct Stamped {
        Token token;
        std::string authority;              ///< the name of who answered
        std::vector<std::string> failures;  ///< "name: why" of those asked before
    };
    /// In the order given; one that failed is asked last for a minute. Throws unavailable, with every reason,
    /// when none answers.
    Stamped stamp(const crypto::Digest& imprint);

private:
    struct State {
        Authority authority;
        std::chrono::steady_clock::time_point rests_until{};
    };
    std::vector<std::size_t> order() const;
    Token ask(const Authority&, const crypto::Digest&) const;
    void rest(std::size_t);

    mutable std::mutex mutex_;
    std::vector<State> states_;
    Transport transport_;
    crypto::Certificates roots_;
};

}  // namespace evidence::timestamp
