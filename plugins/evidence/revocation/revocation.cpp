#include "plugins/evidence/revocation/revocation.hpp"

#include "plugins/evidence/crypto/der.hpp"

#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace evidence::revocation {
namespace {

using crypto::Owned;
using crypto::Time;
using Response = Owned<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using Basic = Owned<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using Crl = Owned<X509_CRL, X509_CRL_free>;
using Id = Owned<OCSP_CERTID, OCSP_CERTID_free>;

/// Clocks differ, and an answer may be some hours old when a document is signed.
constexpr auto tolerance = std::chrono::minutes(5);
constexpr auto age_without_end = std::chrono::hours(24);

/// The data speak of `at`: they end after it or, without an end, are not a day older.
bool speaks_of(Time at, Time this_update, std::optional<Time> next_update) {
    return next_update ? *next_update + tolerance >= at : this_update + age_without_end >= at;
}

/// The responder is the issuer, or has its appointment (EKU OCSPSigning under the issuer).
bool signed_by(OCSP_BASICRESP* basic, const X509& issuer) {
    const Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), const_cast<X509*>(&issuer));
    // The issuer is the anchor here, whatever stands above it; its own dates are the chain's matter.
    X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
    crypto::Certificates one;
    one.push_back(crypto::share(const_cast<X509*>(&issuer)));
    const auto known = crypto::stack(one);
    const bool good = OCSP_basic_verify(basic, known.get(), store.get(), 0) == 1;
    crypto::clear_errors();
    return good;
}

/// CertIDs with SHA-1 and SHA-256: responders echo the client's choice.
OCSP_SINGLERESP* find(OCSP_BASICRESP* basic, const X509& certificate, const X509& issuer) {
    for (const auto* digest : {EVP_sha1(), EVP_sha256()}) {
        const Id id(OCSP_cert_to_id(digest, &certificate, &issuer));
        const int at = id ? OCSP_resp_find(basic, id.get(), -1) : -1;
        if (at >= 0) return OCSP_resp_get0(basic, at);
    }
    return nullptr;
}

Status from_ocsp(std::string_view der, const X509& certificate, const X509& issuer, Time at) {
    const auto response = crypto::parse_der<Response>(d2i_OCSP_RESPONSE, der);
    if (!response || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) return {};
    const Basic basic(OCSP_response_get1_basic(response.get()));
    crypto::clear_errors();
    auto* single = basic ? find(basic.get(), certificate, issuer) : nullptr;
    if (!single || !signed_by(basic.get(), issuer)) return {};
    ASN1_GENERALIZEDTIME *revoked = nullptr, *this_update = nullptr, *next_update = nullptr;
    int reason = 0;
    const int state = OCSP_single_get0_status(single, &reason, &revoked, &this_update, &next_update);
    const auto from = crypto::time_of(this_update);
    if (!from || !speaks_of(at, *from, crypto::time_of(next_update))) return {};
    Status status{State::unknown, std::nullopt, from, "ocsp"};
    if (state == V_OCSP_CERTSTATUS_GOOD) status.state = State::good;
    if (state == V_OCSP_CERTSTATUS_REVOKED) {
        status.since = crypto::time_of(revoked);
        status.state = status.since && *status.since > at ? State::good : State::revoked;
    }
    if (status.state == State::unknown) return {};
    return status;
}

Status from_crl(std::string_view der, const X509& certificate, const X509& issuer, Time at) {
    const auto crl = crypto::parse_der<Crl>(d2i_X509_CRL, der);
    if (!crl || X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_subject_name(&issuer)) != 0) return {};
    const bool good = X509_CRL_verify(crl.get(), X509_get0_pubkey(&issuer)) == 1;
    crypto::clear_errors();
    const auto from = crypto::time_of(X509_CRL_get0_lastUpdate(crl.get()));
    if (!good || !from || !speaks_of(at, *from, crypto::time_of(X509_CRL_get0_nextUpdate(crl.get()))))
        return {};
    // A delta or a list of only some certificates does not prove that one is good.
    if (X509_CRL_get_ext_by_NID(crl.get(), NID_delta_crl, -1) >= 0) return {};
    const Owned<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free> scope(static_cast<ISSUING_DIST_POINT*>(
        X509_CRL_get_ext_d2i(crl.get(), NID_issuing_distribution_point, nullptr, nullptr)));
    const bool authority = X509_check_ca(const_cast<X509*>(&certificate)) > 0;
    if (scope && (scope->onlysomereasons || scope->indirectCRL > 0 || scope->onlyattr > 0 ||
                  (scope->onlyuser > 0 && authority) || (scope->onlyCA > 0 && !authority)))
        return {};
    Status status{State::good, std::nullopt, from, "crl"};
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(crl.get(), &entry, const_cast<X509*>(&certificate)) == 1) {
        status.since = crypto::time_of(X509_REVOKED_get0_revocationDate(entry));
        if (!status.since || *status.since <= at) status.state = State::revoked;
    }
    return status;
}

/// Of two answers the one that says "revoked", then the newest.
void take(Status& best, const Status& other) {
    if (other.state == State::unknown) return;
    if (best.state == State::unknown || (other.state == State::revoked && best.state == State::good) ||
        (other.state == best.state && other.this_update > best.this_update))
        best = other;
}

std::string ocsp_request(const X509& certificate, const X509& issuer) {
    const Owned<OCSP_REQUEST, OCSP_REQUEST_free> request(OCSP_REQUEST_new());
    auto* id =
        OCSP_cert_to_id(EVP_sha1(), &certificate, &issuer);  // RFC 5019 §2.1.1: what every responder knows
    if (!request || !id || !OCSP_request_add0_id(request.get(), id)) crypto::throw_openssl("OCSP");
    return crypto::der(i2d_OCSP_REQUEST, *request);
}

/// True when an address gave something that says what the certificate's state is.
bool ask(const std::vector<std::string>& addresses, const std::string& request,
         std::vector<std::string>& into, const std::function<Status(std::string_view)>& read,
         const Fetch& fetch, std::vector<std::string>& failures) {
    for (const auto& address : addresses) {
        try {
            auto answer = fetch(address, request);
            if (read(answer).state != State::unknown) {
                into.push_back(std::move(answer));
                return true;
            }
            failures.push_back(address + ": no dice nada útil del certificado");
        } catch (const std::exception& error) {
            failures.push_back(address + ": " + error.what());
        }
    }
    return false;
}

}  // namespace

std::string crl_from_pem(std::string_view pem) {
    const crypto::Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const Crl crl(PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr));
    crypto::clear_errors();
    if (!crl) throw concejo::Error(concejo::ErrorKind::invalid, "No es una lista de revocación en PEM");
    unsigned char* der = nullptr;
    const int size = i2d_X509_CRL(crl.get(), &der);
    std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(std::max(size, 0)));
    OPENSSL_free(der);
    return bytes;
}

Status status(const X509& certificate, const X509& issuer, const Data& data, Time at) {
    Status best;
    if (X509_NAME_cmp(X509_get_issuer_name(&certificate), X509_get_subject_name(&issuer)) != 0) return best;
    for (const auto& one : data.ocsps) take(best, from_ocsp(one, certificate, issuer, at));
    for (const auto& one : data.crls) take(best, from_crl(one, certificate, issuer, at));
    return best;
}

std::vector<std::string> gather(const crypto::Certificates& chain, Data& data, const Fetch& fetch) {
    std::vector<std::string> failures;
    const auto now = crypto::now();
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        const auto &one = *chain[i], &issuer = *chain[i + 1];
        if (status(one, issuer, data, now).state != State::unknown) continue;
        const auto ocsp = [&](std::string_view der) { return from_ocsp(der, one, issuer, now); };
        const auto crl = [&](std::string_view der) { return from_crl(der, one, issuer, now); };
        if (!ask(crypto::ocsp_addresses(one), ocsp_request(one, issuer), data.ocsps, ocsp, fetch, failures))
            ask(crypto::crl_addresses(one), "", data.crls, crl, fetch, failures);
    }
    return failures;
}

}  // namespace evidence::revocation
