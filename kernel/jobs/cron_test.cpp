#include "kernel/jobs/cron.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace std::chrono;
using kernel::jobs::Cron;
using kernel::jobs::LocalMinute;

namespace {

LocalMinute at(int y, unsigned m, unsigned d, int hour, int minute) {
    return local_days(year(y) / month(m) / day(d)) + hours(hour) + minutes(minute);
}

}  // namespace

TEST_CASE("crontab fields, as the calendar of 2026 and 2028 has them") {
    const auto now = at(2026, 11, 23, 21, 50);  // a Monday
    CHECK(Cron::parse("* * * * *").next_after(now) == at(2026, 11, 23, 21, 51));
    CHECK(Cron::parse("0 3 * * *").next_after(now) == at(2026, 11, 24, 3, 0));
    CHECK(Cron::parse("*/15 * * * *").next_after(now) == at(2026, 11, 23, 22, 0));
    CHECK(Cron::parse("50 21 * * *").next_after(now) == at(2026, 11, 24, 21, 50));
    CHECK(Cron::parse("0 9 * * mon-fri").next_after(at(2026, 11, 27, 9, 0)) == at(2026, 11, 30, 9, 0));
    CHECK(Cron::parse("0 0 * * 7").next_after(now) == at(2026, 11, 29, 0, 0));
    CHECK(Cron::parse("0 0 * * sun").next_after(now) == at(2026, 11, 29, 0, 0));
    CHECK(Cron::parse("30 4 1,15 * 5").next_after(now) ==
          at(2026, 11, 27, 4, 30));  // crontab(5): either day field
    CHECK(Cron::parse("30 4 1,15 * 5").next_after(at(2026, 11, 27, 4, 30)) == at(2026, 12, 1, 4, 30));
    CHECK(Cron::parse("0 0 29 2 *").next_after(now) == at(2028, 2, 29, 0, 0));
    CHECK(Cron::parse("0 0 1 jan *").next_after(now) == at(2027, 1, 1, 0, 0));
    CHECK(Cron::parse("10-20/5 8 * * *").next_after(at(2026, 11, 24, 8, 10)) == at(2026, 11, 24, 8, 15));
}

TEST_CASE("wrong crontab texts are refused") {
    for (const auto* text :
         {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
          "x * * * *", "5-1 * * * *", "*/0 * * * *", "1, * * * *"})
        CHECK_THROWS_AS(Cron::parse(text), concejo::Error);
    CHECK_THROWS_AS(Cron::parse("0 0 31 2 *").next_after(at(2026, 1, 1, 0, 0)), concejo::Error);
}
