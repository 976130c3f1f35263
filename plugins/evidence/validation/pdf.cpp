#include "plugins/evidence/validation/pdf.hpp"

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/validation/changes.hpp"
#include "plugins/evidence/validation/coverage.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace evidence::validation {
namespace {

constexpr std::size_t most_signatures = 200;

struct Signed {
    pdf::Field field;
    Coverage coverage;
    bool timestamp = false;
};

std::string bytes_of(QPDFObjectHandle stream) {
    const auto data = stream.getStreamData(qpdf_dl_generalized);
    return {reinterpret_cast<const char*>(data->getBuffer()), data->getSize()};
}

/// Certificates, OCSP responses and CRLs of the document's security store.
void add_store(pdf::Document& document, Evidence& evidence) {
    auto store = pdf::get(document.root(), "/DSS");
    const auto each = [&](const char* key, const auto& use) {
        auto list = pdf::get(store, key);
        for (int i = 0; list.isArray() && i < std::min(list.getArrayNItems(), 1000); ++i)
            if (auto one = list.getArrayItem(i); one.isStream()) use(bytes_of(one));
    };
    each("/Certs", [&](const std::string& der) {
        if (auto one = crypto::certificate_from_der(der)) evidence.certificates.push_back(std::move(*one));
    });
    each("/OCSPs", [&](std::string der) { evidence.revocation.ocsps.push_back(std::move(der)); });
    each("/CRLs", [&](std::string der) { evidence.revocation.crls.push_back(std::move(der)); });
}

/// The last one first: what it proves of time holds for those before it.
std::vector<Signed> signatures(pdf::Document& document) {
    std::vector<Signed> found;
    for (const auto& field : pdf::fields_of(document.qpdf())) {
        if (field.type != "/Sig" || !pdf::get(field.value, "/ByteRange").isArray() ||
            found.size() == most_signatures)
            continue;
        found.push_back({field, coverage_of(document.bytes(), field.value),
                         pdf::name_of(pdf::get(field.value, "/SubFilter")) == "/ETSI.RFC3161"});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.coverage.end > b.coverage.end; });
    return found;
}

Content content_of(std::string_view file, const Coverage& c) {
    return {file.substr(0, c.hole_begin), file.substr(c.hole_end, c.end - c.hole_end)};
}

SignatureReport judge_document_timestamp(const Content& content, const Coverage& coverage,
                                         const Evidence& evidence, Moment& moment, const Options& options) {
    SignatureReport report;
    const auto imprint = [&](const EVP_MD* function) {
        const crypto::DigestContext context(EVP_MD_CTX_new());
        unsigned char made[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        EVP_DigestInit_ex(context.get(), function, nullptr);
        for (const auto piece : content) EVP_DigestUpdate(context.get(), piece.data(), piece.size());
        EVP_DigestFinal_ex(context.get(), made, &size);
        return std::string(reinterpret_cast<const char*>(made), size);
    };
    auto stamp = judge_token(coverage.contents, imprint, "document", evidence, moment, options);
    report.format = "DocTimeStamp";
    report.signer = stamp.authority, report.policy = stamp.policy;
    report.reasons = stamp.reasons;
    if (stamp.verdict == Verdict::passed) moment = {stamp.time, true};
    report.best_time = stamp.time, report.time_proven = stamp.verdict == Verdict::passed;
    report.timestamps.push_back(std::move(stamp));
    return report;
}

/// D:20260115090000+01'00'
std::optional<crypto::Time> pdf_time(const std::string& text) {
    if (text.size() < 16 || !text.starts_with("D:")) return std::nullopt;
    try {
        auto time = crypto::parse_generalized(text.substr(2, 14) + "Z");
        if ((text[16] == '+' || text[16] == '-') && text.size() >= 22) {
            const auto offset = std::chrono::hours(std::stoi(text.substr(17, 2))) +
                                std::chrono::minutes(std::stoi(text.substr(20, 2)));
            text[16] == '+' ? time -= offset : time += offset;
        }
        return time;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

void judge_changes(pdf::Document& document, const Coverage& coverage, SignatureReport& report) {
    const auto file = document.bytes();
    report.covers_everything = ends_there(file, coverage.end);
    if (report.covers_everything) return;
    try {
        pdf::Document before(file.substr(0, coverage.end));
        report.changes = changes(before, document);
    } catch (const std::exception& error) {
        report.changes.push_back({Verdict::failed, "range_not_a_revision", error.what()});
        return;
    }
    if (report.changes.empty()) {
        report.changes.push_back({Verdict::indeterminate, "bytes_after_signature", ""});
        return;
    }
    const auto effect = worst(report.changes);
    report.changes.insert(
        report.changes.begin(),
        {effect, effect == Verdict::passed ? "later_signatures" : "changed_after_signature", ""});
}

std::string level(const Signed& one, const SignatureReport& report, bool store, bool covered_by_timestamp) {
    if (one.timestamp) return {};
    const bool stamped = !report.timestamps.empty() || covered_by_timestamp;
    if (!stamped) return "B-B";
    if (!store) return "B-T";
    return covered_by_timestamp ? "B-LTA" : "B-LT";
}

SignatureReport judge(pdf::Document& document, const Signed& one, const Evidence& evidence, Moment& moment,
                      bool store, bool& covered, const Options& options) {
    SignatureReport report;
    report.best_time = moment.at, report.time_proven = moment.proven;
    if (one.coverage.valid()) {
        const auto content = content_of(document.bytes(), one.coverage);
        report = one.timestamp ? judge_document_timestamp(content, one.coverage, evidence, moment, options)
                               : judge_cms(one.coverage.contents, 0, content, evidence, moment, options);
        judge_changes(document, one.coverage, report);
    }
    for (const auto& reason : one.coverage.reasons) report.reasons.push_back(reason);
    report.field = one.field.name;
    if (!one.timestamp) {
        const auto kind = pdf::name_of(pdf::get(one.field.value, "/SubFilter"));
        report.format = kind == "/ETSI.CAdES.detached" ? "PAdES" : "PKCS#7";
        if (kind != "/ETSI.CAdES.detached" && kind != "/adbe.pkcs7.detached")
            report.reasons.push_back({Verdict::indeterminate, "signature_format", kind});
        if (const auto said = pdf_time(pdf::text_of(pdf::get(one.field.value, "/M"))))
            report.claimed_time = said;
    }
    report.level = level(one, report, store, covered);
    covered |= one.timestamp && one.coverage.valid();
    return report;
}

}  // namespace

Report validate_pdf(std::string_view file, const Options& options) {
    Report report;
    try {
        pdf::Document document(file);
        const auto found = signatures(document);
        if (document.damaged()) report.reasons.push_back({Verdict::indeterminate, "structure_damaged", ""});
        if (found.empty()) report.reasons.push_back({Verdict::indeterminate, "no_signature", ""});
        Evidence evidence;
        add_store(document, evidence);
        const bool store = !evidence.revocation.ocsps.empty() || !evidence.revocation.crls.empty();
        for (const auto& one : found) add_inside(one.coverage.contents, evidence);
        Moment moment{options.now, false};
        bool covered = false;
        for (std::size_t i = 0; i < found.size(); ++i) {
            report.signatures.push_back(judge(document, found[i], evidence, moment, store, covered, options));
            if (i > 0 && found[i].coverage.valid() &&
                found[i].coverage.hole_begin == found[i - 1].coverage.hole_begin)
                report.signatures.back().reasons.push_back({Verdict::failed, "signature_shared", ""});
        }
        std::reverse(report.signatures.begin(), report.signatures.end());
    } catch (const std::exception& error) {
        report.signatures.clear();
        report.reasons.push_back({Verdict::failed, "unreadable", error.what()});
    }
    conclude(report);
    return report;
}

}  // namespace evidence::validation
