#include "kernel/web/rate_limits.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace kernel::web;
using namespace std::chrono_literals;

TEST_CASE("a bucket lets a burst through, then the sustained rate") {
    RateLimit limit(60, 5);  // one a second, five at once
    auto now = RateLimit::Time() + 1h;
    for (int i = 0; i < 5; ++i) CHECK_FALSE(limit.take("a", now));
    CHECK(limit.take("a", now) == 1s);
    now += 1s;
    CHECK_FALSE(limit.take("a", now));
    CHECK(limit.take("a", now).has_value());
    now += 1h;
    for (int i = 0; i < 5; ++i) CHECK_FALSE(limit.take("a", now));
    CHECK(limit.take("a", now).has_value());
}

TEST_CASE("one address does not use up another's share") {
    RateLimit limit(2, 1);
    const auto now = RateLimit::Time() + 1h;
    CHECK_FALSE(limit.take("a", now));
    CHECK(limit.take("a", now) == 30s);
    CHECK_FALSE(limit.take("b", now));
}

TEST_CASE("no limit, and a burst below one, which lets one through all the same") {
    const auto now = RateLimit::Time() + 1h;
    RateLimit none(0, 0), tiny(1, 0.5);
    for (int i = 0; i < 1000; ++i) CHECK_FALSE(none.take("a", now));
    CHECK_FALSE(tiny.take("a", now));
    CHECK(tiny.take("a", now) == 60s);
}

TEST_CASE("addresses that ask no more are forgotten") {
    RateLimit limit(60, 5);
    auto now = RateLimit::Time() + 1h;
    for (int i = 0; i < 1000; ++i) limit.take("address " + std::to_string(i), now);
    CHECK(limit.keys() == 1000);
    now += 2min;
    limit.take("last", now);
    CHECK(limit.keys() == 1);
}
