#include "kernel/config/codes.hpp"

#include <catch2/catch.hpp>

using namespace kernel::config;

TEST_CASE("NIF of real bodies and the examples of the rules") {
    // City councils, ministries and companies as their official pages print them; persons: the DNI and NIE
    // examples of the Interior ministry and of Orden INT/2058/2008.
    for (const char* good : {"P2807900B", "P0801900B", "P4109100J", "P4625200C", "Q2826000H", "S2833002E",
                             "A28015865", "B65410011", "A58818501", "G28029007", "12345678Z", "00000000T",
                             "X0000000T", "Y0000000Z", "Z0000000M", "00000001R", "99999999R"}) {
        INFO(good);
        CHECK(Nif::parse(good).ok());
    }
    CHECK(Nif::parse("P2807900B").value().entity());
    CHECK_FALSE(Nif::parse("12345678Z").value().entity());
}

TEST_CASE("K, L and M carry a person's letter over their seven digits") {
    for (const char first : {'K', 'L', 'M'}) {
        CHECK(Nif::parse(std::string(1, first) + "1234567L").ok());  // 1234567 mod 23 = 19: L
        CHECK_FALSE(Nif::parse(std::string(1, first) + "1234567A").ok());
    }
}

TEST_CASE("a wrong control character, place or letter is refused") {
    for (const char* bad :
         {"", "P2807900C", "P28079002", "A2801586E", "12345678A", "1234567Z", "X0000000A", "I1234567A",
          "12345678-Z", "p2807900b", "P 807900B", "12345678\xC3\x91", "P2807900BB", "ABCDEFGHI"}) {
        INFO(bad);
        const auto nif = Nif::parse(bad);
        REQUIRE_FALSE(nif.ok());
        CHECK_THAT(nif.error().message, Catch::Contains("no es un NIF"));
    }
}

TEST_CASE("exactly one control character fits each number of an entity") {
    for (int number = 1; number < 10000000; number += 98765) {
        char digits[8];
        std::snprintf(digits, sizeof digits, "%07d", number);
        int letters = 0;
        for (char c = 'A'; c <= 'Z'; ++c) letters += Nif::parse("P" + std::string(digits) + c).ok() ? 1 : 0;
        for (char c = '0'; c <= '9'; ++c) letters += Nif::parse("P" + std::string(digits) + c).ok() ? 1 : 0;
        CHECK(letters == 1);
    }
}

TEST_CASE("INE codes") {
    CHECK(CodigoIne::parse("28079").ok());
    CHECK(CodigoIne::parse("01001").value().province() == "01");
    CHECK(CodigoIne::parse("52001").ok());
    for (const char* bad : {"", "2807", "280796", "00001", "53001", "99999", "2807a", " 8079"})
        CHECK_FALSE(CodigoIne::parse(bad).ok());
}

TEST_CASE("DIR3 codes") {
    CHECK(Dir3::parse("L01280796").value().ine() == "28079");
    CHECK(Dir3::parse("E00003901").value().ine().empty());
    CHECK(Dir3::parse("EA0008567").ok());
    CHECK(Dir3::parse("LA0002384").ok());
    for (const char* bad : {"", "L0128079", "L012807966", "l01280796", "L01990796", "101280796", "LAA002384"})
        CHECK_FALSE(Dir3::parse(bad).ok());
    CHECK(Dir3::parse("L01280796").value() == Dir3::parse("L01280796").value());
}
