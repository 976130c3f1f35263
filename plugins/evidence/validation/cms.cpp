#include "plugins/evidence/validation/cms.hpp"

#include "plugins/evidence/crypto/cms.hpp"
#include "plugins/evidence/crypto/der.hpp"
#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/signature/long_term.hpp"
#include "plugins/evidence/signature/signed_data.hpp"

#include <algorithm>

namespace evidence::validation {
namespace {

constexpr const char* timestamp_oid = "1.2.840.113549.1.9.16.2.14";
constexpr const char* archive_oid = "0.4.0.1733.2.4";

std::string digest(const EVP_MD* function, const Content& content) {
    const crypto::DigestContext context(EVP_MD_CTX_new());
    unsigned char made[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool good = context && EVP_DigestInit_ex(context.get(), function, nullptr) == 1;
    for (const auto piece : content)
        good = good && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
    if (!good || EVP_DigestFinal_ex(context.get(), made, &size) != 1) crypto::throw_openssl("EVP_Digest");
    return {reinterpret_cast<const char*>(made), size};
}

std::string content_of(const std::string& element) {
    crypto::DerReader reader(element);
    return std::string(reader.next().content);
}

/// Its own signature, over its own attributes, over the content.
void judge_signature(CMS_ContentInfo& cms, CMS_SignerInfo& signer, X509& certificate, const Content& content,
                     std::vector<Reason>& reasons) {
    X509_ALGOR* algorithm = nullptr;
    CMS_SignerInfo_get0_algs(&signer, nullptr, nullptr, &algorithm, nullptr);
    const auto* function = algorithm ? EVP_get_digestbyobj(algorithm->algorithm) : nullptr;
    const auto message_digest = crypto::signed_attribute(signer, "1.2.840.113549.1.9.4");
    const auto type = crypto::signed_attribute(signer, "1.2.840.113549.1.9.3");
    if (!function || !message_digest || !type ||
        *type != crypto::der(i2d_ASN1_OBJECT, *CMS_get0_eContentType(&cms))) {
        reasons.push_back({Verdict::failed, "signature_format", ""});
        return;
    }
    const auto name = OBJ_nid2sn(EVP_MD_get_type(function));
    if (content_of(*message_digest) != digest(function, content))
        reasons.push_back({Verdict::failed, "content_changed", name});
    CMS_SignerInfo_set1_signer_cert(&signer, &certificate);
    if (CMS_SignerInfo_verify(&signer) != 1) reasons.push_back({Verdict::failed, "signature_invalid", ""});
    crypto::clear_errors();
    if (weak_digest(EVP_MD_get_type(function)))
        reasons.push_back({Verdict::indeterminate, "weak_algorithm", name});
    const auto named = crypto::names_signer(signer, certificate);
    if (named == crypto::Named::other)
        reasons.push_back({Verdict::failed, "signing_certificate_mismatch", ""});
    if (named == crypto::Named::absent)
        reasons.push_back({Verdict::passed, "no_signing_certificate_attribute", ""});
    if (!crypto::may_sign(certificate))
        reasons.push_back({Verdict::indeterminate, "certificate_not_for_signing", ""});
}

std::string policy_of(CMS_SignerInfo& signer) {
    const auto value = crypto::signed_attribute(signer, "1.2.840.113549.1.9.16.2.15");
    if (!value) return {};
    try {
        crypto::DerReader outer(*value);
        crypto::DerReader reader(outer.next(crypto::sequence_tag).content);
        const auto oid = reader.next(crypto::oid_tag).whole;
        const auto object =
            crypto::parse_der<crypto::Owned<ASN1_OBJECT, ASN1_OBJECT_free>>(d2i_ASN1_OBJECT, oid);
        return crypto::dotted(object.get());
    } catch (const concejo::Error&) {
        return "?";
    }
}

void describe(CMS_SignerInfo& signer, const X509& certificate, SignatureReport& report) {
    report.signer = crypto::common_name(certificate);
    report.subject = crypto::subject(certificate);
    report.issuer = crypto::issuer(certificate);
    report.serial = crypto::serial(certificate);
    report.policy = policy_of(signer);
    if (const auto time = crypto::signed_attribute(signer, "1.2.840.113549.1.9.5"))
        if (const auto parsed =
                crypto::parse_der<crypto::Owned<ASN1_TYPE, ASN1_TYPE_free>>(d2i_ASN1_TYPE, *time);
            parsed && (parsed->type == V_ASN1_UTCTIME || parsed->type == V_ASN1_GENERALIZEDTIME))
            report.claimed_time = crypto::time_of(parsed->value.asn1_string);
}

/// The imprint that an archive timestamp was of: what there was before it. Nothing where its shape is
/// another.
std::optional<std::string> archived(std::string_view cms, const Content& content, const EVP_MD* function) {
    if (EVP_MD_get_type(function) != NID_sha256) return std::nullopt;
    auto data = signature::SignedData::parse(cms);
    auto& attributes = data.only_signer().unsigned_attributes;
    std::string token;
    std::erase_if(attributes, [&](const std::string& one) {
        crypto::DerReader outer(one);
        crypto::DerReader reader(outer.next(crypto::sequence_tag).content);
        if (reader.next(crypto::oid_tag).whole != crypto::oid(archive_oid)) return false;
        token = crypto::DerReader(reader.next(crypto::set_tag).content).next().whole;
        return true;
    });
    crypto::Sha256 sum;
    for (const auto piece : content) sum.add(piece);
    const auto made = signature::archive_imprint(data.der(), sum.finish());
    // The index in the token has to be this one: everything is covered, and nothing came later.
    const auto stamped = crypto::parse_cms(token);
    auto* signers = stamped ? CMS_get0_SignerInfos(stamped.get()) : nullptr;
    if (!signers || sk_CMS_SignerInfo_num(signers) != 1 ||
        crypto::unsigned_attribute(*sk_CMS_SignerInfo_value(signers, 0), "0.4.0.19122.1.5") !=
            made.hash_index)
        return std::nullopt;
    return std::string(crypto::view(made.imprint));
}

Moment judge_archive(std::string_view cms, CMS_SignerInfo& signer, const Content& content,
                     const Evidence& evidence, Moment moment, const Options& options,
                     SignatureReport& report) {
    const auto token = crypto::unsigned_attribute(signer, archive_oid);
    if (!token) return moment;
    bool known = true;
    const auto imprint = [&](const EVP_MD* function) {
        std::optional<std::string> made;
        try {
            made = archived(cms, content, function);
        } catch (const concejo::Error&) {
        }
        known = made.has_value();
        return made.value_or(std::string());
    };
    auto stamp = judge_token(*token, imprint, "archive", evidence, moment, options);
    if (!known) stamp.reasons = {{Verdict::indeterminate, "archive_timestamp_unsupported", ""}};
    stamp.verdict = worst(stamp.reasons);
    if (stamp.verdict == Verdict::passed) moment = {stamp.time, true};
    report.level = "B-LTA";
    report.timestamps.push_back(std::move(stamp));
    return moment;
}

}  // namespace

SignatureReport judge_cms(std::string_view cms, std::size_t index, const Content& content,
                          const Evidence& evidence, Moment moment, const Options& options) {
    SignatureReport report;
    report.format = "CAdES", report.level = "B-B";
    report.best_time = moment.at, report.time_proven = moment.proven;
    const auto parsed = crypto::parse_cms(cms);
    auto* signers = parsed ? CMS_get0_SignerInfos(parsed.get()) : nullptr;
    if (!signers || index >= static_cast<std::size_t>(sk_CMS_SignerInfo_num(signers))) {
        report.reasons.push_back({Verdict::failed, "signature_format", ""});
        return report;
    }
    auto& signer = *sk_CMS_SignerInfo_value(signers, static_cast<int>(index));
    Evidence all{crypto::share(evidence.certificates), evidence.revocation};
    add_inside(cms, all);
    auto* certificate = crypto::certificate_of(signer, all.certificates);
    if (!certificate) {
        report.reasons.push_back({Verdict::indeterminate, "no_signer_certificate", ""});
        return report;
    }
    describe(signer, *certificate, report);
    judge_signature(*parsed, signer, *certificate, content, report.reasons);
    if (!all.revocation.ocsps.empty() || !all.revocation.crls.empty()) report.level = "B-LT";
    moment = judge_archive(crypto::der(i2d_CMS_ContentInfo, *parsed), signer, content, all, moment, options,
                           report);
    if (const auto token = crypto::unsigned_attribute(signer, timestamp_oid)) {
        const auto value = crypto::bytes_of(CMS_SignerInfo_get0_signature(&signer));
        const auto imprint = [&](const EVP_MD* function) { return digest(function, {value}); };
        auto stamp = judge_token(*token, imprint, "signature", all, moment, options);
        if (stamp.verdict == Verdict::passed) moment = {stamp.time, true};
        if (report.level == "B-B") report.level = "B-T";
        report.timestamps.push_back(std::move(stamp));
    } else if (report.level == "B-LT") {
        report.level = "B-B";
    }
    report.best_time = moment.at, report.time_proven = moment.proven;
    judge_certificate(*certificate, all, options.roots, moment, options, crypto::Purpose::any,
                      report.reasons);
    return report;
}

Report validate_cms(std::string_view cms, std::optional<std::string_view> content, const Options& options) {
    Report report;
    const auto parsed = crypto::parse_cms(cms);
    if (!parsed) {
        report.reasons.push_back({Verdict::failed, "unreadable", "CMS"});
        conclude(report);
        return report;
    }
    auto** inside = CMS_get0_content(parsed.get());
    Content pieces;
    if (inside && *inside && !content) pieces.push_back(crypto::bytes_of(*inside));
    if (content) pieces.push_back(*content);
    // With both, what is inside must be what was given: nobody may show one and have signed the other.
    if (inside && *inside && content && crypto::bytes_of(*inside) != *content)
        report.reasons.push_back({Verdict::failed, "content_changed", ""});
    if (pieces.empty()) report.reasons.push_back({Verdict::indeterminate, "content_missing", ""});
    const int count = sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(parsed.get()));
    if (count <= 0) report.reasons.push_back({Verdict::indeterminate, "no_signature", ""});
    for (int i = 0; i < std::min(count, 100) && !pieces.empty(); ++i) {
        report.signatures.push_back(
            judge_cms(cms, static_cast<std::size_t>(i), pieces, {}, {options.now, false}, options));
        report.signatures.back().covers_everything = true;
    }
    conclude(report);
    return report;
}

}  // namespace evidence::validation
