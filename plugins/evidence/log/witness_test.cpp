#include "plugins/evidence/log/witness.hpp"
#include "plugins/evidence/log/cosignature.hpp"
#include "plugins/evidence/log/tree.hpp"

#include <catch2/catch.hpp>

#include "plugins/evidence/crypto/encoding.hpp"

#include <map>
#include <random>

using namespace evidence::log;
namespace crypto = evidence::crypto;

namespace {

struct Memory : WitnessMemory {
    std::map<std::string, Head, std::less<>> heads;
    bool raced = false;
    Head latest(std::string_view origin) const override {
        const auto found = heads.find(origin);
        return found == heads.end() ? Head{} : found->second;
    }
    bool replace(std::string_view origin, std::uint64_t old_size, const SignedCheckpoint& with) override {
        if (raced || latest(origin).size != old_size) return false;
        heads[std::string(origin)] = {with.head.size, with.head.root};
        return true;
    }
};

struct World {
    crypto::Key log_key = crypto::generate_ed25519(), witness_key = crypto::generate_ed25519();
    VerifierKey log{"sede.example/registro", SignatureType::ed25519, crypto::public_key(*log_key)};
    VerifierKey own{"testigo.example", SignatureType::cosignature, crypto::public_key(*witness_key)};
    MemoryStore store;
    Memory memory;
    Witness witness{own,
                    [this](std::string_view text) { return crypto::sign_ed25519(*witness_key, text); },
                    {log},
                    memory};

    World() {
        Appender appender(store, 0);
        for (int i = 0; i < 400; ++i) appender.append(leaf_hash(std::to_string(i)));
    }
    SignedCheckpoint head(std::uint64_t size) {
        SignedCheckpoint made;
        made.head = {log.name(), size, Tree(store, 400).root(size), {}};
        sign(made);
        return made;
    }
    void sign(SignedCheckpoint& made) {
        made.note.text = made.head.body();
        made.note.signatures = {sign_note(
            log, [this](std::string_view text) { return crypto::sign_ed25519(*log_key, text); },
            made.note.text)};
    }
    AddCheckpoint asked(std::uint64_t from, std::uint64_t to) {
        return {from, from ? Tree(store, 400).consistency(from, to) : Proof{}, head(to).note.write()};
    }
    Witness::Answer ask(const AddCheckpoint& what) {
        return witness.add_checkpoint(what.write(), 1700000000);
    }
};

}  // namespace

TEST_CASE("a witness follows a log that grows, and its cosignature is worth something") {
    World world;
    for (const auto& [from, to] : {std::pair{0, 10}, {10, 10}, {10, 11}, {11, 256}, {256, 400}}) {
        const auto what = world.asked(static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to));
        const auto answer = world.ask(what);
        INFO(from << " to " << to);
        REQUIRE(answer.status == 200);
        const auto whole =
            SignedCheckpoint::parse(what.checkpoint + answer.body);  // as the specification suggests
        REQUIRE(whole);
        CHECK(signed_by(whole->note, world.own) == Signed::yes);
        CHECK(cosigned_at(whole->note.text, whole->note.signatures.back(), world.own) == 1700000000U);
        CHECK(world.memory.latest(world.log.name()).size == static_cast<std::uint64_t>(to));
    }
}

TEST_CASE("the statuses that tlog-witness.md asks for") {
    World world;
    REQUIRE(world.ask(world.asked(0, 100)).status == 200);
    CHECK(world.witness.add_checkpoint("", 1).status == 400);
    CHECK(world.ask({200, {}, world.head(150).note.write()}).status ==
          400);  // old size beyond the checkpoint's
    auto stranger = world.head(150);
    stranger.head.origin = "other.example";
    world.sign(stranger);
    CHECK(world.ask({100, {}, stranger.note.write()}).status == 404);
    auto unsigned_note = world.head(150);
    unsigned_note.note.signatures[0].id ^= 1;
    CHECK(world.ask({100, {}, unsigned_note.note.write()}).status == 403);
    auto forged = world.head(150);
    forged.note.signatures[0].bytes[0] ^= 1;
    CHECK(world.ask({100, {}, forged.note.write()}).status == 403);
    const auto stale = world.ask(world.asked(50, 150));
    CHECK(stale.status == 409);
    CHECK(stale.body == "100\n");
    CHECK(world.ask(world.asked(0, 150)).status == 409);
    auto wrong = world.asked(100, 150);
    wrong.proof[0][0] ^= 1;
    CHECK(world.ask(wrong).status == 422);
    wrong.proof.clear();
    CHECK(world.ask(wrong).status == 422);
    auto split = world.head(100);
    split.head.root = leaf_hash("another history");
    world.sign(split);
    CHECK(world.ask({100, {}, split.note.write()}).status == 422);
    CHECK(world.memory.latest(world.log.name()).size == 100);
    world.memory.raced = true;
    CHECK(world.ask(world.asked(100, 150)).status == 409);
}

TEST_CASE("the first checkpoint of a log") {
    World world;
    auto with_proof = world.asked(0, 10);
    with_proof.proof.push_back(leaf_hash("x"));
    CHECK(world.ask(with_proof).status == 422);
    auto empty = world.head(0);
    CHECK(world.ask({0, {}, empty.note.write()}).status == 200);
    empty.head.root = leaf_hash("x");
    world.sign(empty);
    CHECK(world.ask({0, {}, empty.note.write()}).status == 422);
}

TEST_CASE("a log whose rows were changed, deleted or reordered gets no cosignature") {
    for (const int kind : {0, 1, 2}) {
        World world;
        REQUIRE(world.ask(world.asked(0, 300)).status == 200);
        std::vector<int> rows(400);
        for (int i = 0; i < 400; ++i) rows[static_cast<std::size_t>(i)] = i;
        if (kind == 0) rows[20] = 99999;
        if (kind == 1) rows.erase(rows.begin() + 20);
        if (kind == 2) std::swap(rows[20], rows[21]);
        world.store = MemoryStore();
        Appender appender(world.store, 0);
        for (const int row : rows) appender.append(leaf_hash(std::to_string(row)));
        SignedCheckpoint head;
        head.head = {world.log.name(), appender.size(), appender.root(), {}};
        world.sign(head);
        const auto proof = Tree(world.store, appender.size()).consistency(300, appender.size());
        CHECK(world.ask({300, proof, head.note.write()}).status == 422);
    }
}

TEST_CASE("a request is read in one form, whatever comes") {
    World world;
    const auto text = world.asked(100, 400).write();
    REQUIRE(AddCheckpoint::parse(text));
    CHECK(AddCheckpoint::parse(text)->write() == text);
    std::mt19937_64 random(5);
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const int flip : {1, 0x80, static_cast<int>(1 + random() % 255)}) {
            auto other = text;
            other[i] = static_cast<char>(other[i] ^ flip);
            CHECK(world.witness.add_checkpoint(other, 1).status != 200);
            if (const auto parsed = AddCheckpoint::parse(other)) CHECK(parsed->write() == other);
        }
        world.witness.add_checkpoint(text.substr(0, i), 1);
    }
    std::string many = "old 1\n";
    for (int i = 0; i < 64; ++i) many += crypto::base64(std::string(32, 'x')) + "\n";
    CHECK_FALSE(AddCheckpoint::parse(many + "\nnote"));
    CHECK(world.memory.heads.empty());
}
