#include "plugins/evidence/log/jcs.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "tests/support/shell.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <random>

using namespace evidence::log;
using concejo::Json;

TEST_CASE("the example of RFC 8785, section 3.2") {
    const auto value = Json::parse(R"({
       "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
       "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
       "literals": [null, true, false]
     })");
    const std::string wanted =
        R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
        "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    CHECK(canonical(value) == wanted);
    REQUIRE(parse_canonical(wanted));
    CHECK(parse_canonical(wanted)->at("numbers") == value["numbers"]);
}

TEST_CASE("members are ordered by UTF-16 units: RFC 8785, section 3.2.3") {
    const auto value = Json::parse(
        R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
        "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})");
    std::string order;
    const auto again = Json::parse(canonical(value));
    for (const auto& [name, text] : again.as_object()) order += text.as_string() + "|";
    CHECK(order ==
          "Carriage Return|One|Control|Latin Small Letter O With Diaeresis|Euro Sign|Emoji: Grinning Face|"
          "Hebrew Letter Dalet With Dagesh|");
}

TEST_CASE("the numbers of RFC 8785, appendix B") {
    const std::pair<std::uint64_t, const char*> samples[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"}};
    for (const auto& [bits, text] : samples) CHECK(ecmascript_number(std::bit_cast<double>(bits)) == text);
    for (const std::uint64_t bits : {0x7fffffffffffffffULL, 0x7ff0000000000000ULL})
        CHECK_THROWS_AS(ecmascript_number(std::bit_cast<double>(bits)), concejo::Error);
}

TEST_CASE("what I-JSON does not hold is refused") {
    CHECK(canonical(Json(9007199254740991LL)) == "9007199254740991");
    CHECK(canonical(Json(1152921504606846976LL)) == "1152921504606847000");  // 2^60, as JavaScript writes it
    CHECK_THROWS_AS(canonical(Json(9007199254740993LL)), concejo::Error);
    CHECK_THROWS_AS(canonical(Json(INT64_MAX)), concejo::Error);
    for (const auto* text :
         {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xF8\x88\x80\x80\x80"})
        CHECK_THROWS_AS(canonical(Json(text)), concejo::Error);
    for (const auto* text :
         {"", "{ }", "{\"b\":1,\"a\":2}", "1.0", "-0", "\"\\u0041\"", "{}\n", "[1,]", "1e400"})
        CHECK_FALSE(parse_canonical(text));
}

namespace {

Json random_value(std::mt19937_64& random, int depth) {
    switch (random() % (depth > 3 ? 4 : 6)) {
        case 0:
            return Json(static_cast<long long>(random() % 2000000) - 1000000);
        case 1: {
            const auto number = std::bit_cast<double>(random());
            return std::isfinite(number) ? Json(number) : Json(random() % 2 == 0);
        }
        case 2:
            return Json();
        case 3: {
            constexpr std::string_view letters[] = {"a",
                                                    "Z",
                                                    "0",
                                                    "\n",
                                                    "\x01",
                                                    "\x1f",
                                                    "\x7f",
                                                    "\"",
                                                    "\\",
                                                    "/",
                                                    " ",
                                                    "ñ",
                                                    "€",
                                                    "\xF0\x9F\x98\x80",
                                                    "\xEF\xAC\xB3",
                                                    "\xE2\x80\xA8"};
            std::string text;
            for (auto size = random() % 8; size > 0; --size) text += letters[random() % std::size(letters)];
            return Json(text);
        }
        case 4: {
            Json list = Json::array();
            for (auto size = random() % 5; size > 0; --size) list.push_back(random_value(random, depth + 1));
            return list;
        }
        default: {
            Json object = Json::object();
            for (auto size = random() % 6; size > 0; --size) {
                std::string name;
                while (name.empty()) {
                    const auto value = random_value(random, 9);
                    if (value.is_string()) name = value.as_string();
                }
                object[name] = random_value(random, depth + 1);
            }
            return object;
        }
    }
}

}  // namespace

TEST_CASE("JavaScript writes the same text for 20,000 random values") {
    if (tests::run("node --version").code != 0) {
        WARN("skipped: JSON.stringify as judge (no node)");
        return;
    }
    std::mt19937_64 random(8785);
    std::string lines;
    for (int i = 0; i < 20000; ++i) lines += canonical(random_value(random, 0)) + "\n";
    const tests::Folder folder;
    folder.write("ours", lines);
    folder.write("judge.cjs", R"(
const sorted = v => Array.isArray(v) ? '[' + v.map(sorted).join(',') + ']'
  : v && typeof v === 'object' ? '{' + Object.keys(v).sort().map(k => JSON.stringify(k) + ':' + sorted(v[k])).join(',') + '}'
  : JSON.stringify(v);
let n = 0;
for (const line of require('fs').readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (!line) continue;
  if (sorted(JSON.parse(line)) !== line) { console.log(line, sorted(JSON.parse(line))); process.exit(1); }
  n++;
}
console.log(n);
)");
    const auto judged = tests::run("node " + (folder / "judge.cjs") + " " + (folder / "ours"));
    INFO(judged.output);
    CHECK(judged.output == "20000\n");
    CHECK(judged.code == 0);
}
