#include "plugins/evidence/verify/verify.hpp"
#include "plugins/evidence/archive/record.hpp"
#include "plugins/evidence/bundle/manifest.hpp"
#include "plugins/evidence/crypto/der.hpp"
#include "plugins/evidence/testing/pki.hpp"
#include "plugins/evidence/testing/sample.hpp"
#include "plugins/evidence/verify/report.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <regex>

using namespace evidence::verify;
using namespace evidence::testing;
using evidence::bundle::Attached;
using evidence::bundle::Contents;
using evidence::log::Leaf;
using evidence::log::What;
using tests::Folder;
using tests::read_file;
using tests::run;

namespace {

Verdict judged(const std::string& bytes, const Trust& trust = {}, const std::string& root = {}) {
    return verify(bytes, trust,
                  openssl_judge(root.empty() ? std::vector<evidence::crypto::Certificate>()
                                             : read_certificates(read_file(root))));
}

bool has(const std::vector<Line>& lines, Text text) {
    return std::any_of(lines.begin(), lines.end(), [&](const Line& line) { return line.text == text; });
}

Trust trusting(const SampleLog& log) {
    Trust trust;
    REQUIRE(trust.add(log.verifier.text() + "\n" + log.witness.text()));
    return trust;
}

/// The same bundle with some files changed, signed by the log itself: what a dishonest log could make.
std::string resigned(const SampleLog& log, const std::string& bytes,
                     const std::map<std::string, std::string>& changes) {
    const auto bundle = evidence::bundle::read(bytes);
    std::vector<evidence::bundle::File> files = bundle.value().files;
    for (auto& file : files)
        if (const auto found = changes.find(std::string(file.name)); found != changes.end())
            file.bytes = found->second;
    const auto list = evidence::bundle::manifest(files);
    const auto signature = log.signer()(list);
    files.push_back({evidence::bundle::manifest_name, list});
    files.push_back({evidence::bundle::signature_name, signature});
    return evidence::bundle::write_zip(files);
}

std::string file_of(const std::string& bytes, std::string_view name) {
    const auto files = evidence::bundle::read_zip(bytes).value();
    for (const auto& file : files)
        if (file.name == name) return std::string(file.bytes);
    throw std::runtime_error(std::string(name));
}

}  // namespace

TEST_CASE("a good bundle: authentic with the log's key, only intact without it, refused with another's") {
    SampleLog log, other;
    const auto bytes = make(log, some_contents(log));
    const auto alone = judged(bytes);
    CHECK(alone.outcome == Outcome::intact);
    CHECK(alone.exit_code() == 0);
    CHECK(has(alone.unchecked, Text::key_of_its_own));
    CHECK(has(alone.unchecked, Text::witnesses_unknown));
    const auto known = judged(bytes, trusting(log));
    CHECK(known.outcome == Outcome::authentic);
    CHECK(has(known.checked, Text::key_known));
    CHECK(has(known.checked, Text::witnessed));
    CHECK(has(known.checked, Text::leaf_included));
    CHECK(has(known.checked, Text::document_is_the_leafs));
    const auto said = as_json(known, Language::es);
    std::smatch leaf;
    REQUIRE(std::regex_search(
        said, leaf,
        std::regex(
            R"re(es la hoja número ([0-9]+) de las [^"]*","valores":\["[^"]*","[^"]*","([0-9]+)")re")));
    CHECK(std::stoi(leaf[1]) == std::stoi(leaf[2]) + 1);
    const auto strange = judged(bytes, trusting(other));
    CHECK(strange.exit_code() == 1);
    CHECK(has(strange.failed, Text::key_not_known));
    Trust pem, renamed, only_witness;
    REQUIRE(pem.add(evidence::crypto::public_pem(log.verifier.key())));
    CHECK(judged(bytes, pem).outcome == Outcome::authentic);
    REQUIRE(renamed.add(
        evidence::log::VerifierKey("otro.example", log.verifier.type(), log.verifier.key()).text()));
    CHECK(judged(bytes, renamed).exit_code() == 1);  // that key, but of another log
    REQUIRE(only_witness.add(log.witness.text()));
    CHECK(judged(bytes, only_witness).outcome == Outcome::intact);
}

TEST_CASE("what happened to the document later is told, and of no other document") {
    SampleLog log;
    const std::string document = "documento";
    const auto publication = a_publication(document);
    auto withdrawn = a_sample_of(publication);
    withdrawn.what = What::retirada;
    withdrawn.testigo.reset();
    withdrawn.resultado.reset();
    const auto good =
        judged(make(log, some_contents(log, document, publication, {a_sample_of(publication), withdrawn})));
    CHECK(good.exit_code() == 0);
    CHECK(has(good.facts, Text::withdrawn));
    CHECK(has(good.facts, Text::seen));
    for (int kind = 0; kind < 3; ++kind) {
        auto sample = a_sample_of(publication);
        if (kind == 0) sample.municipio = "45901";
        if (kind == 1) sample.documento = "OTRO";
        if (kind == 2) sample.anterior = evidence::log::leaf_hash("otra");
        const auto bad = judged(make(log, some_contents(log, document, publication, {sample})));
        CHECK(bad.exit_code() == 1);
        CHECK(has(bad.failed, Text::leaf_of_another_document));
    }
    const auto first = judged(make(log, some_contents(log, document, withdrawn)));
    CHECK(has(first.failed, Text::leaf_of_another_kind));
}

TEST_CASE("a log that signs what does not fit together is refused, part by part") {
    SampleLog log;
    const auto bytes = make(log, some_contents(log));
    const auto refused = [&](const std::map<std::string, std::string>& changes, Text why) {
        const auto verdict = judged(resigned(log, bytes, changes), trusting(log));
        INFO(id(why) << ": " << as_json(verdict, Language::es));
        CHECK(verdict.exit_code() == 1);
        CHECK(has(verdict.failed, why));
    };
    CHECK(judged(resigned(log, bytes, {}), trusting(log)).exit_code() == 0);
    refused({{"documento.pdf", "otro"}}, Text::document_differs);
    refused({{"sal.bin", std::string(32, 'T')}}, Text::document_differs);
    refused({{"sal.bin", std::string(31, 'S')}}, Text::document_differs);
    refused({{"hoja-001.json", to_entry(a_publication("otro"))}}, Text::leaf_not_included);
    refused({{"hoja-001.json", "{}"}}, Text::leaf_unreadable);
    refused({{"hoja-001.tlog-proof", "x"}}, Text::proof_unreadable);
    refused({{"metadatos.json", "{\"a\": 1}"}}, Text::metadata_unreadable);
    refused({{"punto-de-control.txt", "x"}}, Text::checkpoint_unreadable);
    auto proof = evidence::log::TlogProof::parse(file_of(bytes, "hoja-001.tlog-proof")).value();
    auto wrong = proof;
    wrong.index ^= 1;
    refused({{"hoja-001.tlog-proof", wrong.write()}}, Text::leaf_not_included);
    // An inclusion proof proves nothing where nobody signed the root (rekor #1566).
    wrong = proof;
    wrong.checkpoint.note.signatures[0].bytes[3] ^= 1;
    refused({{"hoja-001.tlog-proof", wrong.write()}}, Text::checkpoint_not_signed);
    wrong = proof;
    wrong.checkpoint.note.signatures.erase(wrong.checkpoint.note.signatures.begin());
    refused({{"hoja-001.tlog-proof", wrong.write()}}, Text::checkpoint_not_signed);
    wrong = proof;
    wrong.checkpoint.note.signatures[1].bytes[20] ^= 1;
    refused({{"hoja-001.tlog-proof", wrong.write()}}, Text::witness_denies);
    // A tree of one's own with the right leaf, not signed as the log's head.
    SampleLog forged;
    const auto other = make(forged, some_contents(forged));
    refused({{"hoja-001.tlog-proof", file_of(other, "hoja-001.tlog-proof")}}, Text::checkpoint_not_signed);
    refused({{"hoja-001.tlog-proof", file_of(other, "hoja-001.tlog-proof")},
             {"punto-de-control.txt", file_of(other, "punto-de-control.txt")}},
            Text::checkpoint_not_signed);
}

TEST_CASE("timestamps and signatures that lie beside the document") {
    const Pki pki, stranger;
    SampleLog log;
    auto contents = some_contents(log);
    const auto head = evidence::log::TlogProof::parse(contents.statements[0].proof)->checkpoint.note.text;
    contents.attachments = {{"documento.pdf", Attached::cms, pki.sign(contents.document)},
                            {"punto-de-control.txt", Attached::timestamp, pki.stamp(head)},
                            {"documento.pdf", Attached::xades, "<xml/>"}};
    const auto bytes = make(log, contents);
    const auto rooted = judged(bytes, {}, pki.root());
    INFO(in_words(rooted, Language::es));
    CHECK(rooted.exit_code() == 0);
    CHECK(has(rooted.checked, Text::stamp_good));
    CHECK(has(rooted.checked, Text::signature_good));
    CHECK(has(rooted.unchecked, Text::attachment_unknown));
    const auto alone = judged(bytes);
    CHECK(alone.exit_code() == 0);
    CHECK(has(alone.unchecked, Text::stamp_without_root));
    CHECK(has(alone.unchecked, Text::signature_without_root));
    CHECK(judged(bytes, {}, stranger.root()).exit_code() == 1);

    // openssl, told what LEEME.txt says, agrees.
    const Folder folder;
    folder.write("b.zip", bytes);
    folder.write("raiz.pem", read_file(pki.root()));
    const auto by_hand =
        run("cd " + folder.path() +
            " && unzip -q b.zip && awk '/^-----8<-----/ {i = !i; next} i' LEEME.txt | sh -eu");
    INFO(by_hand.output);
    CHECK(by_hand.code == 0);
    CHECK(by_hand.output.find("CAdES Verification successful") != std::string::npos);
    CHECK(by_hand.output.find("Verification: OK") != std::string::npos);

    for (const bool with_root : {true, false}) {
        for (const auto& [attachment, kind] : {std::pair{pki.sign("otro"), Attached::cms},
                                               {pki.stamp("otro"), Attached::timestamp},
                                               {pki.sign(contents.document) + "x", Attached::cms},
                                               {std::string("x"), Attached::timestamp},
                                               {std::string(), Attached::cms},
                                               {pki.stamp(contents.document) + "x", Attached::timestamp}}) {
            auto bad = some_contents(log);
            bad.attachments = {{"documento.pdf", kind, attachment}};
            const auto verdict = judged(make(log, bad), {}, with_root ? pki.root() : "");
            CHECK(verdict.exit_code() == 1);
            CHECK(has(verdict.failed, Text::attachment_bad));
        }
    }
}

TEST_CASE("an evidence record is judged, and tells which signature it covers") {
    using namespace evidence::archive;
    const Pki pki, stranger;
    SampleLog log;
    auto contents = some_contents(log);
    const auto signature = pki.sign(contents.document);
    // A tree of one group: the timestamp is over both hashes, one after the other.
    const HashTree tree("SHA256", {{digest("SHA256", contents.document), digest("SHA256", signature)}});
    const auto both = tree.reduced(0).at(0).at(0) + tree.reduced(0).at(0).at(1);
    const auto response = pki.stamp(both);
    evidence::crypto::DerReader outer(response);
    evidence::crypto::DerReader inside(outer.next().content);
    inside.next();
    EvidenceRecord record;
    record.chains.push_back({{"SHA256", tree.reduced(0), std::string(inside.next().whole)}});
    contents.attachments = {{"documento.pdf", Attached::cms, signature},
                            {"documento.pdf", Attached::evidence_record, record.der()}};
    const auto rooted = judged(make(log, contents), {}, pki.root());
    INFO(in_words(rooted, Language::es));
    CHECK(rooted.exit_code() == 0);
    CHECK(has(rooted.checked, Text::record_good));
    CHECK(has(rooted.checked, Text::record_covers));
    CHECK_FALSE(has(rooted.unchecked, Text::attachment_unknown));
    CHECK(has(judged(make(log, contents)).unchecked, Text::record_without_root));
    CHECK(has(judged(make(log, contents), {}, stranger.root()).failed, Text::attachment_bad));

    contents.attachments[0].bytes =
        stranger.sign(contents.document);  // another signature of the same document
    CHECK_FALSE(has(judged(make(log, contents)).checked, Text::record_covers));
    auto other = record;
    other.chains[0][0].tree[0][0][0] ^= 1;
    other.chains[0][0].tree[0][1][0] ^= 1;
    for (const auto& bad : {other.der(), std::string("x"), std::string()}) {
        contents.attachments[1].bytes = bad;
        CHECK(has(judged(make(log, contents)).failed, Text::attachment_bad));
    }
}

TEST_CASE("no byte of a signature or timestamp can be changed unseen, nor makes it crash") {
    const Pki pki;
    std::mt19937_64 random(11);
    const std::string content = "contenido";
    const auto judge = openssl_judge(read_certificates(read_file(pki.root())));
    for (const auto& [kind, good] :
         {std::pair{Attached::timestamp, pki.stamp(content)}, {Attached::cms, pki.sign(content)}}) {
        REQUIRE(judge(kind, good, content)->good);
        for (std::size_t i = 0; i < good.size(); ++i) {
            auto other = good;
            other[i] = static_cast<char>(other[i] ^ (1 + random() % 255));
            judge(kind, other,
                  content);  // the manifest is what keeps it from passing: some bytes mean nothing
            judge(kind, good.substr(0, i), content);
        }
    }
}
