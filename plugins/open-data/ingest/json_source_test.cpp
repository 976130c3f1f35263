#include "plugins/open-data/ingest/test_support.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

namespace {
using JsonCells = std::vector<std::string>;
using open_data::ingest::testing::read_bytes;
}  // namespace

TEST_CASE("objects become rows, wherever their array is") {
    struct Case {
        std::string text, container, member, names, types;
        std::vector<JsonCells> rows;
    };
    const std::vector<Case> cases = {
        {R"([{"a":1,"b":"x"},{"b":"y","c":null,"a":2}])",
         "json",
         "",
         "a|b|c",
         "integer text text",
         {{"1", "x", "∅"}, {"2", "y", "∅"}}},
        {"{\"a\":1,\"b\":\"x\"}\n\n{\"a\":2.5,\"b\":\"\\u00f1 \\ud83d\\ude00\"}\n",
         "ndjson",
         "",
         "a|b",
         "numeric text",
         {{"1", "x"}, {"2.5", "ñ 😀"}}},
        {R"({"ok":true,"result":{"n":1,"records":[{"a":{"b":{"c":1.234}},"d":[1,2]}]}})",
         "json",
         "result.records",
         "a.b.c|d",
         "numeric text",
         {{"1.234", "[1,2]"}}},
        {R"({"a":1})", "ndjson", "", "a", "integer", {{"1"}}},
        {"\xEF\xBB\xBF[{\"cp\":\"02001\",\"s\":true,\"f\":\"2000-01-02\",\"n\":1e-7}]",
         "json",
         "",
         "cp|s|f|n",
         "text boolean date numeric",
         {{"02001", "true", "1", "0.0000001"}}},
        {R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":"x"},"geometry":{"type":"Point","coordinates":[-3.7,40.4]}},)"
         R"({"type":"Feature","geometry":null,"properties":{"n":"y"}},)"
         R"({"type":"Feature","properties":null,"geometry":{"type":"LineString","coordinates":[[0,1],[2,3]]}}]})",
         "geojson",
         "features",
         "n|lon|lat|geometria",
         "text numeric numeric text",
         {{"x", "-3.7", "40.4", "∅"},
          {"y", "∅", "∅", "∅"},
          {"∅", "∅", "∅", R"({"type":"LineString","coordinates":[[0,1],[2,3]]})"}}},
    };
    for (const auto& one : cases) {
        INFO(one.text);
        const auto outcome = read_bytes(one.text);
        CHECK(outcome.recipe.container == one.container);
        CHECK(outcome.recipe.member == one.member);
        CHECK(outcome.names() == one.names);
        CHECK(outcome.types() == one.types);
        CHECK(outcome.rows == one.rows);
        CHECK(outcome.recipe.header_line == 0);
    }
}

TEST_CASE("a line of NDJSON that is none is rejected, an array that breaks off is refused") {
    const auto outcome = read_bytes("{\"a\":1}\n{\"a\":2}\n{\"a\":\n[1]\n{\"a\":3}\n");
    CHECK(outcome.rows == std::vector<JsonCells>{{"1"}, {"2"}, {"3"}});
    REQUIRE(outcome.report.rejects.size() == 2);
    CHECK(outcome.report.rejects[0].line == 3);
    CHECK(outcome.report.rejects[1].line == 4);
    CHECK_THROWS_AS(read_bytes("[{\"a\":1},\n{\"a\":"), concejo::Error);
    for (const char* broken :
         {"{\"a\": 1,\n\"b\": }\n", "{\"meses\": 12,\n \"total\": {\"a\": 1}", "[{\"a\" 1}]"}) {
        INFO(broken);
        CHECK_THROWS_AS(read_bytes(broken), concejo::Error);
    }
    // Text that only begins like JSON is text.
    CHECK(read_bytes("[nota]\na;b\n1;2\n").recipe.container == "csv");
    CHECK(read_bytes(std::string(100'000, '[')).recipe.container == "csv");
}

TEST_CASE("damaged JSON is read or refused, without harm") {
    const std::string good =
        R"([{"a":1,"b":"\u00f1\n"},{"a":{"c":[true,null,1.5e3]},"b":"\ud83d\ude00"},{"a":-2,"b":"Peñón"}])";
    const std::string odd = "{}[]\",:\\u\n0e-\xFF";
    std::mt19937 random(5);
    for (int round = 0; round < 3000; ++round) {
        std::string bad = good;
        for (auto times = 1 + random() % 4; times; --times)
            bad[random() % bad.size()] = odd[random() % odd.size()];
        INFO(bad);
        try {
            const auto outcome = read_bytes(bad);
            CHECK(outcome.report.accepted + outcome.report.rejected == outcome.report.read);
        } catch (const concejo::Error& error) {
            CHECK(error.kind() == concejo::ErrorKind::invalid);
        }
    }
}
