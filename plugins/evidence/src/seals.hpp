// The seals that the municipality uses and has used: their list is public (RD 203/2021, art. 19.2).
#pragma once

#include "plugins/evidence/keys/signing_key.hpp"

#include <concejo/call.hpp>

namespace evidence {

struct UsedSeal {
    crypto::Certificates certificates;  ///< its own, then those of its authority
    std::string pem;
    std::int64_t since = 0;  ///< Unix seconds

    const X509& certificate() const { return *certificates.front(); }
    std::int64_t ends() const;        ///< of its certificate, Unix seconds
    std::string fingerprint() const;  ///< SHA-256 of it, hexadecimal
};

class Seals {
public:
    explicit Seals(concejo::Transaction& tx) : tx_(tx) {}
    /// Does nothing for one that is known.
    void used(const concejo::Call&, const keys::SigningKey&);
    std::vector<UsedSeal> all();  ///< the newest first

private:
    concejo::Transaction& tx_;
};

}  // namespace evidence
