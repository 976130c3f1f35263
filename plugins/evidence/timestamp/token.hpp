// Timestamps of RFC 3161 (with RFC 5816): what is asked for, what is answered, and whether the answer is
// true.
#pragma once

#include "plugins/evidence/crypto/certificate.hpp"
#include "plugins/evidence/crypto/digest.hpp"

namespace evidence::timestamp {

struct Token {
    std::string der;    ///< TimeStampToken, a CMS
    crypto::Time time;  ///< genTime, as precise as the authority gives it
    std::optional<std::chrono::milliseconds> accuracy;
    std::string policy;                ///< dotted
    std::string serial;                ///< hexadecimal
    std::string digest_name;           ///< "SHA256": OpenSSL's name of the imprint's function
    std::string imprint;               ///< bytes
    std::optional<std::string> nonce;  ///< hexadecimal
};

/// Reads without judging. Throws invalid where the bytes are no timestamp token.
Token read_token(std::string_view der);

/// The certificates that travel in the token, the signer's first where it is there.
crypto::Certificates token_certificates(const Token&);

struct Check {
    std::string
        problem;  ///< empty: good. "imprint_mismatch", "signature_invalid", "no_signer_certificate", "chain"
    std::string detail;   ///< for people who know: OpenSSL's words
    crypto::Chain chain;  ///< of the authority
    bool good() const { return problem.empty(); }
};

/// The token is over `imprint`, whole, signed by a certificate of its own kind (EKU timeStamping, critical)
/// whose chain reaches `roots` at the time `at`; `others` help to build it. Revocation is the caller's.
Check check_token(const Token&, std::string_view imprint, const crypto::Certificates& others,
                  const crypto::Certificates& roots, crypto::Time at);

}  // namespace evidence::timestamp
