// RFC 9110 section 14.1.2 gives the examples of a representation of 10,000 bytes.
#include "kernel/http/range.hpp"

#include <catch2/catch.hpp>

using namespace kernel::http;

namespace {

std::string described(std::string_view field, std::uint64_t size) {
    auto range = parse_range(field, size);
    if (range.kind == ByteRange::Kind::whole) return "whole";
    if (range.kind == ByteRange::Kind::unsatisfiable) return "416";
    return std::to_string(range.offset) + "+" + std::to_string(range.length);
}

Request with(std::vector<Field> fields, std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    request.fields = std::move(fields);
    return request;
}

}  // namespace

TEST_CASE("the table of ranges") {
    struct Row {
        const char* field;
        std::uint64_t size;
        const char* expected;
    };
    const Row rows[] = {
        {"bytes=0-499", 10000, "0+500"},
        {"bytes=500-999", 10000, "500+500"},
        {"bytes=-500", 10000, "9500+500"},
        {"bytes=9500-", 10000, "9500+500"},
        {"bytes=0-0", 10000, "0+1"},
        {"bytes=9999-9999", 10000, "9999+1"},
        {"bytes=0-99999", 10000, "0+10000"},
        {"bytes=-99999", 10000, "0+10000"},
        {"bytes=10000-", 10000, "416"},
        {"bytes=-0", 10000, "416"},
        {"bytes=0-", 0, "416"},
        {"bytes=-1", 0, "416"},
        {"bytes=0-0,-1", 10000, "whole"},
        {"bytes=500-400", 10000, "whole"},
        {"bytes=a-b", 10000, "whole"},
        {"bytes=", 10000, "whole"},
        {"bytes=-", 10000, "whole"},
        {"bytes=1-2x", 10000, "whole"},
        {"bytes=+1-2", 10000, "whole"},
        {"lines=1-2", 10000, "whole"},
        {"bytes", 10000, "whole"},
        {"Bytes=1-2", 10000, "1+2"},
        {"bytes=99999999999999999999999-", 10, "416"},
        {"bytes=0-99999999999999999999999", 10, "0+10"},
    };
    for (const auto& row : rows) {
        INFO(row.field);
        CHECK(described(row.field, row.size) == row.expected);
    }
}

TEST_CASE("If-Range: the range holds for that version only") {
    using Kind = ByteRange::Kind;
    auto kind = [](const char* version) {
        return requested_range(with({{"Range", "bytes=0-1"}, {"If-Range", version}}), 10, "v1").kind;
    };
    CHECK(kind("\"v1\"") == Kind::part);
    CHECK(kind("\"v2\"") == Kind::whole);
    CHECK(kind("W/\"v1\"") == Kind::whole);  // strong comparison
    CHECK(kind("Sun, 06 Nov 1994 08:49:37 GMT") == Kind::whole);
    CHECK(requested_range(with({{"Range", "bytes=0-1"}}, "HEAD"), 10, "v1").kind == Kind::whole);
}

TEST_CASE("If-None-Match compares weakly and takes lists") {
    CHECK(none_match_lists(with({{"If-None-Match", "\"a\", W/\"v1\""}}), "v1"));
    CHECK(none_match_lists(with({{"If-None-Match", "*"}}), "v1"));
    CHECK_FALSE(none_match_lists(with({{"If-None-Match", "v1"}}), "v1"));
    CHECK_FALSE(none_match_lists(with({}), "v1"));
}

TEST_CASE("bytes in memory: 304, 206 and 416") {
    Response all(200, "text/plain", std::string("0123456789"));
    CHECK(conditional(with({{"If-None-Match", "\"v\""}}), all, "v").status == 304);
    auto part = conditional(with({{"Range", "bytes=2-4"}}), all, "v");
    CHECK(part.status == 206);
    CHECK(std::get<std::string>(part.body) == "234");
    CHECK(part.field("content-range") == "bytes 2-4/10");
    auto beyond = conditional(with({{"Range", "bytes=10-"}}), all, "v");
    CHECK(beyond.status == 416);
    CHECK(beyond.field("content-range") == "bytes */10");
    CHECK(conditional(with({{"If-None-Match", "\"v\""}}, "POST"), all, "v").status == 200);
}
