#include <concejo/json.hpp>

#include <catch2/catch.hpp>

#include <random>

using concejo::Json;

TEST_CASE("a document reads and writes back the same") {
    const std::string text = R"({"a":[1,-2,3.5,true,null],"b":{"c":"á\n\"x\""},"d":9223372036854775807})";
    CHECK(Json::parse(text).dump() == text);
}

TEST_CASE("lists take what is given away, and leave what is not") {
    std::string text = "quédate", gone = "una línea más larga que el propio objeto string";
    Json inner = Json::array({text, 1, nullptr, "x"});
    const Json made =
        Json::object({{"a", inner}, {text, std::move(gone)}, {"b", Json::array({inner, inner})}});
    CHECK(text == "quédate");
    CHECK(inner.dump() == R"(["quédate",1,null,"x"])");
    CHECK(gone.empty());
    CHECK(made.dump() ==
          R"({"a":["quédate",1,null,"x"],"quédate":"una línea más larga que el propio objeto string",)"
          R"("b":[["quédate",1,null,"x"],["quédate",1,null,"x"]]})");
}

TEST_CASE("control characters are written so that they are read back") {
    std::string all;
    for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
    const auto text = Json(all).dump();
    CHECK(text.find("\\u0001") != text.npos);
    for (const char c : text) CHECK(static_cast<unsigned char>(c) >= 0x20);
    CHECK(Json::parse(text).as_string() == all);
}

TEST_CASE("RFC 8259 escapes, among them a surrogate pair") {
    CHECK(Json::parse(R"("\ud83d\ude00 \u00f1 \/")").as_string() == "😀 ñ /");
}

TEST_CASE("what is not JSON is refused with its place") {
    for (const char* bad : {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "01", "\"\\ud800\"", "\"\x01\"", "nul",
                            "1 2", "-", "1.", "\"a"}) {
        INFO(bad);
        CHECK_THROWS_AS(Json::parse(bad), concejo::Error);
    }
    CHECK_THROWS_WITH(Json::parse("[1, x]"), Catch::Contains("byte 4"));
    CHECK_THROWS_AS(Json::parse(std::string(100000, '[')), concejo::Error);
}

TEST_CASE("members keep their order and are added by name") {
    Json json;
    json["z"] = 1;
    json["a"] = Json::array({"x", 2});
    CHECK(json.dump() == R"({"z":1,"a":["x",2]})");
    CHECK(json.string_or("nope", "-") == "-");
    CHECK(json.at("a").size() == 2);
}

TEST_CASE("random damage never does more than throw") {
    const std::string good = R"({"a":[1,-2,3.5e3,true,null],"b":{"c":"\u00e1\n"},"d":"😀"})";
    std::mt19937 random(7);
    for (int i = 0; i < 20000; ++i) {
        std::string text = good;
        for (int n = 0; n < 3; ++n) text[random() % text.size()] = static_cast<char>(random());
        try {
            Json::parse(text.substr(0, random() % text.size()));
        } catch (const concejo::Error&) {
        }
    }
}

namespace {

template <class J>
concept lends_an_array = requires(J&& json) {
    std::forward<J>(json).as_array();
};
template <class J>
concept lends_an_object = requires(J&& json) {
    std::forward<J>(json).as_object();
};
template <class J>
concept lends_a_member = requires(J&& json) {
    std::forward<J>(json).find("a");
};

}  // namespace

TEST_CASE("nothing refers into a value that is about to end") {
    STATIC_REQUIRE(lends_an_array<Json&>);
    STATIC_REQUIRE(lends_an_array<const Json&>);
    STATIC_REQUIRE_FALSE(lends_an_array<Json>);
    STATIC_REQUIRE_FALSE(lends_an_array<const Json>);
    STATIC_REQUIRE_FALSE(lends_an_object<Json>);
    STATIC_REQUIRE_FALSE(lends_a_member<Json>);
    STATIC_REQUIRE(std::is_same_v<decltype(Json().at("a")), Json>);
    STATIC_REQUIRE(std::is_same_v<decltype(Json()["a"]), Json>);
    STATIC_REQUIRE(std::is_same_v<decltype(Json().as_string()), std::string>);
    CHECK(Json::parse(R"({"a": {"b": "texto"}})").at("a")["b"].as_string() == "texto");
    CHECK(Json::parse("{}")["nada"].is_null());
    CHECK_THROWS_AS(Json::parse("{}").at("nada"), concejo::Error);
}
