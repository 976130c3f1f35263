#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/crypto/digest.hpp"

#include <catch2/catch.hpp>

using namespace evidence::crypto;

TEST_CASE("base64 of the vectors of RFC 4648 section 10") {
    const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        CHECK(base64(bytes) == text);
        CHECK(unbase64(text) == std::string(bytes));
    }
}

TEST_CASE("only the canonical form of base64 and hexadecimal is taken") {
    for (const auto* text :
         {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg=", "Zm9v=", "Z===", "====", "Zm-v", "Zg==Zg=="})
        CHECK_FALSE(unbase64(text));
    for (const auto* text : {"0", "0G", "AB", " a", "0x"}) CHECK_FALSE(unhex(text));
    CHECK(unhex("00ff") == std::string("\x00\xff", 2));
}

TEST_CASE("SHA-256 of the messages of FIPS 180-2, appendix B") {
    CHECK(hex(view(sha256("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(view(
              Sha256().add("abcdbcdecdefdefgefghfghighijhi").add("jkijkljklmklmnlmnomnopnopq").finish())) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
