#include "plugins/evidence/validation/trust.hpp"

#include "plugins/evidence/crypto/cms.hpp"
#include "plugins/evidence/crypto/der.hpp"
#include "plugins/evidence/signature/signed_data.hpp"

#include <openssl/x509v3.h>

namespace evidence::validation {
namespace {

Reason chain_reason(const crypto::Chain& chain, Moment moment) {
    const auto detail = chain.text;
    switch (chain.error) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return {Verdict::indeterminate, "certificate_expired", detail};
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return {moment.proven ? Verdict::failed : Verdict::indeterminate, "certificate_not_yet_valid",
                    detail};
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return {Verdict::indeterminate, "chain_not_trusted", detail};
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return {Verdict::failed, "chain_invalid", detail};
        default:
            return {Verdict::indeterminate, "chain_invalid", detail};
    }
}

bool says_where(const X509& certificate) {
    return !crypto::ocsp_addresses(certificate).empty() || !crypto::crl_addresses(certificate).empty();
}

void judge_revocation(const crypto::Certificates& chain, const Evidence& evidence, Moment moment,
                      const Options& options, std::vector<Reason>& reasons) {
    auto data = evidence.revocation;
    std::vector<std::string> failures;
    bool asked = false;
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        const auto &one = *chain[i], &issuer = *chain[i + 1];
        auto found = revocation::status(one, issuer, data, moment.at);
        if (found.state == revocation::State::unknown && options.fetch && !asked) {
            failures = revocation::gather(chain, data, options.fetch);
            asked = true;
            found = revocation::status(one, issuer, data, moment.at);
        }
        const auto who = crypto::common_name(one);
        if (found.state == revocation::State::revoked) {
            const auto since = found.since ? who + ", " + crypto::iso(*found.since) : who;
            reasons.push_back(moment.proven
                                  ? Reason{Verdict::failed, "certificate_revoked", since}
                                  : Reason{Verdict::indeterminate, "revoked_without_proof_of_time", since});
        } else if (found.state == revocation::State::unknown &&
                   (options.require_revocation || says_where(one))) {
            auto detail = who;
            for (const auto& failure : failures) detail += "; " + failure;
            reasons.push_back({Verdict::indeterminate, "revocation_unknown", detail});
        }
    }
}

}  // namespace

bool weak_digest(int nid) { return nid == NID_md5 || nid == NID_sha1; }

void add_inside(std::string_view cms, Evidence& evidence) {
    const auto parsed = crypto::parse_cms(cms);
    if (!parsed) return;
    for (auto& one : crypto::certificates_in(*parsed)) evidence.certificates.push_back(std::move(one));
    try {
        // Written again by OpenSSL, so that BER is DER.
        for (const auto& one :
             signature::SignedData::parse(crypto::der(i2d_CMS_ContentInfo, *parsed)).revocation) {
            crypto::DerReader reader(one);
            const auto element = reader.next();
            if (element.tag == crypto::sequence_tag) {
                evidence.revocation.crls.push_back(one);
            } else if (element.tag == crypto::context(1)) {
                crypto::DerReader other(element.content);
                if (other.next(crypto::oid_tag).whole == crypto::oid("1.3.6.1.5.5.7.16.2"))
                    evidence.revocation.ocsps.emplace_back(other.next().whole);
            }
        }
    } catch (const concejo::Error&) {
        // What cannot be read is no evidence.
    }
}

void judge_certificate(const X509& certificate, const Evidence& evidence, const crypto::Certificates& roots,
                       Moment moment, const Options& options, crypto::Purpose purpose,
                       std::vector<Reason>& reasons) {
    auto others = crypto::share(evidence.certificates);
    for (const auto& one : options.known) others.push_back(crypto::share(one.get()));
    const auto chain = crypto::build_chain(certificate, others, roots, moment.at, purpose);
    if (!chain.valid()) reasons.push_back(chain_reason(chain, moment));
    for (std::size_t i = 0; i < chain.certificates.size(); ++i)
        if ((i == 0 || !crypto::self_signed(*chain.certificates[i])) &&
            crypto::weak(*chain.certificates[i])) {
            reasons.push_back(
                {Verdict::indeterminate, "weak_algorithm", crypto::common_name(*chain.certificates[i])});
            break;
        }
    if (chain.valid() || chain.error == X509_V_ERR_CERT_HAS_EXPIRED)
        judge_revocation(chain.certificates, evidence, moment, options, reasons);
}

TimestampReport judge_token(std::string_view der, const std::function<std::string(const EVP_MD*)>& imprint,
                            const std::string& kind, const Evidence& evidence, Moment moment,
                            const Options& options) {
    TimestampReport report;
    report.kind = kind;
    timestamp::Token token;
    try {
        token = timestamp::read_token(der);
    } catch (const concejo::Error&) {
        report.reasons.push_back({Verdict::failed, "timestamp_invalid", ""});
        return report;
    }
    report.time = token.time;
    report.policy = token.policy;
    const auto* digest = EVP_get_digestbyname(token.digest_name.c_str());
    Evidence own{crypto::share(evidence.certificates), evidence.revocation};
    add_inside(der, own);
    const auto check = timestamp::check_token(token, digest ? imprint(digest) : std::string(),
                                              own.certificates, options.tsa_roots(), moment.at);
    if (!check.chain.certificates.empty())
        report.authority = crypto::common_name(*check.chain.certificates.front());
    if (check.problem == "imprint_mismatch") {
        report.reasons.push_back({Verdict::failed, "timestamp_imprint_mismatch", token.digest_name});
    } else if (check.problem == "signature_invalid") {
        report.reasons.push_back({Verdict::failed, "timestamp_invalid", ""});
    } else if (check.problem == "no_signer_certificate") {
        report.reasons.push_back({Verdict::indeterminate, "no_signer_certificate", ""});
    } else {
        if (!check.good())
            report.reasons.push_back({Verdict::indeterminate, "timestamp_not_trusted", check.detail});
        judge_certificate(*check.chain.certificates.front(), own, options.tsa_roots(), moment, options,
                          crypto::Purpose::timestamping, report.reasons);
        if (digest && weak_digest(EVP_MD_get_type(digest)))
            report.reasons.push_back({Verdict::indeterminate, "weak_algorithm", token.digest_name});
    }
    // genTime is granted its accuracy; beyond that it claims a time that has not come.
    if (token.time > moment.at + std::chrono::minutes(5))
        report.reasons.push_back({Verdict::failed, "timestamp_order", crypto::iso(token.time)});
    report.verdict = worst(report.reasons);
    return report;
}

}  // namespace evidence::validation
