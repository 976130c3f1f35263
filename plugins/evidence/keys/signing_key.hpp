// Keys that sign: from PEM, PKCS#12 or a PKCS#11 token (HSM, card), with their certificates.
#pragma once

#include "plugins/evidence/crypto/certificate.hpp"

namespace evidence::keys {

/// It, or who issued it, says DESARROLLO.
bool of_development(const X509&);

/// Signs with SHA-256: RSA (PKCS#1 v1.5) or ECDSA (DER). Safe to share between threads, also a token's key:
/// its sessions are behind libp11's lock.
class SigningKey {
public:
    /// Throws invalid where the certificate is another key's, or its key is neither RSA nor EC.
    SigningKey(crypto::Key key, crypto::Certificate certificate, crypto::Certificates chain);

    const X509& certificate() const { return *certificate_; }
    const crypto::Certificates& chain() const { return chain_; }  ///< above the certificate, nearest first
    EVP_PKEY* key() const { return key_.get(); }

    /// Of a development PKI: some certificate of the chain says DESARROLLO. Production refuses these.
    bool development() const;

    /// The signature of `bytes`. Throws unavailable where the token does not answer.
    std::string sign(std::string_view bytes) const;

private:
    crypto::Key key_;
    crypto::Certificate certificate_;
    crypto::Certificates chain_;
};

/// `certificates`: PEM, the key's own and those above it in any order. Throws invalid.
SigningKey from_pem(std::string_view key, std::string_view certificates, const std::string& password = {});

/// Throws invalid, also when the password is wrong.
SigningKey from_pkcs12(std::string_view file, const std::string& password);

struct Token {
    std::string module;   ///< path of the PKCS#11 library
    std::string address;  ///< RFC 7512: "pkcs11:token=sello;object=organo"; without pin
    std::string pin;
    std::string certificates;  ///< PEM; empty: the token's own under the same address
};
/// Needs Debian's libengine-pkcs11-openssl; throws unavailable, saying so, without it.
SigningKey from_pkcs11(const Token& token);

}  // namespace evidence::keys
