#include "kernel/base/clock.hpp"

#include <catch2/catch.hpp>

using namespace kernel::base;

namespace {
std::string again(std::string_view text) {
    const auto time = parse_utc(text);
    return time ? format_utc_ms(*time) : "none";
}
}  // namespace

TEST_CASE("times of RFC 3339, section 5.8") {
    CHECK(again("1985-04-12T23:20:50.52Z") == "1985-04-12T23:20:50.520Z");
    CHECK(again("1996-12-19T16:39:57-08:00") == "1996-12-20T00:39:57.000Z");
    CHECK(again("1990-12-31T23:59:60Z") == "1991-01-01T00:00:00.000Z");
    CHECK(again("1937-01-01T12:00:27.87+00:20") == "1937-01-01T11:40:27.870Z");
    CHECK(again("2026-03-01T00:30:00+02:00") == "2026-02-28T22:30:00.000Z");
    CHECK(again("2024-02-29T00:00:00.1234567Z") == "2024-02-29T00:00:00.123Z");
}

TEST_CASE("the epoch and its neighbours") {
    CHECK(format_utc(TimePoint{}) == "1970-01-01T00:00:00Z");
    CHECK(format_utc_ms(TimePoint{} - std::chrono::milliseconds{1}) == "1969-12-31T23:59:59.999Z");
    CHECK(format_utc(TimePoint{} + std::chrono::seconds{1700000000}) == "2023-11-14T22:13:20Z");
}

TEST_CASE("what is no time is refused") {
    for (const char* text :
         {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
          "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx",
          "2026-1-01T00:00:00Z", "2026-01-01T00:00:00+0200", "2026-01-01T00:00:00+24:00", "2026-01-01"})
        CHECK_FALSE(parse_utc(text));
}

TEST_CASE("days that exist") {
    CHECK(valid_date("2024-02-29"));
    CHECK_FALSE(valid_date("2025-02-29"));
    CHECK_FALSE(valid_date("2025-2-9"));
    CHECK_FALSE(valid_date("2025-02-09 "));
}
