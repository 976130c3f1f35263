#include "kernel/supervisor/backoff.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

TEST_CASE("the first dead worker is replaced at once, then later and later, and calm resets it") {
    kernel::supervisor::Backoff backoff;
    CHECK(backoff.next(1s) == 0ms);
    CHECK(backoff.next(1s) == 200ms);
    CHECK(backoff.next(1s) == 400ms);
    for (int i = 0; i < 20; ++i) backoff.next(1s);
    CHECK(backoff.next(1s) == 30s);
    CHECK(backoff.next(61s) == 0ms);
}
