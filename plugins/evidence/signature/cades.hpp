// CAdES signatures (ETSI EN 319 122-1), detached, in two phases: what has to be signed is prepared, anybody
// signs it (a local key, a token, the citizen's AutoFirma), and the signature is finished with what they
// made.
#pragma once

#include "plugins/evidence/crypto/certificate.hpp"
#include "plugins/evidence/crypto/digest.hpp"

#include <functional>

namespace evidence::signature {

/// A signature policy (-EPES).
struct Policy {
    std::string oid;
    std::string digest_oid;  ///< of the function used on the policy's document
    std::string digest;      ///< bytes
    std::string address;
};
/// Política de firma y sello de la Administración General del Estado, v1.9.
const Policy& age_policy();

struct CadesOptions {
    std::optional<crypto::Time> signing_time = crypto::now();  ///< none in PAdES, where the PDF says it
    std::optional<Policy> policy;
};

/// Between the two phases; plain text and bytes, so that it can wait in a database.
struct CadesPrepared {
    std::string to_sign;      ///< DER of the signed attributes: sign with SHA-256 and the certificate's key
    std::string certificate;  ///< DER
};

CadesPrepared prepare_cades(const crypto::Digest& content, const X509& signer, const CadesOptions& = {});

/// DER of the CMS, level B-B. `signature`: RSA PKCS#1 v1.5 or ECDSA over `to_sign` with SHA-256. Throws
/// invalid where it is not the certificate's signature of it.
std::string finish_cades(const CadesPrepared&, std::string_view signature, const crypto::Certificates& chain);

/// Throws invalid where `signature` is not the certificate's over `bytes`, with SHA-256.
void require_signature(const X509& signer, std::string_view bytes, std::string_view signature);

/// SHA-256 of the (only) signer's signature value: what a signature timestamp is of. Throws invalid where
/// `cms` is none.
crypto::Digest signature_imprint(std::string_view cms);
/// Level B-T: `cms` with the token as an unsigned attribute.
std::string with_timestamp(std::string_view cms, std::string_view token);

}  // namespace evidence::signature
