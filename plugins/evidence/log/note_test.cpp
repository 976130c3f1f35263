#include "plugins/evidence/log/note.hpp"
#include "plugins/evidence/log/checkpoint.hpp"
#include "plugins/evidence/log/cosignature.hpp"
#include "plugins/evidence/log/tlog_proof.hpp"
#include "plugins/evidence/log/tree.hpp"
#include "tests/support/shell.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace evidence::log;
namespace crypto = evidence::crypto;

namespace {

const std::string example_note =
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

struct Party {
    crypto::Key key = crypto::generate_ed25519();
    VerifierKey verifier;
    explicit Party(std::string name, SignatureType type = SignatureType::ed25519)
        : verifier(std::move(name), type, crypto::public_key(*key)) {}
    crypto::Ed25519Signer signer() const {
        return [this](std::string_view text) { return crypto::sign_ed25519(*key, text); };
    }
};

std::string a_proof(const Party& log, const Party& witness) {
    MemoryStore store;
    Appender appender(store, 0);
    for (int i = 0; i < 11; ++i) appender.append(leaf_hash(std::to_string(i)));
    TlogProof proof;
    proof.index = 7;
    proof.path = Tree(store, 11).inclusion(7, 11);
    proof.checkpoint.head = {log.verifier.name(), 11, appender.root(), {}};
    auto& note = proof.checkpoint.note;
    note.text = proof.checkpoint.head.body();
    note.signatures = {sign_note(log.verifier, log.signer(), note.text),
                       cosign(witness.verifier, witness.signer(), note.text, 1700000000)};
    return proof.write();
}

}  // namespace

TEST_CASE("the example of signed-note.md: key, note and signature") {
    const auto key =
        VerifierKey::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    REQUIRE(key);
    CHECK(key->text() == "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    const auto note = Note::parse(example_note);
    REQUIRE(note);
    CHECK(note->text == "This is an example message.\n");
    CHECK(note->write() == example_note);
    CHECK(signed_by(*note, *key) == Signed::yes);
    auto changed = *note;
    changed.text[0] = 't';
    CHECK(signed_by(changed, *key) == Signed::badly);
    CHECK(signed_by(*note, Party("example.com/foo").verifier) == Signed::no);
}

TEST_CASE("keys that are not written as they should be") {
    for (const auto* text : {"", "example.com/foo", "example.com/foo+530d903a",
                             "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                             "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                             "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                             "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
                             "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"})
        CHECK_FALSE(VerifierKey::parse(text));
    for (const auto* name : {"", "a b", "a+b", "a\u00A0b", "a\u3000", "a\nb", "\xff"})
        CHECK_FALSE(is_key_name(name));
    CHECK(is_key_name("sede.peñíscola.example/registro"));
    CHECK_THROWS_AS(Party("a b"), concejo::Error);
}

TEST_CASE("what is no note") {
    const std::string line = example_note.substr(example_note.find("\n\n") + 2);
    for (const std::string& text : std::vector<std::string>{
             std::string(), std::string("text\n"), "text\n" + line, "text\n\n", "text\n\n" + line + "x",
             "te\txt\n\n" + line, "text\n\n\n" + line.substr(0, line.size() - 1),
             "text\n\n-" + line.substr(3), "\xff\n\n" + line, "text\n\n" + line + "\n", "text\n\n— a Zg==\n",
             "text\n\n— a b Zm9vYmFy\n"}) {
        INFO(text);
        CHECK_FALSE(Note::parse(text));
    }
    std::string many = "text\n\n";
    for (int i = 0; i < 16; ++i) many += line;
    CHECK(Note::parse(many));
    for (int i = 0; i < 100; ++i) many += line;
    CHECK_FALSE(Note::parse(many));
    CHECK(Note::parse("one\n\ntwo\n\n" + line)->text == "one\n\ntwo\n");
}

TEST_CASE("openssl alone verifies a checkpoint's signature") {
    const Party log("sede.pruebas.example/registro");
    const Checkpoint head{log.verifier.name(), 7, leaf_hash("x"), {}};
    const auto signature = sign_note(log.verifier, log.signer(), head.body());
    const tests::Folder folder;
    folder.write("body", head.body());
    folder.write("signature", signature.bytes);
    folder.write("key.pem", crypto::public_pem(log.verifier.key()));
    const auto command =
        "cd " + folder.path() +
        " && openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in body -sigfile signature";
    const auto good = tests::run(command);
    CHECK(good.output == "Signature Verified Successfully\n");
    CHECK(good.code == 0);
    folder.write("body", head.body() + "x");
    CHECK(tests::run(command).code != 0);
}

TEST_CASE("checkpoints are read in one form") {
    const std::string good =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    const auto head = Checkpoint::parse(good);
    REQUIRE(head);
    CHECK(head->size == 20852163);
    CHECK(head->body() == good);
    CHECK(Checkpoint::parse(good + "extension\n")->extensions == std::vector<std::string>{"extension"});
    for (const std::string& text : std::vector<std::string>{
             std::string(), std::string("a\n1\n"), "\n" + good.substr(good.find('\n')), good + "\n",
             good + "x", "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
             "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
             "a\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
             std::string("a\n1\nCsUYapGGPo4dkMg=\n")})
        CHECK_FALSE(Checkpoint::parse(text));
}

TEST_CASE("a cosignature says its time, and is of that witness, body and time alone") {
    const Party witness("testigo.example/w1", SignatureType::cosignature),
        other("testigo.example/w1", SignatureType::cosignature);
    const auto signature = cosign(witness.verifier, witness.signer(), "body\n", 1679315147);
    CHECK(signature.bytes.size() == 72);
    CHECK(cosigned_at("body\n", signature, witness.verifier) == 1679315147U);
    CHECK_FALSE(cosigned_at("Body\n", signature, witness.verifier));
    CHECK_FALSE(cosigned_at("body\n", signature, other.verifier));
    auto later = signature;
    later.bytes[7] ^= 1;
    CHECK_FALSE(cosigned_at("body\n", later, witness.verifier));
    CHECK_THROWS_AS(cosign(Party("log").verifier, witness.signer(), "body\n", 1), concejo::Error);
    // The signed message, by the specification's own example.
    CHECK(crypto::verify_ed25519(witness.verifier.key(), "cosignature/v1\ntime 1679315147\nbody\n",
                                 signature.bytes.substr(8)));
}

TEST_CASE("a proof stands alone, is written again the same, and survives nothing") {
    const Party log("sede.example/registro"), witness("testigo.example", SignatureType::cosignature);
    const auto text = a_proof(log, witness);
    const auto proof = TlogProof::parse(text);
    REQUIRE(proof);
    CHECK(proof->write() == text);
    CHECK(proof->includes(leaf_hash("7")));
    CHECK_FALSE(proof->includes(leaf_hash("8")));
    CHECK(signed_by(proof->checkpoint.note, log.verifier) == Signed::yes);
    CHECK(signed_by(proof->checkpoint.note, witness.verifier) == Signed::yes);
    std::mt19937_64 random(3);
    for (std::size_t i = 0; i < text.size(); ++i) {
        CHECK_FALSE((TlogProof::parse(text.substr(0, i)) && i + 1 < text.size() && text[i - 1] != '\n'));
        for (const int flip : {1, 0x80, static_cast<int>(1 + random() % 255)}) {
            auto other = text;
            other[i] = static_cast<char>(other[i] ^ flip);
            const auto parsed = TlogProof::parse(other);
            if (!parsed) continue;
            CHECK(parsed->write() == other);  // one form each
            const auto& note = parsed->checkpoint.note;
            CHECK_FALSE((parsed->includes(leaf_hash("7")) && signed_by(note, log.verifier) == Signed::yes &&
                         signed_by(note, witness.verifier) == Signed::yes));
        }
    }
}
