#include "plugins/evidence/timestamp/token.hpp"

#include "plugins/evidence/crypto/cms.hpp"
#include "plugins/evidence/crypto/der.hpp"

#include <openssl/ts.h>
#include <openssl/x509v3.h>

namespace evidence::timestamp {
namespace {

using crypto::Owned;
using Info = Owned<TS_TST_INFO, TS_TST_INFO_free>;

std::string hex(const ASN1_INTEGER* number) {
    const Owned<BIGNUM, BN_free> value(ASN1_INTEGER_to_BN(number, nullptr));
    char* digits = value ? BN_bn2hex(value.get()) : nullptr;
    std::string result(digits ? digits : "");
    OPENSSL_free(digits);
    return result;
}

crypto::Cms parse(std::string_view der) {
    auto cms = crypto::parse_cms(der);
    if (!cms || OBJ_obj2nid(CMS_get0_eContentType(cms.get())) != NID_id_smime_ct_TSTInfo)
        throw concejo::Error(concejo::ErrorKind::invalid, "No es un sello de tiempo");
    return cms;
}

void fill(Token& token, TS_TST_INFO* info) {
    token.time = crypto::parse_generalized(crypto::bytes_of(TS_TST_INFO_get_time(info)));
    if (auto* accuracy = TS_TST_INFO_get_accuracy(info)) {
        const auto number = [](const ASN1_INTEGER* n) { return n ? ASN1_INTEGER_get(n) : 0; };
        token.accuracy = std::chrono::milliseconds(number(TS_ACCURACY_get_seconds(accuracy)) * 1000 +
                                                   number(TS_ACCURACY_get_millis(accuracy)));
    }
    token.policy = crypto::dotted(TS_TST_INFO_get_policy_id(info));
    token.serial = hex(TS_TST_INFO_get_serial(info));
    auto* imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT* algorithm = nullptr;
    X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
    const char* name = OBJ_nid2sn(OBJ_obj2nid(algorithm));
    token.digest_name = name ? name : "";
    token.imprint = crypto::bytes_of(TS_MSG_IMPRINT_get_msg(imprint));
    if (const auto* nonce = TS_TST_INFO_get_nonce(info)) token.nonce = hex(nonce);
}

/// RFC 3161 §2.3: the extended key usage is only this one, and critical.
bool only_for_timestamps(const X509& certificate) {
    const int at = X509_get_ext_by_NID(&certificate, NID_ext_key_usage, -1);
    if (at < 0 || !X509_EXTENSION_get_critical(X509_get_ext(&certificate, at))) return false;
    const Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usage(static_cast<EXTENDED_KEY_USAGE*>(
        X509_get_ext_d2i(&certificate, NID_ext_key_usage, nullptr, nullptr)));
    return usage && sk_ASN1_OBJECT_num(usage.get()) == 1 &&
           OBJ_obj2nid(sk_ASN1_OBJECT_value(usage.get(), 0)) == NID_time_stamp;
}

/// The only one; null where there are none or several.
CMS_SignerInfo* only_signer(CMS_ContentInfo* cms) {
    auto* signers = CMS_get0_SignerInfos(cms);
    return sk_CMS_SignerInfo_num(signers) == 1 ? sk_CMS_SignerInfo_value(signers, 0) : nullptr;
}

}  // namespace

Token read_token(std::string_view der) {
    const auto cms = parse(der);
    auto** content = CMS_get0_content(cms.get());
    Info info;
    if (content && *content) info = crypto::parse_der<Info>(d2i_TS_TST_INFO, crypto::bytes_of(*content));
    if (!info) throw concejo::Error(concejo::ErrorKind::invalid, "No es un sello de tiempo");
    Token token;
    token.der = der;
    fill(token, info.get());
    return token;
}

crypto::Certificates token_certificates(const Token& token) {
    const auto cms = parse(token.der);
    auto all = crypto::certificates_in(*cms);
    auto* signer = only_signer(cms.get());
    const auto* own = signer ? crypto::certificate_of(*signer, all) : nullptr;
    for (auto& one : all)
        if (own && one.get() == own) std::swap(all.front(), one);
    return all;
}

Check check_token(const Token& token, std::string_view imprint, const crypto::Certificates& others,
                  const crypto::Certificates& roots, crypto::Time at) {
    Check check;
    if (token.imprint != imprint) return check.problem = "imprint_mismatch", std::move(check);
    const auto cms = parse(token.der);
    auto candidates = crypto::certificates_in(*cms);
    for (const auto& other : others) candidates.push_back(crypto::share(other.get()));
    auto* signer = only_signer(cms.get());
    const auto* certificate = signer ? crypto::certificate_of(*signer, candidates) : nullptr;
    if (!certificate) return check.problem = "no_signer_certificate", std::move(check);
    const auto known = crypto::stack(candidates);
    // The chain is looked at below, where the time and the words are ours.
    const bool good = CMS_verify(cms.get(), known.get(), nullptr, nullptr, nullptr,
                                 CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1 &&
                      crypto::names_signer(*signer, *certificate) == crypto::Named::same;  // RFC 3161 §2.4.2
    crypto::clear_errors();
    if (!good) return check.problem = "signature_invalid", std::move(check);
    check.chain = crypto::build_chain(*certificate, candidates, roots, at, crypto::Purpose::timestamping);
    if (!only_for_timestamps(*certificate)) {
        check.problem = "chain", check.detail = "extendedKeyUsage";
    } else if (!check.chain.valid()) {
        check.problem = "chain", check.detail = check.chain.text;
    }
    return check;
}

}  // namespace evidence::timestamp
