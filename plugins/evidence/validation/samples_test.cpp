// Files of other products, and one of our own prototype: each judged as what it is.
#include "plugins/evidence/testing/workspace.hpp"
#include "plugins/evidence/validation/pdf.hpp"
#include "tests/support/whole_run.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace evidence;
using evidence::testing::conformance;
using validation::Verdict;

namespace {

struct Judged {
    std::string bytes;
    validation::Report report;
    bool says(const std::string& code) const {
        return concejo_find(validation::to_json(report).dump(), "\"" + code + "\"");
    }
    static bool concejo_find(const std::string& text, const std::string& what) {
        return text.find(what) != std::string::npos;
    }
};

std::optional<Judged> judged(const std::string& name, validation::Options options = {}) {
    const auto file = conformance("signed-samples/" + name);
    if (file.empty()) {
        WARN("sin CONCEJO_CONFORMANCE: se omite " << name);
        return std::nullopt;
    }
    Judged one;
    one.bytes = testing::read(file);
    one.report = validation::validate_pdf(one.bytes, options);
    INFO(validation::to_json(one.report).dump(true));
    return one;
}

validation::Options own_options() {
    validation::Options options;
    const auto root = conformance("signed-samples/own-test-root.pem");
    if (!root.empty()) options.roots = crypto::certificates_from_pem(testing::read(root));
    options.require_revocation = false;  // its certificates name neither OCSP nor CRL
    return options;
}

}  // namespace

TEST_CASE("files without a signature say so") {
    for (const auto* name : {"afirma-TEST_PDF.pdf", "afirma-PDF-A1B.pdf"}) {
        const auto one = judged(name);
        if (!one) return;
        CHECK(one->says("no_signature"));
        CHECK(one->report.verdict == Verdict::indeterminate);
    }
}

TEST_CASE("files changed after they were signed do not pass, and it is told what changed") {
    if (const auto one = judged("dss-modified_after_signature.pdf")) {
        INFO(validation::to_json(one->report).dump(true));
        CHECK(one->report.verdict == Verdict::failed);
        CHECK(one->says("page_content_changed"));
        CHECK(one->says("changed_after_signature"));
        CHECK_FALSE(
            one->says("content_changed"));  // what was signed is still there, under what was put over it
    }
    if (const auto one = judged("dss-pdf-signed-corrupted.pdf")) {
        INFO(validation::to_json(one->report).dump(true));
        CHECK(one->report.verdict == Verdict::failed);
    }
}

TEST_CASE("true signatures of unknown authorities are neither passed nor failed") {
    const std::pair<const char*, std::size_t> files[] = {{"afirma-TEST_PDF_Signed.pdf", 1},
                                                         {"afirma-cosigned.pdf", 2},
                                                         {"afirma-pades-t.pdf", 2},
                                                         {"afirma-pades_basic.pdf", 1},
                                                         {"afirma-pades_epes.pdf", 1}};
    for (const auto& [name, count] : files) {
        const auto one = judged(name);
        if (!one) return;
        INFO(name << validation::to_json(one->report).dump(true));
        CHECK(one->report.verdict == Verdict::indeterminate);
        CHECK(one->report.signatures.size() == count);
        CHECK(one->says("chain_not_trusted"));
        CHECK_FALSE(one->says("content_changed"));
        CHECK_FALSE(one->says("signature_invalid"));
        CHECK_FALSE(one->says("changed_after_signature"));
    }
}

TEST_CASE("two signatures and a document timestamp of a known authority pass") {
    const auto one = judged("own-PAdES-BT-x2-DocTimeStamp-PDFA1b.pdf", own_options());
    if (!one) return;
    INFO(validation::to_json(one->report).dump(true));
    CHECK(one->report.verdict == Verdict::passed);
    REQUIRE(one->report.signatures.size() == 3);
    CHECK(one->report.signatures[0].level == "B-T");
    CHECK(one->report.signatures[0].time_proven);
    CHECK_FALSE(one->report.signatures[0].covers_everything);
    CHECK(one->report.signatures[2].format == "DocTimeStamp");
    CHECK(one->report.signatures[2].covers_everything);
    auto strict = own_options();
    strict.require_revocation = true;
    CHECK(validation::validate_pdf(one->bytes, strict).verdict == Verdict::indeterminate);
    strict.roots.clear();
    CHECK(validation::validate_pdf(one->bytes, strict).verdict == Verdict::indeterminate);
}

TEST_CASE("one byte changed anywhere in what is signed never passes") {
    const auto one = judged("own-PAdES-BT-x2-DocTimeStamp-PDFA1b.pdf", own_options());
    if (!one) return;
    const auto options = own_options();
    const std::size_t step = tests::whole_run() ? 97 : 1301;
    for (std::size_t i = 7; i < one->bytes.size(); i += step) {
        auto changed = one->bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        const auto report = validation::validate_pdf(changed, options);
        // The holes' padding says nothing: there a byte may change what nobody reads. It fails all the same.
        INFO(i << validation::to_json(report).dump(true));
        CHECK(report.verdict != Verdict::passed);
    }
}
