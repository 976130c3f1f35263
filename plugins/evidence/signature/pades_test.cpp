#include "plugins/evidence/signature/long_term.hpp"
#include "plugins/evidence/testing/pdf.hpp"
#include "plugins/evidence/testing/preflight.hpp"
#include "plugins/evidence/testing/signing.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace evidence;
using evidence::testing::Pki;
using evidence::testing::sign_pdf;
using evidence::testing::Workspace;

namespace {

/// pdfsig with our root as the only one that it trusts.
tests::Outcome pdfsig(const Workspace& work, const std::string& file) {
    testing::write(work / "file.pdf", file);
    if (!std::filesystem::exists(work / "nss")) {
        const auto made = work.run(
            "mkdir nss && certutil -N -d sql:nss --empty-password && certutil -A -d sql:nss -n raiz -t "
            "CT,CT,CT -i " +
            Pki::plain().path("raiz.pem").string());
        if (made.code != 0) throw std::runtime_error(made.output);
    }
    return work.run("pdfsig -nssdir sql:nss file.pdf");
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

std::string with_xref_streams(const Workspace& work, const std::string& file) {
    testing::write(work / "in.pdf", file);
    if (work.run("qpdf --object-streams=generate in.pdf streams.pdf").code != 0)
        throw std::runtime_error("qpdf");
    return testing::read(work / "streams.pdf");
}

}  // namespace

TEST_CASE(
    "pdfsig trusts a seal, the officer's signature after it and the document timestamp, whatever the "
    "cross-reference") {
    const Workspace work;
    auto file = testing::pdf_of(testing::edict());
    if (GENERATE(false, true)) file = with_xref_streams(work, file);
    const auto first = sign_pdf(file, "sello", {}, true, Pki::plain());
    CHECK(first.starts_with(file));  // an increment: what was there stays byte for byte
    auto said = pdfsig(work, first);
    INFO(said.output);
    CHECK(count(said.output, "Signature is Valid.") == 1);
    CHECK(count(said.output, "Certificate is Trusted.") == 1);
    CHECK(said.says("Total document signed"));
    CHECK(said.says("ETSI.CAdES.detached"));
    const auto second = sign_pdf(first, "empleado", {}, true, Pki::plain());
    auto hole = signature::prepare_document_timestamp(second);
    const auto token = testing::stamp(hole.digest());
    const auto third = signature::embed(std::move(hole), token);
    said = pdfsig(work, third);
    CHECK(count(said.output, "Signature is Valid.") == 2);
    CHECK(count(said.output, "Certificate is Trusted.") == 2);
    CHECK(work.run("qpdf --check file.pdf").code == 0);
    const auto found = signature::signatures_of(third);
    REQUIRE(found.size() == 3);
    CHECK(found.back() == token);
}

TEST_CASE("openssl verifies the CMS of a PDF over the bytes that its range names") {
    const Workspace work;
    const auto key = Pki::get().key("empleado");
    signature::PadesOptions options;
    options.policy = signature::age_policy();
    options.reason = "Aprobación", options.location = "Ribera", options.name = "Secretaría";
    const auto prepared =
        signature::prepare_pades(testing::pdf_of(testing::edict()), key.certificate(), options);
    const auto cms = signature::finish_cades(prepared.cades, key.sign(prepared.cades.to_sign), key.chain());
    testing::write(work / "cms", cms);
    testing::write(work / "bytes", prepared.pdf.file.substr(0, prepared.pdf.hole_begin) +
                                       prepared.pdf.file.substr(prepared.pdf.hole_end));
    const auto verified = work.run(
        "openssl cms -verify -cades -binary -inform DER -in cms -content bytes -purpose any -out out "
        "-CAfile " +
        Pki::get().path("raiz.pem").string());
    INFO(verified.output);
    CHECK(verified.code == 0);
    const auto attributes = work.run("openssl cms -cmsout -print -inform DER -in cms");
    CHECK_FALSE(attributes.says("signingTime"));  // EN 319 142-1: the time is /M's
    CHECK(attributes.says("id-smime-aa-ets-sigPolicyId"));
}

TEST_CASE("a visible stamp and two signatures keep PDF/A-1b, says Apache Preflight") {
    const auto sample = testing::conformance("signed-samples/own-PAdES-BT-x2-DocTimeStamp-PDFA1b.pdf");
    if (sample.empty() || !testing::has_preflight()) {
        WARN("sin CONCEJO_CONFORMANCE o sin Java y libpdfbox2-java: se omite PDF/A");
        return;
    }
    const auto signed_file = testing::read(sample);
    const auto unsigned_file = signed_file.substr(0, signed_file.find("%%EOF", 20'000) + 6);
    const Workspace work;
    signature::PadesOptions options;
    options.stamp = signature::Stamp{
        0, {50, 50, 250, 110}, {"Firmado por PERSONA DE DESARROLLO", "15 de enero de 2026, Señorío de Ñ"}};
    const auto stamped = sign_pdf(unsigned_file, "empleado", options);
    testing::write(work / "first.pdf", sign_pdf(unsigned_file, "sello"));
    testing::write(work / "both.pdf", sign_pdf(stamped, "sello"));
    const auto judged = testing::preflight(work, "first.pdf both.pdf");
    INFO(judged.output);
    CHECK(judged.says("first.pdf VALID"));
    CHECK(judged.says("both.pdf VALID"));
    CHECK(work.run("pdftotext both.pdf -").says("15 de enero de 2026, Señorío de Ñ"));
    CHECK(work.run("pdffonts both.pdf").says("DejaVu"));
    CHECK(work.run("qpdf --check both.pdf").code == 0);
}

TEST_CASE("what cannot be signed is refused with a reason") {
    const auto key = Pki::get().key("sello");
    const auto refused = [&](const std::string& file, signature::PadesOptions options = {}) {
        CHECK_THROWS_AS(signature::prepare_pades(file, key.certificate(), options), concejo::Error);
    };
    const auto edict = testing::pdf_of(testing::edict());
    refused("");
    refused("nonsense");
    refused(edict.substr(0, edict.size() / 2));
    refused(" " + edict);
    signature::PadesOptions options;
    options.field = "observaciones";
    refused(edict, options);
    options = {};
    options.stamp = signature::Stamp{7, {0, 0, 100, 100}, {"x"}};
    refused(edict, options);
    options.stamp = signature::Stamp{0, {0, 0, 0, 0}, {"x"}};
    refused(edict, options);
    options = {};
    options.certify = 1;
    const auto certified = sign_pdf(edict, "sello", options);
    refused(certified);
    CHECK_THROWS_AS(signature::embed(signature::prepare_document_timestamp(edict, 10), std::string(11, 'x')),
                    concejo::Error);
    const Workspace work;
    testing::write(work / "in.pdf", edict);
    REQUIRE(work.run("qpdf --encrypt \"\" x 256 -- in.pdf locked.pdf").code == 0);
    refused(testing::read(work / "locked.pdf"));
}

TEST_CASE("mutated PDFs are signed or refused, never a crash") {
    const auto edict = testing::pdf_of(testing::edict());
    const auto key = Pki::get().key("empleado");
    unsigned seed = 3;
    for (std::size_t i = 0; i < edict.size(); i += 3) {
        auto mutated = edict;
        seed = seed * 1664525u + 1013904223u;
        mutated[i] = static_cast<char>(seed >> 24);
        try {
            signature::prepare_pades(mutated, key.certificate());
        } catch (const concejo::Error&) {
        }
    }
    SUCCEED();
}
