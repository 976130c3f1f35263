#include "plugins/evidence/validation/xml.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/validation/xml_archive.hpp"
#include "plugins/evidence/validation/xml_signature.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace evidence::validation {
namespace {

std::string digest(const EVP_MD* function, std::string_view bytes) {
    unsigned char made[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), made, &size, function, nullptr) != 1)
        crypto::throw_openssl("EVP_Digest");
    return {reinterpret_cast<const char*>(made), size};
}

const EVP_MD* function_of(const std::string& algorithm) {
    for (const auto* name : {"sha1", "sha224", "sha256", "sha384", "sha512"})
        if (algorithm.ends_with(name)) return EVP_get_digestbyname(name);
    return nullptr;
}

std::string decoded(const xmlNode* node) {
    return crypto::unbase64(xml::without_blanks(xml::content(node))).value_or(std::string());
}

crypto::Certificates certificates(xmlNode* signature) {
    crypto::Certificates all;
    for (auto* one : xml::find_all(xml::child(signature, xml::ds, "KeyInfo"), xml::ds, "X509Certificate"))
        if (auto certificate = crypto::certificate_from_der(decoded(one)); certificate && all.size() < 100)
            all.push_back(std::move(*certificate));
    return all;
}

/// The certificate that the signed properties name; without them, the first.
const X509* signer(const crypto::Certificates& all, xmlNode* properties, std::vector<Reason>& reasons) {
    auto* named = xml::find(properties, xml::xades, "SigningCertificateV2");
    if (!named) named = xml::find(properties, xml::xades, "SigningCertificate");
    auto* hash = xml::find(named, xml::xades, "CertDigest");
    if (all.empty()) return nullptr;
    if (!hash) {
        reasons.push_back({Verdict::passed, "no_signing_certificate_attribute", ""});
        return all.front().get();
    }
    const auto* function =
        function_of(xml::attribute(xml::child(hash, xml::ds, "DigestMethod"), "Algorithm"));
    const auto wanted = decoded(xml::child(hash, xml::ds, "DigestValue"));
    for (const auto& one : all)
        if (function && digest(function, crypto::der(*one)) == wanted) return one.get();
    reasons.push_back({Verdict::failed, "signing_certificate_mismatch", ""});
    return all.front().get();
}

/// What it signs by reference; its own properties have to be among that.
void judge_coverage(const xml::Document& document, xmlNode* signature, xmlNode* properties,
                    SignatureReport& report) {
    bool properties_signed = properties == nullptr;
    for (auto* one : xml::find_all(xml::child(signature, xml::ds, "SignedInfo"), xml::ds, "Reference")) {
        const auto uri = xml::attribute(one, "URI");
        const auto* target = uri.empty() ? document.root() : document.by_id(uri.substr(1));
        if (!target) continue;
        if (target == properties) {
            properties_signed = true;
            continue;
        }
        const auto* at = target;
        while (at && at != signature) at = at->parent;
        // Parts of the signature itself are no content, but what an Object of it envelops is.
        if (at == signature && !xml::is(target, xml::ds, "Object")) continue;
        report.covers.push_back(xml::local_name(target) + (uri.empty() ? "" : " " + uri));
        report.covers_everything |= target == document.root();
    }
    if (!properties_signed) report.reasons.push_back({Verdict::failed, "xml_properties_unsigned", ""});
    if (report.covers.empty()) report.reasons.push_back({Verdict::failed, "xml_covers_nothing", ""});
}

std::optional<crypto::Time> time_of(const std::string& text) {
    std::string digits;
    for (const char c : text.substr(0, 19))
        if (c >= '0' && c <= '9') digits += c;
    if (digits.size() != 14) return std::nullopt;
    try {
        auto time = crypto::parse_generalized(digits + "Z");
        const auto zone = text.find_last_of("+-");
        if (zone != std::string::npos && zone >= 19 && text.size() == zone + 6) {
            const auto offset = std::chrono::hours(std::stoi(text.substr(zone + 1, 2))) +
                                std::chrono::minutes(std::stoi(text.substr(zone + 4, 2)));
            text[zone] == '+' ? time -= offset : time += offset;
        }
        return time;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

/// Certificates and revocation data that were put in later.
void add_values(xmlNode* signature, Evidence& evidence) {
    auto* properties = xml::find(signature, xml::xades, "UnsignedProperties");
    const auto each = [&](const char* name, auto put) {
        auto all = xml::find_all(properties, xml::xades, name);
        for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 100); ++i) put(decoded(all[i]));
    };
    each("EncapsulatedX509Certificate", [&](const std::string& der) {
        if (auto one = crypto::certificate_from_der(der)) evidence.certificates.push_back(std::move(*one));
    });
    each("EncapsulatedCRLValue",
         [&](std::string der) { evidence.revocation.crls.push_back(std::move(der)); });
    each("EncapsulatedOCSPValue",
         [&](std::string der) { evidence.revocation.ocsps.push_back(std::move(der)); });
}

/// Each one proves when what stands before it was there: the last one first (EN 319 132-1 §5.5.2).
void judge_archive_timestamps(const xml::Document& document, xmlNode* signature,
                              const std::vector<std::string>& references, const Evidence& evidence,
                              Moment& moment, const Options& options, SignatureReport& report) {
    const auto stamps = xml::find_all(signature, xml::xades141, "ArchiveTimeStamp");
    for (auto stamp = stamps.rbegin(); stamp != stamps.rend() && stamps.size() <= 100; ++stamp) {
        const auto input = archived_octets(document, signature, *stamp, references);
        auto judged = judge_token(
            decoded(xml::find(*stamp, xml::xades, "EncapsulatedTimeStamp")),
            [&](const EVP_MD* function) { return digest(function, input.value_or(std::string())); },
            "archive", evidence, moment, options);
        if (!input) judged.reasons = {{Verdict::indeterminate, "archive_timestamp_unsupported", ""}};
        judged.verdict = worst(judged.reasons);
        if (judged.verdict == Verdict::passed) moment = {judged.time, true};
        report.level = "B-LTA";
        report.timestamps.push_back(std::move(judged));
    }
}

void judge_timestamp(const xml::Document& document, xmlNode* signature, const Evidence& evidence,
                     Moment& moment, const Options& options, SignatureReport& report) {
    auto* stamp = xml::find(signature, xml::xades, "SignatureTimeStamp");
    if (!stamp) return;
    const auto method = xml::attribute(xml::child(stamp, xml::ds, "CanonicalizationMethod"), "Algorithm");
    const auto value = xml::canonical(document.get(), xml::child(signature, xml::ds, "SignatureValue"),
                                      nullptr, method.starts_with("http://www.w3.org/2001/10/xml-exc-c14n#"));
    auto judged = judge_token(
        decoded(xml::find(stamp, xml::xades, "EncapsulatedTimeStamp")),
        [&](const EVP_MD* function) { return digest(function, value); }, "signature", evidence, moment,
        options);
    if (judged.verdict == Verdict::passed) moment = {judged.time, true};
    if (report.level == "B-B")
        report.level = evidence.revocation.ocsps.empty() && evidence.revocation.crls.empty() ? "B-T" : "B-LT";
    report.timestamps.push_back(std::move(judged));
}

SignatureReport judge(const xml::Document& document, xmlNode* signature, const Options& options) {
    SignatureReport report;
    Moment moment{options.now, false};
    report.field = xml::attribute(signature, "Id");
    report.best_time = moment.at;
    auto* properties = xml::find(signature, xml::xades, "SignedProperties");
    report.format = properties ? "XAdES" : "XMLDSig";
    report.level = "B-B";
    Evidence evidence{certificates(signature), {}};
    const auto* certificate = signer(evidence.certificates, properties, report.reasons);
    if (!certificate) {
        report.reasons.push_back({Verdict::indeterminate, "no_signer_certificate", ""});
        return report;
    }
    report.signer = crypto::common_name(*certificate), report.subject = crypto::subject(*certificate);
    report.issuer = crypto::issuer(*certificate), report.serial = crypto::serial(*certificate);
    report.claimed_time = time_of(xml::content(xml::find(properties, xml::xades, "SigningTime")));
    report.policy =
        xml::content(xml::find(xml::find(properties, xml::xades, "SigPolicyId"), xml::xades, "Identifier"));
    judge_coverage(document, signature, properties, report);
    const auto references = verify_xml_signature(document, signature, *certificate, report.reasons);
    if (!crypto::may_sign(*certificate))
        report.reasons.push_back({Verdict::indeterminate, "certificate_not_for_signing", ""});
    add_values(signature, evidence);
    judge_archive_timestamps(document, signature, references, evidence, moment, options, report);
    judge_timestamp(document, signature, evidence, moment, options, report);
    report.best_time = moment.at, report.time_proven = moment.proven;
    judge_certificate(*certificate, evidence, options.roots, moment, options, crypto::Purpose::any,
                      report.reasons);
    return report;
}

}  // namespace

Report validate_xml(std::string_view file, const Options& options) {
    Report report;
    try {
        const xml::Document document(file);
        if (document.duplicate_ids()) report.reasons.push_back({Verdict::failed, "xml_duplicate_id", ""});
        const auto signatures = xml::find_all(document.root(), xml::ds, "Signature");
        if (signatures.empty()) report.reasons.push_back({Verdict::indeterminate, "no_signature", ""});
        for (std::size_t i = 0; i < std::min<std::size_t>(signatures.size(), 100); ++i)
            report.signatures.push_back(judge(document, signatures[i], options));
    } catch (const std::exception& error) {
        report.signatures.clear();
        report.reasons.push_back({Verdict::failed, "unreadable", error.what()});
    }
    conclude(report);
    return report;
}

}  // namespace evidence::validation
