#include "ids.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace sede;

TEST_CASE("an id is a UUID in lower case") {
    CHECK(AnuncioId::parse("0B1D0F4E-7F0C-4C34-9D9A-52F1A5A0C001")->text() ==
          "0b1d0f4e-7f0c-4c34-9d9a-52f1a5a0c001");
    for (const char* text : {"", "0b1d0f4e7f0c4c349d9a52f1a5a0c001", "0b1d0f4e-7f0c-4c34-9d9a-52f1a5a0c00g",
                             "0b1d0f4e-7f0c-4c34-9d9a-52f1a5a0c0011", "2026-0043"})
        CHECK_FALSE(AnuncioId::parse(text));
}

TEST_CASE("new ids are of version 4 and differ") {
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
        const auto id = AnuncioId::random().text();
        REQUIRE(AnuncioId::parse(id));
        CHECK(id[14] == '4');
        CHECK(std::string("89ab").find(id[19]) != std::string::npos);
        seen.insert(id);
    }
    CHECK(seen.size() == 200);
}

TEST_CASE("a number is written with four digits and read in any form") {
    CHECK(Numero::parse("2026/43")->text() == "2026/0043");
    CHECK(Numero::parse("2026-0043")->slug() == "2026-0043");
    CHECK(Numero::of(2026, 12345)->text() == "2026/12345");
    CHECK(*Numero::parse("2026/43") == *Numero::parse("2026-0043"));
    CHECK(*Numero::parse("2026/9") < *Numero::parse("2026/10"));
}

TEST_CASE("what is no number is refused") {
    for (const char* text : {"", "43", "2026/", "2026/0", "2026/-1", "2026/+1", "26/43", "2026/x", "2026/43x",
                             "2026.43", "2026/99999999", "1666/1"}) {
        CAPTURE(text);
        CHECK_FALSE(Numero::parse(text));
    }
}

TEST_CASE("a digest has 64 hexadecimal digits") {
    CHECK(Sha256::parse(std::string(64, 'A'))->text() == std::string(64, 'a'));
    CHECK_FALSE(Sha256::parse(std::string(63, 'a')));
    CHECK_FALSE(Sha256::parse(std::string(64, 'z')));
    CHECK_FALSE(Sha256::parse("../../../etc/passwd"));
}
