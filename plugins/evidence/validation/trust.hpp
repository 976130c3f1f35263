// Whether a certificate could be believed at a moment: its chain, its algorithms, its revocation.
#pragma once

#include "plugins/evidence/timestamp/token.hpp"
#include "plugins/evidence/validation/report.hpp"

namespace evidence::validation {

/// What a file carries to be judged by.
struct Evidence {
    crypto::Certificates certificates;
    revocation::Data revocation;
};
/// Adds the certificates and revocation data inside a CMS.
void add_inside(std::string_view cms, Evidence&);

struct Moment {
    crypto::Time at;
    bool proven;  ///< by a timestamp; not proven means "now"
};

/// Adds to `reasons` what speaks against `certificate` at that moment.
void judge_certificate(const X509& certificate, const Evidence&, const crypto::Certificates& roots, Moment,
                       const Options&, crypto::Purpose, std::vector<Reason>& reasons);

/// The report of a token over `imprint`, judged as at `moment`. `kind` as in TimestampReport.
TimestampReport judge_token(std::string_view token, const std::function<std::string(const EVP_MD*)>& imprint,
                            const std::string& kind, const Evidence&, Moment moment, const Options&);

/// MD5 and SHA-1, by OpenSSL's number.
bool weak_digest(int nid);

}  // namespace evidence::validation
