// A timestamp authority for development and for municipalities without a contract. What it makes is a *marca
// de tiempo* (RD 203/2021 art. 50.1.b): the time by whoever runs it. Nothing may call it a qualified
// timestamp.
#pragma once

#include "plugins/evidence/crypto/certificate.hpp"

namespace evidence::timestamp {

/// Answers TimeStampReq. Safe to share between threads.
class DevelopmentAuthority {
public:
    /// Throws invalid where the key is not the certificate's, or the certificate is not one for timestamps.
    DevelopmentAuthority(crypto::Certificate certificate, crypto::Key key, crypto::Certificates chain);

    /// Always a TimeStampResp: a rejection where the request is bad. UTC milliseconds; accuracy of one
    /// second.
    std::string answer(std::string_view request) const;

    /// 2.999 is the arc that ITU-T X.660 leaves for examples: no real authority has this policy.
    static constexpr const char* policy = "2.999.3161";

private:
    crypto::Certificate certificate_;
    crypto::Key key_;
    crypto::Certificates chain_;
};

}  // namespace evidence::timestamp
