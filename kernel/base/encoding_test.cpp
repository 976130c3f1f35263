#include "kernel/base/encoding.hpp"

#include "kernel/base/random.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace kernel::base;

TEST_CASE("base64, base32 and hexadecimal of RFC 4648, section 10") {
    struct Row {
        std::string bytes, base64, base32, hex;
    };
    const std::vector<Row> rows = {{"", "", "", ""},
                                   {"f", "Zg==", "MY======", "66"},
                                   {"fo", "Zm8=", "MZXQ====", "666F"},
                                   {"foo", "Zm9v", "MZXW6===", "666F6F"},
                                   {"foob", "Zm9vYg==", "MZXW6YQ=", "666F6F62"},
                                   {"fooba", "Zm9vYmE=", "MZXW6YTB", "666F6F6261"},
                                   {"foobar", "Zm9vYmFy", "MZXW6YTBOI======", "666F6F626172"}};
    for (const auto& row : rows) {
        CHECK(base64(row.bytes) == row.base64);
        CHECK(unbase64(row.base64) == row.bytes);
        CHECK(base32(row.bytes) == row.base32);
        CHECK(unbase32(row.base32) == row.bytes);
        CHECK(unbase32(row.base32.substr(0, row.base32.find('='))) == row.bytes);
        CHECK(unhex(row.hex) == row.bytes);
        CHECK(unhex(hex(row.bytes)) == row.bytes);
    }
    CHECK(hex("\xAB\x01") == "ab01");
}

TEST_CASE("base64url has no padding and no characters that URLs reserve") {
    CHECK(base64url("\xFB\xEF\xFF\xFE") == "--___g");  // base64: ++///g==
    CHECK(unbase64url("--___g") == "\xFB\xEF\xFF\xFE");
    CHECK_FALSE(unbase64url("++///g"));
    CHECK_FALSE(unbase64url("Zg=="));
}

TEST_CASE("decoders refuse what is not exactly an encoding") {
    for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "====", "Zh==", "Zm9v\n", "Zm 9", "Zm9*", "A==="})
        CHECK_FALSE(unbase64(text));
    for (const char* text : {"M", "MZX", "MZ======", "MY==", "M1======", "MZXW6Y"})
        CHECK_FALSE(unbase32(text));
    for (const char* text : {"0", "0g", " 0", "0x"}) CHECK_FALSE(unhex(text));
}

TEST_CASE("every byte survives each encoding") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
        CHECK(unbase64(base64(bytes)) == bytes);
        CHECK(unbase64url(base64url(bytes)) == bytes);
        CHECK(unbase32(base32(bytes)) == bytes);
    }
}

TEST_CASE("random values have their shape and do not repeat") {
    CHECK(random_bytes(33).size() == 33);
    CHECK(random_hex(8).size() == 16);
    CHECK(random_token().size() == 43);
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string uuid = random_uuid();
        REQUIRE(uuid.size() == 36);
        CHECK((uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' && uuid[23] == '-'));
        CHECK(uuid[14] == '4');
        CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
        CHECK(seen.insert(uuid).second);
    }
}
