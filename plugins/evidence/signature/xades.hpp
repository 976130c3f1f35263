// XAdES signatures (ETSI EN 319 132-1): enveloped, or internally detached over elements by their Id, as the
// ENI's documents have them. Two phases as in `cades.hpp`.
#pragma once

#include "plugins/evidence/signature/cades.hpp"

namespace evidence::signature {

struct XadesOptions {
    /// Ids of the elements that are signed; none: the whole document, enveloped.
    std::vector<std::string> ids;
    /// Local name of the element that receives the signature, the first one; empty: the root.
    std::string into;
    crypto::Time time = crypto::now();
    std::optional<Policy> policy;
    std::string id;  ///< of the signature; empty: a random one
};

struct XadesPrepared {
    std::string xml;          ///< with the signature but its value
    std::string id;           ///< of the signature
    std::string to_sign;      ///< sign with SHA-256 and the certificate's key
    std::string certificate;  ///< DER
};

/// Throws invalid where the XML cannot be read, an Id is missing or repeated, or there is no such element.
XadesPrepared prepare_xades(std::string_view xml, const X509& signer, const crypto::Certificates& chain,
                            const XadesOptions&);
/// Level B-B. Throws invalid where `signature` (RSA PKCS#1 v1.5 or DER of ECDSA) is not the certificate's.
std::string finish_xades(const XadesPrepared&, std::string_view signature);

/// SHA-256 of the canonical SignatureValue of the signature `id`: what its timestamp is of.
crypto::Digest xades_imprint(std::string_view xml, const std::string& id);
/// Level B-T.
std::string xades_with_timestamp(std::string_view xml, const std::string& id, std::string_view token);

}  // namespace evidence::signature
