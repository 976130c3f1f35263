// Zones and changes of the clocks, with what the database's tzdata says of them.
#include "kernel/jobs/recurrence.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

using kernel::db::Params;
using kernel::jobs::Recurrence;
using kernel::jobs::ServerZone;

namespace {

struct Clock {
    explicit Clock(std::string name)
        : zone_name(std::move(name)),
          pool(tests::cluster().pool(1)),
          tx(pool->begin_kernel()),
          zone(tx, zone_name) {}
    std::string zone_name;
    std::unique_ptr<kernel::db::Pool> pool;
    kernel::db::Transaction tx;
    ServerZone zone;

    std::int64_t instant(const std::string& utc) {
        return tx.exec("select extract(epoch from ($1 || '+00')::timestamptz)::bigint", Params(utc))
            .integer(0, 0);
    }
    /// The next times after an instant, as UTC.
    std::vector<std::string> next(const Recurrence& rule, const std::string& after, int count) {
        std::vector<std::string> out;
        for (auto at = instant(after); count > 0; --count) {
            const auto found = rule.next(zone, at);
            if (!found) {
                out.push_back("end");
                break;
            }
            at = *found;
            out.push_back(
                tx.exec("select to_char(to_timestamp($1::bigint) at time zone 'UTC', 'YYYY-MM-DD HH24:MI')",
                        Params(at))
                    .text(0, 0));
        }
        return out;
    }
};

using Times = std::vector<std::string>;

}  // namespace

// In Spain clocks go from 2:00 to 3:00 on 29 March 2026 (01:00 UTC), and from 3:00 to 2:00 on 25 October 2026
// (01:00 UTC): Directive 2000/84/EC, last Sundays, 01:00 UTC.
TEST_CASE("a time of the day: once a day, later where it is skipped, first of two where it is repeated") {
    Clock clock("Europe/Madrid");
    const auto rule = Recurrence::of_cron("30 2 * * *");
    CHECK(clock.next(rule, "2026-03-27 12:00", 4) ==
          Times{"2026-03-28 01:30", "2026-03-29 01:30", "2026-03-30 00:30", "2026-03-31 00:30"});
    CHECK(clock.next(rule, "2026-10-23 12:00", 4) ==
          Times{"2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30", "2026-10-27 01:30"});
    const auto daily = Recurrence::of_rrule("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "2026-01-01T02:30");
    CHECK(clock.next(daily, "2026-10-23 12:00", 4) ==
          Times{"2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30", "2026-10-27 01:30"});
}

TEST_CASE("every hour and every half hour: with the time that passes, through both changes") {
    Clock clock("Europe/Madrid");
    for (const auto& rule : {Recurrence::of_cron("*/30 * * * *"),
                             Recurrence::of_rrule("FREQ=MINUTELY;INTERVAL=30", "2026-01-01T00:00"),
                             Recurrence::of_rrule("FREQ=HOURLY;BYMINUTE=0,30", "2026-01-01T00:00")}) {
        CHECK(clock.next(rule, "2026-03-29 00:10", 4) ==
              Times{"2026-03-29 00:30", "2026-03-29 01:00", "2026-03-29 01:30", "2026-03-29 02:00"});
        CHECK(clock.next(rule, "2026-10-25 00:10", 6) == Times{"2026-10-25 00:30", "2026-10-25 01:00",
                                                               "2026-10-25 01:30", "2026-10-25 02:00",
                                                               "2026-10-25 02:30", "2026-10-25 03:00"});
    }
    CHECK(clock.next(Recurrence::of_cron("0 * * * *"), "2026-10-24 23:30", 4) ==
          Times{"2026-10-25 00:00", "2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 03:00"});
}

TEST_CASE("each municipality has its zone") {
    Clock canarias("Atlantic/Canary");
    CHECK(canarias.next(Recurrence::of_cron("0 3 * * *"), "2026-11-25 12:00", 1) ==
          Times{"2026-11-26 03:00"});
    Clock madrid("Europe/Madrid");
    CHECK(madrid.next(Recurrence::of_cron("0 3 * * *"), "2026-11-25 12:00", 1) == Times{"2026-11-26 02:00"});
    Clock nowhere("Marte/Olympus");
    CHECK_THROWS_AS(nowhere.zone.offset_at(0), concejo::Error);
}

// RFC 5545 section 3.8.5.3: DTSTART;TZID=America/New_York:19970902T090000,
// RRULE:FREQ=DAILY;UNTIL=19971224T000000Z is (1997 9:00 AM EDT) September 2-30; October 1-25 (9:00 AM EST)
// October 26-31; November 1-30; December 1-23.
TEST_CASE("RFC 5545: until 24 December 1997 in UTC, across the end of summer time") {
    Clock clock("America/New_York");
    const auto rule = Recurrence::of_rrule("FREQ=DAILY;UNTIL=19971224T000000Z", "19970902T090000");
    const auto times = clock.next(rule, "1997-09-02 12:59", 1000);
    REQUIRE(times.size() == 29 + 25 + 6 + 30 + 23 + 1);
    CHECK(times.front() == "1997-09-02 13:00");
    CHECK(times[53] == "1997-10-25 13:00");
    CHECK(times[54] == "1997-10-26 14:00");
    CHECK(times[112] == "1997-12-23 14:00");
    CHECK(times[113] == "end");
}

// The RFC's section 3.3.5 on times that come twice or not at all, with its own zone and days.
TEST_CASE(
    "RFC 5545: 1:30 on 4 November 2007 is the first, 2:30 on 11 March 2007 is what clocks show as 3:30") {
    Clock clock("America/New_York");
    CHECK(clock.zone.instant(kernel::jobs::parse_local("20071104T013000")) ==
          clock.instant("2007-11-04 05:30"));
    CHECK(clock.zone.instant(kernel::jobs::parse_local("20070311T023000")) ==
          clock.instant("2007-03-11 07:30"));
}
