// Whether a certificate was revoked: OCSP (RFC 6960) and CRL (RFC 5280), at hand or asked for.
#pragma once

#include "plugins/evidence/crypto/certificate.hpp"

#include <functional>

namespace evidence::revocation {

/// Brings what an address gives: a POST of `request` (application/ocsp-request), or a GET where it is empty.
/// Throws where it cannot.
using Fetch = std::function<std::string(const std::string& address, const std::string& request)>;

struct Data {
    std::vector<std::string> ocsps;  ///< DER of OCSPResponse
    std::vector<std::string> crls;   ///< DER of CertificateList
};

/// DER of a CertificateList. Throws invalid where the PEM holds none.
std::string crl_from_pem(std::string_view);

enum class State { good, revoked, unknown };

struct Status {
    State state = State::unknown;
    std::optional<crypto::Time> since;        ///< of a revocation
    std::optional<crypto::Time> this_update;  ///< of the data that said it
    std::string source;                       ///< "ocsp" or "crl"; empty where nothing was of use
};

/// What `data` say of `certificate`, issued by `issuer`, at the time `at`. Only data signed by the issuer, or
/// by an OCSP responder that it appointed, and that speak of that time count: not ended before it. A
/// revocation after `at` is none.
Status status(const X509& certificate, const X509& issuer, const Data& data, crypto::Time at);

/// Asks for what is missing of each certificate of `chain` but the last one (a root), into `data`: OCSP
/// first, then CRL. `fetch`'s exceptions and answers that say nothing of the certificate are reasons in the
/// result, "address: why".
std::vector<std::string> gather(const crypto::Certificates& chain, Data& data, const Fetch& fetch);

}  // namespace evidence::revocation
