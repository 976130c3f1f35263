#include "kernel/identity/keys.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/base/files.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <set>
#include <thread>
#include <vector>

namespace kernel::identity {
namespace {

TEST_CASE("HMAC-SHA-256 as RFC 4231 has it, cases 2 and 6") {
    CHECK(base::hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(base::hex(hmac_sha256(std::string(131, '\xaa'),
                                "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("nodes that are given the same text have the same key") {
    const std::string text(64, 'c');
    CHECK(Keys::from_text(text).open(Keys::from_text(text).seal("secret", "p"), "p") == "secret");
    for (const auto* wrong : {"", "cc", "no es una clave"})
        CHECK_THROWS_AS(Keys::from_text(wrong), concejo::Error);
}

TEST_CASE("a seal opens with the same key under the same purpose only") {
    const Keys keys(std::string(32, 'a')), others(std::string(32, 'b'));
    const auto sealed = keys.seal("secret", "totp m1 u1");
    CHECK(keys.open(sealed, "totp m1 u1") == "secret");
    CHECK_FALSE(keys.open(sealed, "totp m2 u1"));
    CHECK_FALSE(others.open(sealed, "totp m1 u1"));
    CHECK(keys.seal("secret", "totp m1 u1") != sealed);
    auto bytes = *base::unbase64url(sealed);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto changed = bytes;
        changed[i] ^= 1;
        CHECK_FALSE(keys.open(base::base64url(changed), "totp m1 u1"));
    }
    CHECK_FALSE(keys.open("", "totp m1 u1"));
}

TEST_CASE("signatures of one purpose are none of another") {
    const Keys keys(std::string(32, 'a'));
    CHECK(keys.sign("x", "one") == keys.sign("x", "one"));
    CHECK(keys.sign("x", "one") != keys.sign("x", "two"));
}

TEST_CASE("the key's file is made once, whoever comes first, and is nobody else's to read") {
    const base::TempDir folder;
    const auto file = folder.path() / "data" / "clave";
    std::vector<std::string> seen(8);
    std::vector<std::thread> threads;
    for (auto& one : seen) threads.emplace_back([&] { one = Keys::from_file(file).sign("x", "test"); });
    for (auto& thread : threads) thread.join();
    CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 1);
    struct stat info {};
    REQUIRE(stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK(std::distance(std::filesystem::directory_iterator(file.parent_path()), {}) == 1);

    std::filesystem::permissions(file, std::filesystem::perms(0644));
    CHECK_THROWS_WITH(Keys::from_file(file), Catch::Contains("chmod 600"));
    base::write_file_atomically(file, "nonsense\n", 0600);
    CHECK_THROWS_WITH(Keys::from_file(file), Catch::Contains("no contiene la clave"));
    CHECK_THROWS_AS(Keys("short"), concejo::Error);
}

}  // namespace
}  // namespace kernel::identity
