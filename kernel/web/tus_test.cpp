#include "kernel/web/tus.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace kernel::web::tus {
namespace {

TEST_CASE("dates as HTTP writes them") {
    CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");   // RFC 9110 section 5.6.7
    CHECK(http_date(1403712000) == "Wed, 25 Jun 2014 16:00:00 GMT");  // tus 1.0.0, Upload-Expires
}

TEST_CASE("offsets and lengths are digits") {
    CHECK(number("0") == 0u);
    CHECK(number("9223372036854775807") == 9223372036854775807u);
    for (const auto* wrong :
         {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "99999999999999999999999"})
        CHECK_FALSE(number(wrong));
}

TEST_CASE("metadata: keys once, Base64 or nothing") {
    // The example of tus 1.0.0.
    CHECK(is_metadata("filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential"));
    CHECK(is_metadata(""));
    CHECK(is_metadata("a YQ==, b YQ=="));
    for (const auto* wrong : {",", "a YQ==,", "a YQ==,a YQ==", "a *", "\x01 YQ=="}) {
        INFO(wrong);
        CHECK_FALSE(is_metadata(wrong));
    }
    CHECK_FALSE(is_metadata("a " + std::string(5000, 'A')));
    std::minstd_rand random(21);
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto n = random() % 30; n > 0; --n) text += "ab, =YQ\x01\xff"[random() % 9];
        is_metadata(text);
        number(text);
    }
}

TEST_CASE("only a POST may be another method") {
    http::Request request;
    request.method = "POST";
    request.fields = {{"X-HTTP-Method-Override", "PATCH"}};
    CHECK(method_of(request) == "PATCH");
    request.method = "GET";
    CHECK(method_of(request) == "GET");
}

}  // namespace
}  // namespace kernel::web::tus
