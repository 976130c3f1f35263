// What is asked of a CMS (RFC 5652) and its signers, over OpenSSL's functions.
#pragma once

#include "plugins/evidence/crypto/certificate.hpp"

#include <openssl/cms.h>

namespace evidence::crypto {

using Cms = Owned<CMS_ContentInfo, CMS_ContentInfo_free>;

/// A SignedData; null where `bytes` hold something else. BER as well as DER; nothing may follow it.
Cms parse_cms(std::string_view bytes);
/// What stands before the zeros that fill a PDF's hole; all of it where it is no CMS or something else
/// follows.
std::string_view without_padding(std::string_view bytes);
Certificates certificates_in(CMS_ContentInfo&);
/// The one of `candidates` that the signer names; null where it is not there.
X509* certificate_of(CMS_SignerInfo&, const Certificates& candidates);

std::string_view bytes_of(const ASN1_STRING*);
std::string dotted(const ASN1_OBJECT*);  ///< "1.2.840.…"
/// DER of the first value of a signed or unsigned attribute.
std::optional<std::string> signed_attribute(CMS_SignerInfo&, const char* oid);
std::optional<std::string> unsigned_attribute(CMS_SignerInfo&, const char* oid);

/// Whether the signing-certificate attribute (RFC 5035, or RFC 2634 with SHA-1) is of `certificate`.
enum class Named { absent, same, other };
Named names_signer(CMS_SignerInfo&, const X509& certificate);

}  // namespace evidence::crypto
