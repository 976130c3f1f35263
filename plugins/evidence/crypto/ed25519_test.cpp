#include "plugins/evidence/crypto/ed25519.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <catch2/catch.hpp>

using namespace evidence::crypto;

TEST_CASE("Ed25519 of test 2 of RFC 8032, section 7.1") {
    const auto key =
        ed25519_from_seed(*unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    const auto signed_by = *unhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    const auto raw = public_key(*key);
    CHECK(hex({reinterpret_cast<const char*>(raw.data()), raw.size()}) ==
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    CHECK(sign_ed25519(*key, "\x72") == signed_by);
    CHECK(verify_ed25519(raw, "\x72", signed_by));
    CHECK_FALSE(verify_ed25519(raw, "\x73", signed_by));
    CHECK_FALSE(verify_ed25519(raw, "\x72", signed_by.substr(1)));
}

TEST_CASE("the key of RFC 8410, section 10.1, in PEM; no other form is taken") {
    const std::string text =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PUBLIC KEY-----\n";
    const auto key = from_public_pem(text);
    REQUIRE(key);
    CHECK(public_pem(*key) == text);
    CHECK_FALSE(from_public_pem(text + "\n"));
    CHECK_FALSE(from_public_pem(" " + text));
    CHECK_FALSE(from_public_pem(""));
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto other = text;
        other[i] ^= 1;
        const auto changed = from_public_pem(other);
        CHECK((!changed || *changed != *key));
    }
}
