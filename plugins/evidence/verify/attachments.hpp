// Signatures and timestamps that lie beside the document. This is the least that OpenSSL gives; a validator
// that knows more (revocation, PAdES, XAdES) is put in its place as another Judge.
#pragma once

#include "plugins/evidence/bundle/names.hpp"
#include "plugins/evidence/crypto/openssl.hpp"

#include <functional>
#include <vector>

namespace evidence::verify {

struct Judged {
    bool good = false;    ///< the mathematics: of this content, by that certificate
    bool rooted = false;  ///< and the certificate leads to a root that whoever checks gave
    std::string who;      ///< common name of the certificate
    std::string when;     ///< of a timestamp, the first of an evidence record: 2026-01-15T09:00:00Z
    std::string why;      ///< it is not good: OpenSSL's words
};

/// Nothing for a kind that it does not know.
using Judge = std::function<std::optional<Judged>(bundle::Attached kind, std::string_view bytes,
                                                  std::string_view content)>;

/// CAdES (detached), RFC 3161 and evidence records (RFC 4998). With roots, a signature that does not lead to
/// one is not good. A timestamp's certificate must have been valid when it stamped and, in an evidence record,
/// when it was renewed; a signature's validity in time and revocation are not looked at.
Judge openssl_judge(std::vector<crypto::Certificate> roots);

/// The certificates of a PEM file; none where one of them cannot be read.
std::vector<crypto::Certificate> read_certificates(std::string_view pem);

}  // namespace evidence::verify
