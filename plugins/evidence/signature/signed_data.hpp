// A CMS SignedData (RFC 5652) as its pieces of DER: to add to a signature what came later without touching
// what was signed or stamped before. Judging signatures is `validation`'s.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evidence::signature {

/// Each member is an element with its tag and length.
struct SignerInfo {
    std::string version, sid, digest_algorithm;
    std::string signed_attributes;  ///< tagged SET, as it is hashed; empty: none
    std::string signature_algorithm, signature;
    std::vector<std::string> unsigned_attributes;
    std::string signature_value() const;  ///< without tag and length
    std::string der() const;
};

/// An Attribute with its one value, both as DER gives them.
std::string attribute(const char* type, std::string_view value);

struct SignedData {
    std::string version, digest_algorithms, content;
    std::vector<std::string> certificates, revocation;
    std::vector<SignerInfo> signers;

    /// Throws invalid where `cms` is not the DER of a ContentInfo with SignedData.
    static SignedData parse(std::string_view cms);
    SignerInfo& only_signer();                 ///< throws invalid where there are none or several
    void add_certificate(std::string der);     ///< once each
    void add_crl(std::string der);             ///< once each
    void add_ocsp(std::string_view response);  ///< an OCSPResponse as id-ri-ocsp-response (RFC 5940)
    std::string der() const;
};

}  // namespace evidence::signature
