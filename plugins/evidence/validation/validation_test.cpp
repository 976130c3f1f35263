#include "plugins/evidence/signature/long_term.hpp"
#include "plugins/evidence/testing/pdf.hpp"
#include "plugins/evidence/testing/revocation_servers.hpp"
#include "plugins/evidence/testing/signing.hpp"
#include "plugins/evidence/validation/pdf.hpp"
#include "tests/support/whole_run.hpp"

#include <catch2/catch.hpp>

using namespace evidence;
using evidence::testing::Pki;
using evidence::testing::RevocationServers;
using evidence::testing::sign_pdf;
using validation::Verdict;

namespace {

validation::Options options_with(RevocationServers* servers) {
    validation::Options options;
    options.roots = Pki::get().roots();
    if (servers)
        options.fetch = [servers](const std::string& a, const std::string& r) { return (*servers)(a, r); };
    return options;
}

std::string dump(const validation::Report& report) { return validation::to_json(report).dump(true); }
bool says(const validation::Report& report, const std::string& code) {
    return dump(report).find("\"" + code + "\"") != std::string::npos;
}

/// Signed, then changed: what is said of it, without asking for revocation.
validation::Report changed(const std::map<int, std::string>& objects,
                           const signature::PadesOptions& options = {}) {
    static const auto judge = options_with(nullptr);
    return validation::validate_pdf(
        testing::updated(sign_pdf(testing::pdf_of(testing::edict()), "sello", options), objects), judge);
}

std::map<int, std::string> page_with(const std::string& entries) {
    return {{3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> " +
                    entries + " >>"}};
}

}  // namespace

TEST_CASE("a seal with its timestamp passes once openssl's responder says that nobody was revoked") {
    RevocationServers servers;
    const auto file = sign_pdf(sign_pdf(testing::pdf_of(testing::edict()), "sello"), "empleado");
    const auto report = validation::validate_pdf(file, options_with(&servers));
    INFO(dump(report));
    CHECK(report.verdict == Verdict::passed);
    REQUIRE(report.signatures.size() == 2);
    CHECK(report.signatures[0].level == "B-T");
    CHECK(report.signatures[0].time_proven);
    CHECK(says(report, "later_signatures"));
    CHECK(servers.asked > 0);
    const auto alone = validation::validate_pdf(file, options_with(nullptr));
    CHECK(alone.verdict == Verdict::indeterminate);
    CHECK(says(alone, "revocation_unknown"));
}

TEST_CASE(
    "a certificate revoked before the timestamp fails; after it, it does not matter; without one nobody "
    "knows") {
    RevocationServers before({"sello"}, "260101000000Z");
    const auto edict = testing::pdf_of(testing::edict());
    const auto stamped = sign_pdf(edict, "sello"), bare = sign_pdf(edict, "sello", {}, false);
    auto report = validation::validate_pdf(stamped, options_with(&before));
    CHECK(report.verdict == Verdict::failed);
    CHECK(says(report, "certificate_revoked"));
    report = validation::validate_pdf(bare, options_with(&before));
    CHECK(report.verdict == Verdict::indeterminate);
    CHECK(says(report, "revoked_without_proof_of_time"));
}

TEST_CASE("long-term PDFs are checked with nobody to ask, also when every certificate has expired") {
    RevocationServers servers;
    const auto fetch = [&](const std::string& a, const std::string& r) { return servers(a, r); };
    auto file = sign_pdf(testing::pdf_of(testing::edict()), "sello");
    std::vector<signature::Material> materials;
    for (const auto& cms : signature::signatures_of(file))
        materials.push_back(signature::collect(cms, {}, Pki::get().roots(), fetch));
    const auto stored = signature::with_security_store(file, materials);
    auto report = validation::validate_pdf(stored, options_with(nullptr));
    INFO(dump(report));
    CHECK(report.verdict == Verdict::passed);
    CHECK(report.signatures.at(0).level == "B-LT");
    auto hole = signature::prepare_document_timestamp(stored);
    const auto token = testing::stamp(hole.digest());
    materials.clear();
    materials.push_back(signature::collect(token, {}, Pki::get().roots(), fetch));
    const auto archived = signature::with_security_store(signature::embed(std::move(hole), token), materials);
    report = validation::validate_pdf(archived, options_with(nullptr));
    INFO(dump(report));
    CHECK(report.verdict == Verdict::passed);
    CHECK(report.signatures.at(0).level == "B-LTA");
    CHECK(archived.starts_with(file));
    auto later = options_with(nullptr);
    later.now += std::chrono::hours(24 * 365 * 7);
    report = validation::validate_pdf(archived, later);
    CHECK(report.verdict == Verdict::indeterminate);
    CHECK(says(report, "timestamp_not_trusted"));
}

TEST_CASE("long-term CAdES are checked with nobody to ask") {
    RevocationServers servers;
    const auto fetch = [&](const std::string& a, const std::string& r) { return servers(a, r); };
    const auto key = Pki::get().key("empleado");
    const std::string text = "edicto";
    const auto prepared = signature::prepare_cades(crypto::sha256(text), key.certificate());
    auto cms = signature::finish_cades(prepared, key.sign(prepared.to_sign), key.chain());
    cms = signature::with_timestamp(cms, testing::stamp(signature::signature_imprint(cms)));
    CHECK(validation::validate_cms(cms, text, options_with(nullptr)).verdict == Verdict::indeterminate);
    cms = signature::with_material(cms, signature::collect(cms, {}, Pki::get().roots(), fetch));
    auto report = validation::validate_cms(cms, text, options_with(nullptr));
    INFO(dump(report));
    CHECK(report.verdict == Verdict::passed);
    CHECK(report.signatures.at(0).level == "B-LT");
    const auto imprint = signature::archive_imprint(cms, crypto::sha256(text));
    const auto archived = signature::with_archive_timestamp(cms, testing::stamp(imprint.imprint), imprint);
    report = validation::validate_cms(archived, text, options_with(nullptr));
    INFO(dump(report));
    CHECK(report.verdict == Verdict::passed);
    CHECK(report.signatures.at(0).level == "B-LTA");
    CHECK(validation::validate_cms(archived, "edictO", options_with(nullptr)).verdict == Verdict::failed);
    CHECK(validation::validate_cms(archived, std::nullopt, options_with(nullptr)).verdict ==
          Verdict::indeterminate);
    const auto wrong =
        signature::with_archive_timestamp(cms, testing::stamp(crypto::sha256("otra")), imprint);
    CHECK(validation::validate_cms(wrong, text, options_with(nullptr)).verdict == Verdict::failed);
}

TEST_CASE("every way of changing what a signed PDF shows fails, and is told") {
    const std::tuple<const char*, std::map<int, std::string>, const char*> attacks[] = {
        {"other content",
         {{4, testing::stream("", "BT /F1 12 Tf 20 100 Td (Pago de 900 euros) Tj ET")}},
         "page_content_changed"},
        {"other font (shadow replace)",
         {{5, "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"}},
         "page_resources_changed"},
        {"another catalog (shadow hide and replace)",
         {{1, "<< /Type /Catalog /Pages 50 0 R /AcroForm 6 0 R >>"},
          {50, "<< /Type /Pages /Kids [ 51 0 R ] /Count 1 /MediaBox [ 0 0 300 200 ] >>"},
          {51,
           "<< /Type /Page /Parent 50 0 R /Contents 52 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [ "
           "7 0 R ] >>"},
          {52, testing::stream("", "BT /F1 12 Tf 20 100 Td (Otra cosa) Tj ET")}},
         "page_content_changed"},
        {"an annotation over the text",
         [] {
             auto o = page_with("/Annots [ 7 0 R 60 0 R ]");
             o[60] = "<< /Type /Annot /Subtype /FreeText /Rect [ 0 90 300 120 ] /Contents (900) >>";
             return o;
         }(),
         "annotation_added"},
        {"another size", page_with("/MediaBox [ 0 0 30 20 ]"), "page_changed"},
        {"a page more",
         {{2, "<< /Type /Pages /Kids [ 3 0 R 60 0 R ] /Count 2 /MediaBox [ 0 0 300 200 ] >>"},
          {60, "<< /Type /Page /Parent 2 0 R >>"}},
         "pages_added"},
        {"no page", {{2, "<< /Type /Pages /Kids [ ] /Count 0 >>"}}, "pages_removed"},
        {"a layer",
         {{1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /OCProperties << /OCGs [ ] /D << >> >> >>"}},
         "layers_changed"},
        {"a script",
         {{1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /OpenAction << /S /JavaScript /JS (x) >> >>"}},
         "actions_changed"},
        {"the signature's own field", {{6, "<< /Fields [ ] >>"}}, "no_signature"},
        {"a new text field",
         {{60, "<< /FT /Tx /T (otro) >>"},
          {6,
           "<< /Fields [ 7 0 R 10 0 R 60 0 R ] /SigFlags 3 /DA (/F1 10 Tf) /DR << /Font << /F1 5 0 R >> >> "
           ">>"}},
         "field_added"},
        {"a field moved over the text",
         {{7,
           "<< /Type /Annot /Subtype /Widget /FT /Tx /T (observaciones) /Rect [ 0 90 300 120 ] /F 4 /P 3 0 R "
           ">>"}},
         "field_changed"},
    };
    for (const auto& [name, objects, code] : attacks) {
        const auto report = changed(objects);
        INFO(name << dump(report));
        CHECK(says(report, code));
        if (std::string_view(code) == "no_signature") {
            CHECK(report.verdict != Verdict::passed);
        } else {
            CHECK(report.verdict == Verdict::failed);
        }
    }
}

TEST_CASE("filling a form depends on what the certification lets") {
    const std::map<int, std::string> filled{{7,
                                             "<< /Type /Annot /Subtype /Widget /FT /Tx /T (observaciones) /V "
                                             "(conforme) /Rect [ 10 10 100 30 ] /F 4 /P 3 0 R >>"}};
    signature::PadesOptions certified;
    CHECK(says(changed(filled), "form_filled"));
    certified.certify = 2;
    const auto allowed = changed(filled, certified);
    INFO(dump(allowed));
    CHECK(says(allowed, "form_filled_allowed"));
    CHECK(worst(allowed.signatures.at(0).changes) == Verdict::passed);
    certified.certify = 1;
    CHECK(changed(filled, certified).verdict == Verdict::failed);
}

TEST_CASE("ranges that readers forgive are refused") {
    const auto file = sign_pdf(testing::pdf_of(testing::edict()), "sello");
    const auto options = options_with(nullptr);
    const auto judge = [&](const std::string& from, const std::string& to) {
        auto other = file;
        const auto at = other.find(from);
        REQUIRE(at != std::string::npos);
        other.replace(at, to.size(), to);
        return validation::validate_pdf(other, options);
    };
    CHECK(says(judge("/ByteRange [0 ", "/ByteRange [9 "), "range_not_from_start"));
    CHECK(says(judge("/Contents <", "/Contents  "), "range_hole"));
    auto longer = validation::validate_pdf(file + "basura", options);
    CHECK(says(longer, "bytes_after_signature"));
    CHECK(longer.verdict != Verdict::passed);
    CHECK(validation::validate_pdf(file.substr(0, file.size() - 9), options).verdict == Verdict::failed);
    CHECK(validation::validate_pdf("", options).verdict == Verdict::failed);
}

TEST_CASE("mutated signed PDFs and CMS never crash the validator nor pass") {
    const auto file = sign_pdf(testing::pdf_of(testing::edict()), "sello");
    auto options = options_with(nullptr);
    options.require_revocation = false;
    unsigned seed = 11;
    for (int i = 0; i < (tests::whole_run() ? 4000 : 150); ++i) {
        seed = seed * 1664525u + 1013904223u;
        auto mutated = file;
        mutated[(seed >> 8) % mutated.size()] ^= static_cast<char>(1 + (seed % 255));
        CHECK(validation::validate_pdf(mutated, options).verdict != Verdict::passed);
    }
    const auto cms = signature::signatures_of(file).at(0);
    for (std::size_t i = 0; i < cms.size(); i += tests::whole_run() ? 1 : 17) {
        auto mutated = cms;
        seed = seed * 1664525u + 1013904223u;
        mutated[i] ^= static_cast<char>(1 + (seed >> 24) % 255);
        CHECK(validation::validate_cms(mutated, "x", options).verdict != Verdict::passed);
        CHECK(validation::validate_cms(std::string_view(cms).substr(0, i), "x", options).verdict ==
              Verdict::failed);
    }
}
