#include "kernel/identity/totp.hpp"

#include <catch2/catch.hpp>

namespace kernel::identity {
namespace {

const std::string secret = "12345678901234567890";  // of both RFCs' appendices
base::TimePoint at(std::int64_t seconds) { return base::TimePoint(std::chrono::seconds(seconds)); }

TEST_CASE("HOTP values of RFC 4226, appendix D") {
    const char* expected[] = {"755224", "287082", "359152", "969429", "338314",
                              "254676", "287922", "162583", "399871", "520489"};
    for (int counter = 0; counter < 10; ++counter) CHECK(totp_code(secret, counter) == expected[counter]);
}

TEST_CASE("TOTP values of RFC 6238, appendix B, SHA-1") {
    struct {
        std::int64_t seconds, step;
        const char* code;
    } const vectors[] = {{59, 0x1, "94287082"},
                         {1111111109, 0x23523EC, "07081804"},
                         {1111111111, 0x23523ED, "14050471"},
                         {1234567890, 0x273EF07, "89005924"},
                         {2000000000, 0x3F940AA, "69279037"},
                         {20000000000, 0x27BC86AA, "65353130"}};
    for (const auto& [seconds, step, code] : vectors) {
        CHECK(totp_code(secret, step, 8) == code);
        if (seconds < 9'000'000'000)
            CHECK(totp_step(at(seconds)) == step);  // system_clock counts nanoseconds up to the year 2262
    }
}

TEST_CASE("a code is good in its own step, the one before and the one after") {
    // 89005924 at 1234567890: that step ends at 1234567919.
    CHECK(totp_match(secret, "005924", at(1234567890), {}) == 1234567890 / 30);
    CHECK(totp_match(secret, "005924", at(1234567920), {}) == 1234567890 / 30);
    CHECK(totp_match(secret, "005924", at(1234567890 - 30), {}) == 1234567890 / 30);
    CHECK_FALSE(totp_match(secret, "005924", at(1234567890 + 60), {}));
    CHECK_FALSE(totp_match(secret, "005924", at(1234567890 - 60), {}));
    CHECK(totp_match(secret, "005 924", at(1234567890), {}));
}

TEST_CASE("a code serves once, and none before it serves any more") {
    const auto step = totp_match(secret, "005924", at(1234567890), {});
    REQUIRE(step);
    CHECK_FALSE(totp_match(secret, "005924", at(1234567890), step));
    CHECK_FALSE(totp_match(secret, totp_code(secret, *step - 1), at(1234567890), step));
    CHECK(totp_match(secret, totp_code(secret, *step + 1), at(1234567890), step) == *step + 1);
}

TEST_CASE("what is no code matches nothing") {
    for (const char* text : {"", "0", "00592", "0059244", "abcdef", "005924005924"})
        CHECK_FALSE(totp_match(secret, text, at(1234567890), {}));
}

TEST_CASE("the URI for applications, in the form that Google Authenticator's page gives") {
    // Its example: secret JBSWY3DPEHPK3PXP is "Hello!" and 0xdeadbeef.
    CHECK(totp_uri("Hello!\xde\xad\xbe\xef", "Ayuntamiento de Ñora", "sara@nora.es") ==
          "otpauth://totp/Ayuntamiento%20de%20%C3%91ora:sara%40nora.es?secret=JBSWY3DPEHPK3PXP"
          "&issuer=Ayuntamiento%20de%20%C3%91ora&algorithm=SHA1&digits=6&period=30");
    CHECK(new_totp_secret().size() == 20);
    CHECK(new_totp_secret() != new_totp_secret());
}

}  // namespace
}  // namespace kernel::identity
