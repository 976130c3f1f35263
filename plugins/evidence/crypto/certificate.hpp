// X.509 certificates (RFC 5280): reading them, what they say, chains up to trusted roots.
#pragma once

#include "plugins/evidence/crypto/openssl.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace evidence::crypto {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Certificates = std::vector<Certificate>;

Time now();
std::string iso(Time);                          ///< 2026-01-15T09:00:00Z, UTC
std::optional<Time> time_of(const ASN1_TIME*);  ///< UTCTime and GeneralizedTime, seconds
Time parse_generalized(std::string_view text);  ///< 20260115090000.123Z; throws invalid

Certificate share(X509*);  ///< one more owner of the same certificate
Certificates share(const Certificates&);
std::optional<Certificate> certificate_from_der(std::string_view);
Certificates certificates_from_pem(std::string_view);  ///< throws invalid where there is none
std::string der(const X509&);
std::string pem(const X509&);
bool same(const X509&, const X509&);

std::string subject(const X509&);  ///< RFC 2253, UTF-8
std::string issuer(const X509&);
std::string common_name(const X509&);
std::string serial(const X509&);  ///< hexadecimal, upper case
bool self_signed(const X509&);
bool may_sign(const X509&);  ///< key usage: digitalSignature or nonRepudiation, or none said
bool weak(const X509&);      ///< RSA of less than 2048 bits, or signed with MD5 or SHA-1
std::vector<std::string> ocsp_addresses(const X509&);
std::vector<std::string> crl_addresses(const X509&);

/// A stack that borrows: lives as long as what it was made of.
inline void free_stack(STACK_OF(X509) * borrowed) { sk_X509_free(borrowed); }
using Stack = Owned<STACK_OF(X509), free_stack>;
Stack stack(const Certificates&);

struct Chain {
    Certificates certificates;  ///< from the signer to the root; what could be built where it is not valid
    int error = 0;              ///< X509_V_*; 0 is valid
    std::string text;           ///< OpenSSL's words for it
    bool valid() const { return error == 0; }
};

enum class Purpose { any, timestamping, ocsp };

/// From `certificate` through `others` to one of `roots`, as it was at `at`. Revocation is not looked at.
Chain build_chain(const X509& certificate, const Certificates& others, const Certificates& roots, Time at,
                  Purpose = Purpose::any);

}  // namespace evidence::crypto
