#include "plugins/evidence/archive/judge.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/testing/stamping.hpp"
#include "tests/support/whole_run.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace evidence;
using namespace evidence::archive;
using evidence::testing::Pki;
using evidence::testing::Workspace;

namespace {

struct Item {
    std::string content, signature;
    EvidenceRecord record;
};

std::vector<Item> items(std::size_t count) {
    std::vector<Item> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back({"documento " + std::to_string(i), "firma " + std::to_string(i), {}});
    return all;
}

/// One night: the items under one timestamp, each in a new chain, with `others` beside them.
ArchiveTimeStamp archive_all(const std::string& name, std::vector<Item>& all, const Hashes& others = {},
                             std::vector<ReducedTree>* of_others = nullptr) {
    std::vector<Hashes> leaves;
    for (const auto& item : all) {
        const auto count = item.record.chains.size();
        const auto hash = [&](const std::string& content) {
            const auto own = digest(name, content);
            return count == 0 ? own : renewed_leaf(name, own, item.record.sequence(count));
        };
        leaves.push_back({hash(item.content), hash(item.signature)});
    }
    for (const auto& other : others) leaves.push_back({other});
    const HashTree tree(name, leaves);
    const auto token = testing::stamp(timestamp::Imprint(tree.root(), name));
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].record.chains.push_back({{name, tree.reduced(i), token}});
    for (std::size_t i = 0; of_others && i < others.size(); ++i)
        of_others->push_back(tree.reduced(all.size() + i));
    return {name, {}, token};
}

/// What the Python reading says of it, and openssl of each timestamp. BouncyCastle 1.72 too, but that it
/// wants every earlier timestamp of a chain under each later one, where section 5.2 of RFC 4998 asks for the
/// last.
void others_agree(const Item& item, bool bouncy_castle = true) {
    const Workspace work;
    testing::write(work / "record.ers", item.record.der());
    testing::write(work / "content", item.content);
    testing::write(work / "signature", item.signature);
    testing::write(work / "other", "otro");
    const std::string judge =
        "python3 " CONCEJO_SOURCE_DIR "/plugins/evidence/archive/ers_judge.py record.ers ";
    const auto told = work.run(judge + "content");
    INFO(told.output);
    REQUIRE(told.code == 0);
    CHECK(work.run(judge + "signature").output == told.output);
    CHECK(work.run(judge + "other").code == 1);
    std::istringstream lines(told.output);
    std::string function, root;
    for (const auto& chain : item.record.chains) {
        for (const auto& stamp : chain) {
            REQUIRE(lines >> function >> root);
            testing::write(work / "token", stamp.token);
            const auto verified = work.run("openssl ts -verify -token_in -in token -digest " + root + " -" +
                                           function + " -CAfile " + Pki::get().path("raiz.pem").string());
            INFO(verified.output);
            CHECK(verified.says("Verification: OK"));
        }
    }
    if (!bouncy_castle) return;
    if (!std::filesystem::exists("/usr/share/java/bcpkix.jar") ||
        std::system("command -v javac >/dev/null") != 0) {
        WARN("BouncyCastle is not installed: it has not been asked");
        return;
    }
    testing::write(
        work / "Ers.java",
        R"(import org.bouncycastle.tsp.ers.*; import org.bouncycastle.operator.jcajce.*; import org.bouncycastle.cms.jcajce.*;
import java.nio.file.*; import java.util.Date;
public class Ers { public static void main(String[] a) throws Exception {
  ERSEvidenceRecord record = new ERSEvidenceRecord(Files.readAllBytes(Path.of("record.ers")), new JcaDigestCalculatorProviderBuilder().build());
  record.validate(new JcaSimpleSignerInfoVerifierBuilder().build(record.getSigningCertificate()));
  ERSData data = new ERSByteData(Files.readAllBytes(Path.of("content"))), signature = new ERSByteData(Files.readAllBytes(Path.of("signature"))), other = new ERSByteData("otro".getBytes());
  record.validatePresent(new ERSDataGroup(data, signature), new Date()); System.out.println("BOTH PROVEN");
  try { record.validatePresent(other, new Date()); System.out.println("OTHER PROVEN"); } catch (ERSException e) { System.out.println("OTHER REFUSED"); } } })");
    const auto java =
        work.run("J=/usr/share/java; java -cp $J/bcpkix.jar:$J/bcprov.jar:$J/bcutil.jar Ers.java");
    INFO(java.output);
    CHECK(java.says("BOTH PROVEN"));
    CHECK(java.says("OTHER REFUSED"));
}

}  // namespace

TEST_CASE("a tree of any size leads each of its leaves to the one root, and nothing else") {
    for (std::size_t count = 1; count <= 17; ++count) {
        std::vector<Hashes> leaves;
        for (std::size_t i = 0; i < count; ++i) {
            leaves.push_back({digest("SHA256", std::to_string(i))});
            if (i % 3 == 0) leaves.back().push_back(digest("SHA256", "firma " + std::to_string(i)));
        }
        const HashTree tree("SHA256", leaves);
        for (std::size_t i = 0; i < count; ++i) {
            INFO(i << " of " << count);
            const auto reduced = tree.reduced(i);
            CHECK(reduced.size() <= 6);
            for (const auto& hash : leaves[i]) CHECK(root_of("SHA256", reduced, hash) == tree.root());
            CHECK(root_of("SHA256", reduced, digest("SHA256", "otro")) != tree.root());
            CHECK(read_lists(write_lists(reduced)) == reduced);
        }
    }
    CHECK_THROWS_AS(HashTree("SHA256", {}), concejo::Error);
    CHECK_THROWS_AS(digest("SHA1", "x"), concejo::Error);
}

TEST_CASE("what one timestamp proves for many documents and their signatures, others find too") {
    for (const std::size_t count : {1, 2, 5}) {
        auto all = items(count);
        archive_all("SHA256", all);
        for (const auto& item : all) {
            const auto bytes = item.record.der();
            CHECK(EvidenceRecord::parse(bytes).der() == bytes);
            const auto judged = judge(bytes, item.content, Pki::get().roots());
            INFO(judged.problem);
            CHECK(judged.good());
            CHECK(judged.rooted);
            CHECK(judged.timestamps == 1);
            CHECK(judge(bytes, item.signature, {}).good());
            CHECK_FALSE(judge(bytes, "otro", {}).good());
        }
        others_agree(all.back());
    }
}

TEST_CASE("a timestamp is renewed by the next one, and the hash function by a new chain") {
    auto all = items(3);
    auto last = archive_all("SHA256", all);
    const auto renew = [&](const Hashes& beside) {
        std::vector<ReducedTree> where;
        auto fresh = items(2);
        Hashes leaves{digest("SHA256", last.token)};
        leaves.insert(leaves.end(), beside.begin(), beside.end());
        auto next = archive_all("SHA256", fresh, leaves, &where);
        next.tree = where.front();
        for (auto& item : all) item.record.chains.back().push_back(next);
        last = next;
    };
    renew({});
    others_agree(all[0]);
    renew({digest("SHA256", "another night's")});
    CHECK(judge(all[1].record.der(), all[1].content, Pki::get().roots()).timestamps == 3);
    others_agree(all[1], false);

    archive_all("SHA512", all);
    const auto bytes = all[2].record.der();
    const auto judged = judge(bytes, all[2].content, Pki::get().roots());
    INFO(judged.problem);
    REQUIRE(judged.good());
    CHECK(judged.timestamps == 4);
    CHECK(judged.since <= judged.renewed);
    CHECK(judge(bytes, all[2].signature, {}).good());
    others_agree(all[2], false);
    auto two = items(3);
    archive_all("SHA256", two);
    archive_all("SHA384", two);
    CHECK(judge(two[2].record.der(), two[2].content, Pki::get().roots()).timestamps == 2);
    others_agree(two[2]);

    // Without what was renewed, or in another order, it proves nothing.
    const auto refused = [&](EvidenceRecord changed) {
        changed.encoded.clear();
        CHECK_FALSE(judge(changed.der(), all[2].content, {}).good());
    };
    auto changed = all[2].record;
    changed.chains[0].erase(changed.chains[0].begin() + 1);
    refused(changed);
    changed = all[2].record;
    changed.chains.erase(changed.chains.begin());
    refused(changed);
    changed = all[2].record;
    std::swap(changed.chains[0], changed.chains[1]);
    refused(changed);
    changed = all[2].record;
    changed.chains[0][1].tree[0][0][0] ^= 1;
    refused(changed);
}

TEST_CASE("no byte of an evidence record can be changed unseen, nor makes it crash") {
    auto all = items(4);
    archive_all("SHA256", all);
    const auto good = all[3].record.der();
    std::mt19937_64 random(7);
    for (std::size_t i = 0; i < good.size(); i += tests::whole_run() ? 1 : 7) {
        auto other = good;
        other[i] = static_cast<char>(other[i] ^ (1 + random() % 255));
        judge(other, all[3].content, Pki::get().roots());  // some bytes mean nothing: a certificate too many
        judge(good.substr(0, i), all[3].content, {});
    }
    CHECK_FALSE(judge(good + "x", all[3].content, {}).good());
    CHECK_FALSE(judge("", "", {}).good());
    const testing::Workspace stranger;
    CHECK_FALSE(judge(good, all[3].content, Pki::plain().roots()).good());
}
