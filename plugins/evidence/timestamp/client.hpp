// Asking timestamp authorities: one after another until one answers what was asked.
#pragma once

#include "plugins/evidence/timestamp/token.hpp"

#include <functional>
#include <mutex>

namespace evidence::timestamp {

/// What is stamped: a hash, and OpenSSL's name of its function (SHA256, SHA384, SHA512).
struct Imprint {
    Imprint(const crypto::Digest& sha256) : bytes(crypto::view(sha256)) {}
    Imprint(std::string hash, std::string function) : bytes(std::move(hash)), digest(std::move(function)) {}
    std::string bytes, digest = "SHA256";
};

struct Request {
    std::string der;
    std::string imprint, digest;        ///< as Imprint's
    std::string nonce;                  ///< hexadecimal
    std::optional<std::string> policy;  ///< dotted
};

/// With a nonce of 64 random bits, asking for the authority's certificate.
/// Throws invalid for another function or a hash of another size.
Request make_request(const Imprint&, std::optional<std::string> policy = std::nullopt);

/// The token of a TimeStampResp that grants `request`: same imprint, nonce and policy, signed. Throws invalid
/// with the reason otherwise. Trust is `check_token`'s.
Token accept(const Request& request, std::string_view response);

/// Sends a TimeStampReq to an address and brings the TimeStampResp. Throws where it cannot.
using Transport = std::function<std::string(const std::string& address, const std::string& request)>;

struct Authority {
    std::string name, address;
    std::optional<std::string> policy;  ///< asked for, and required in the answer
};

/// Remembers which authorities failed; safe to share between threads. The transport is called in the caller's thread.
class Client {
public:
    /// Tokens have to chain to `roots`. Throws invalid without authorities.
    Client(std::vector<Authority> authorities, crypto::Certificates roots);

    struct Stamped {
        Token token;
        std::string authority;              ///< the name of who answered
        std::vector<std::string> failures;  ///< "name: why" of those asked before
    };
    /// In the order given; one that failed is asked last for a minute. Throws unavailable, with every reason,
    /// when none answers.
    Stamped stamp(const Imprint&, const Transport&);

private:
    struct State {
        Authority authority;
        std::chrono::steady_clock::time_point rests_until{};
    };
    std::vector<std::size_t> order() const;
    Token ask(const Authority&, const Imprint&, const Transport&) const;
    void rest(std::size_t);

    mutable std::mutex mutex_;
    std::vector<State> states_;
    crypto::Certificates roots_;
};

}  // namespace evidence::timestamp
