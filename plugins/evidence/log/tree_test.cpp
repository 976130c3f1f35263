#include "plugins/evidence/log/tree.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "tests/support/shell.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace evidence::log;

namespace {

std::string hex(const Digest& digest) { return evidence::crypto::hex(evidence::crypto::view(digest)); }
std::string hex(const Proof& proof) {
    std::string text;
    for (const auto& hash : proof) text += " " + hex(hash);
    return text;
}

struct Log {
    MemoryStore store;
    Appender appender{store, 0};
    void grow(std::uint64_t to, const std::string& prefix = "") {
        while (appender.size() < to) appender.append(leaf_hash(prefix + std::to_string(appender.size())));
    }
};

}  // namespace

TEST_CASE("an independent implementation agrees on roots and proofs of random trees") {
    std::mt19937_64 random(6962);
    const tests::Folder folder;
    for (const std::uint64_t size : {1, 2, 3, 7, 64, 255, 256, 257, 300, 513, 700}) {
        MemoryStore store;
        Appender log(store, 0);
        std::string lines;
        for (std::uint64_t i = 0; i < size; ++i) {
            std::string entry(random() % 40, '\0');
            for (auto& byte : entry) byte = static_cast<char>(random());
            log.append(leaf_hash(entry));
            lines += "leaf " + evidence::crypto::hex(entry) + "\n";
        }
        Tree tree(store, size);
        CHECK(tree.root() == log.root());
        for (int i = 0; i < 30; ++i) {
            const auto to = random() % size + 1, from = random() % to + 1, index = random() % to;
            const auto text = [](std::uint64_t n) { return std::to_string(n) + " "; };
            lines += "root " + text(to) + hex(tree.root(to)) + "\n";
            lines += "inclusion " + text(index) + text(to) + hex(tree.inclusion(index, to)) + "\n";
            lines += "consistency " + text(from) + text(to) + hex(tree.consistency(from, to)) + "\n";
        }
        const auto input = folder.write("tree", lines);
        const auto judged =
            tests::run("python3 " CONCEJO_SOURCE_DIR "/plugins/evidence/log/merkle_judge.py < " + input);
        INFO(judged.output);
        CHECK(judged.code == 0);
        CHECK(judged.output == "90 agree\n");
    }
}

TEST_CASE("every proof of every tree up to 70 leaves verifies, and for no other leaf, size or root") {
    Log log;
    log.grow(70);
    Tree tree(log.store, 70);
    std::vector<Digest> leaves;
    for (std::uint64_t i = 0; i < 70; ++i) leaves.push_back(leaf_hash(std::to_string(i)));
    for (std::uint64_t size = 1; size <= 70; ++size) {
        const auto root = tree.root(size);
        for (std::uint64_t i = 0; i < size; ++i) {
            const auto proof = tree.inclusion(i, size);
            REQUIRE(verify_inclusion(i, size, leaves[i], proof, root));
            REQUIRE_FALSE(verify_inclusion(i, size, leaves[(i + 1) % 70], proof, root));
            if (size > 1) REQUIRE_FALSE(verify_inclusion((i + 1) % size, size, leaves[i], proof, root));
            REQUIRE(verify_consistency(i + 1, size, tree.root(i + 1), root, tree.consistency(i + 1, size)));
            REQUIRE_FALSE(
                verify_consistency(i + 1, size, leaf_hash("?"), root, tree.consistency(i + 1, size)));
        }
    }
}

TEST_CASE("a log goes on where it stood, also across tiles of tiles") {
    Log whole;
    whole.grow(66000);
    MemoryStore parts;
    std::uint64_t stood = 0;
    for (const std::uint64_t stop : {1, 255, 256, 257, 511, 512, 65535, 65536, 65537, 66000}) {
        Appender again(parts, stood);
        while (again.size() < stop) again.append(leaf_hash(std::to_string(again.size())));
        Tree tree(whole.store, 66000);
        INFO(stop);
        CHECK(again.root() == tree.root(stop));
        CHECK(tree.root(stop) == Tree(parts, stop).root());
        stood = stop;
        const auto root = tree.root();
        CHECK(verify_inclusion(stop - 1, 66000, leaf_hash(std::to_string(stop - 1)),
                               tree.inclusion(stop - 1, 66000), root));
        CHECK(verify_consistency(stop, 66000, tree.root(stop), root, tree.consistency(stop, 66000)));
    }
}

TEST_CASE("what the tree does not have is refused") {
    Log log;
    log.grow(5);
    Tree tree(log.store, 5);
    CHECK_THROWS_AS(tree.root(6), concejo::Error);
    CHECK_THROWS_AS(tree.inclusion(5, 5), concejo::Error);
    CHECK_THROWS_AS(tree.inclusion(0, 6), concejo::Error);
    CHECK_THROWS_AS(tree.consistency(0, 5), concejo::Error);
    CHECK_THROWS_AS(tree.consistency(3, 2), concejo::Error);
    CHECK(tree.root(0) == empty_root());
}

// Whoever holds the database can rewrite it all and make the roots anew, but not so that they continue a
// checkpoint that somebody else kept.
TEST_CASE("rows changed, deleted, put in or put in another order do not continue an earlier checkpoint") {
    std::mt19937_64 random(42);
    std::vector<std::string> entries;
    for (int i = 0; i < 300; ++i) entries.push_back("row " + std::to_string(i));
    const auto build = [](const std::vector<std::string>& rows, MemoryStore& store) {
        Appender log(store, 0);
        for (const auto& row : rows) log.append(leaf_hash(row));
        return log.root();
    };
    MemoryStore honest;
    build(entries, honest);
    const std::uint64_t kept = 200;
    const auto kept_root = Tree(honest, kept).root();
    for (int round = 0; round < 100; ++round) {
        auto rows = entries;
        const auto at = random() % kept, other = (at + 1 + random() % (kept - 1)) % kept;
        switch (round % 4) {
            case 0:
                rows[at] += "!";
                break;
            case 1:
                rows.erase(rows.begin() + static_cast<long>(at));
                break;
            case 2:
                rows.insert(rows.begin() + static_cast<long>(at), "new");
                break;
            default:
                std::swap(rows[at], rows[other]);
        }
        MemoryStore forged;
        const auto root = build(rows, forged);
        // The best that the forger has: its own tree's proof, and the honest one.
        CHECK_FALSE(verify_consistency(kept, rows.size(), kept_root, root,
                                       Tree(forged, rows.size()).consistency(kept, rows.size())));
        CHECK_FALSE(
            verify_consistency(kept, rows.size(), kept_root, root, Tree(honest, 300).consistency(kept, 300)));
    }
    auto later = entries;
    later[250] += "!";  // after the checkpoint: nobody had vouched for it yet
    MemoryStore grown;
    const auto root = build(later, grown);
    CHECK(verify_consistency(kept, 300, kept_root, root, Tree(grown, 300).consistency(kept, 300)));
}
