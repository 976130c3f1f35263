// What RFC 5545 says of its own examples (section 3.8.5.3), all of them in New York.
#include "kernel/jobs/recurrence.hpp"
#include "tests/support/postgres.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <iostream>
#include <random>

using namespace std::chrono;
using kernel::jobs::LocalMinute;
using kernel::jobs::parse_local;
using kernel::jobs::RRule;

namespace {

std::string text(LocalMinute at) {
    const auto day = floor<days>(at);
    const year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       (at - day).count() / 60, (at - day).count() % 60);
}

/// The first `count` occurrences; the last text is "end" where there are no more.
std::vector<std::string> occurrences(const std::string& rule, const std::string& start, std::size_t count) {
    const auto from = parse_local(start);
    const auto parsed = RRule::parse(rule, from);
    std::vector<std::string> out;
    for (auto at = from - minutes(1); out.size() < count;) {
        const auto next = parsed.next_after(at);
        out.push_back(next ? text(*next) : "end");
        if (!next) break;
        at = *next;
    }
    return out;
}

/// "1997 Sep 2-11 9:00" made short: days of a month at nine, as the RFC lists them.
std::vector<std::string> nine(std::initializer_list<const char*> days, bool ends = true) {
    std::vector<std::string> out;
    for (const auto* day : days) out.push_back(std::string(day) + "T09:00");
    if (ends) out.push_back("end");
    return out;
}

struct Example {
    const char* rule;
    const char* start;
    std::vector<std::string> expected;
};

const char* const nine_of_september_2 = "19970902T090000";

const std::vector<Example>& examples() {
    static const std::vector<Example> all{
        {"FREQ=DAILY;COUNT=10", nine_of_september_2,
         nine({"1997-09-02", "1997-09-03", "1997-09-04", "1997-09-05", "1997-09-06", "1997-09-07",
               "1997-09-08", "1997-09-09", "1997-09-10", "1997-09-11"})},
        {"FREQ=DAILY;INTERVAL=2", nine_of_september_2,
         nine({"1997-09-02", "1997-09-04", "1997-09-06", "1997-09-08"}, false)},
        {"FREQ=DAILY;INTERVAL=10;COUNT=5", nine_of_september_2,
         nine({"1997-09-02", "1997-09-12", "1997-09-22", "1997-10-02", "1997-10-12"})},
        {"FREQ=WEEKLY;COUNT=10", nine_of_september_2,
         nine({"1997-09-02", "1997-09-09", "1997-09-16", "1997-09-23", "1997-09-30", "1997-10-07",
               "1997-10-14", "1997-10-21", "1997-10-28", "1997-11-04"})},
        {"FREQ=WEEKLY;INTERVAL=2;WKST=SU", nine_of_september_2,
         nine({"1997-09-02", "1997-09-16", "1997-09-30", "1997-10-14", "1997-10-28", "1997-11-11",
               "1997-11-25", "1997-12-09", "1997-12-23", "1998-01-06", "1998-01-20", "1998-02-03",
               "1998-02-17"},
              false)},
        {"FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", nine_of_september_2,
         nine({"1997-09-02", "1997-09-04", "1997-09-09", "1997-09-11", "1997-09-16", "1997-09-18",
               "1997-09-23", "1997-09-25", "1997-09-30", "1997-10-02"})},
        {"FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", nine_of_september_2,
         nine({"1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18", "1997-09-30", "1997-10-02",
               "1997-10-14", "1997-10-16"})},
        {"FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "19970905T090000",
         nine({"1997-09-05", "1997-10-03", "1997-11-07", "1997-12-05", "1998-01-02", "1998-02-06",
               "1998-03-06", "1998-04-03", "1998-05-01", "1998-06-05"})},
        {"FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "19970907T090000",
         nine({"1997-09-07", "1997-09-28", "1997-11-02", "1997-11-30", "1998-01-04", "1998-01-25",
               "1998-03-01", "1998-03-29", "1998-05-03", "1998-05-31"})},
        {"FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "19970922T090000",
         nine({"1997-09-22", "1997-10-20", "1997-11-17", "1997-12-22", "1998-01-19", "1998-02-16"})},
        {"FREQ=MONTHLY;BYMONTHDAY=-3", "19970928T090000",
         nine({"1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29", "1998-01-29", "1998-02-26"}, false)},
        {"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", nine_of_september_2,
         nine({"1997-09-02", "1997-09-15", "1997-10-02", "1997-10-15", "1997-11-02", "1997-11-15",
               "1997-12-02", "1997-12-15", "1998-01-02", "1998-01-15"})},
        {"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "19970930T090000",
         nine({"1997-09-30", "1997-10-01", "1997-10-31", "1997-11-01", "1997-11-30", "1997-12-01",
               "1997-12-31", "1998-01-01", "1998-01-31", "1998-02-01"})},
        {"FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "19970910T090000",
         nine({"1997-09-10", "1997-09-11", "1997-09-12", "1997-09-13", "1997-09-14", "1997-09-15",
               "1999-03-10", "1999-03-11", "1999-03-12", "1999-03-13"})},
        {"FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", nine_of_september_2,
         nine({"1997-09-02", "1997-09-09", "1997-09-16", "1997-09-23", "1997-09-30", "1997-11-04",
               "1997-11-11", "1997-11-18", "1997-11-25", "1998-01-06", "1998-01-13", "1998-01-20",
               "1998-01-27", "1998-03-03", "1998-03-10", "1998-03-17", "1998-03-24", "1998-03-31"},
              false)},
        {"FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "19970610T090000",
         nine({"1997-06-10", "1997-07-10", "1998-06-10", "1998-07-10", "1999-06-10", "1999-07-10",
               "2000-06-10", "2000-07-10", "2001-06-10", "2001-07-10"})},
        {"FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "19970310T090000",
         nine({"1997-03-10", "1999-01-10", "1999-02-10", "1999-03-10", "2001-01-10", "2001-02-10",
               "2001-03-10", "2003-01-10", "2003-02-10", "2003-03-10"})},
        {"FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "19970101T090000",
         nine({"1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01", "2000-04-09", "2000-07-18",
               "2003-01-01", "2003-04-10", "2003-07-19", "2006-01-01"})},
        {"FREQ=YEARLY;BYDAY=20MO", "19970519T090000",
         nine({"1997-05-19", "1998-05-18", "1999-05-17"}, false)},
        {"FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "19970313T090000",
         nine({"1997-03-13", "1997-03-20", "1997-03-27", "1998-03-05", "1998-03-12", "1998-03-19",
               "1998-03-26", "1999-03-04", "1999-03-11", "1999-03-18", "1999-03-25"},
              false)},
        {"FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "19970605T090000",
         nine({"1997-06-05", "1997-06-12", "1997-06-19", "1997-06-26", "1997-07-03", "1997-07-10",
               "1997-07-17", "1997-07-24", "1997-07-31", "1997-08-07", "1997-08-14", "1997-08-21",
               "1997-08-28", "1998-06-04"},
              false)},
        // The RFC takes the start out with EXDATE; it does not fit the rule.
        {"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", nine_of_september_2,
         nine({"1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13", "2000-10-13"}, false)},
        {"FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "19970913T090000",
         nine({"1997-09-13", "1997-10-11", "1997-11-08", "1997-12-13", "1998-01-10", "1998-02-07",
               "1998-03-07", "1998-04-11", "1998-05-09", "1998-06-13"},
              false)},
        {"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "19961105T090000",
         nine({"1996-11-05", "2000-11-07", "2004-11-02"}, false)},
        {"FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "19970904T090000",
         nine({"1997-09-04", "1997-10-07", "1997-11-06"})},
        {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "19970929T090000",
         nine({"1997-09-29", "1997-10-30", "1997-11-27", "1997-12-30", "1998-01-29", "1998-02-26",
               "1998-03-30"},
              false)},
        {"FREQ=MINUTELY;INTERVAL=15;COUNT=6",
         nine_of_september_2,
         {"1997-09-02T09:00", "1997-09-02T09:15", "1997-09-02T09:30", "1997-09-02T09:45", "1997-09-02T10:00",
          "1997-09-02T10:15", "end"}},
        {"FREQ=MINUTELY;INTERVAL=90;COUNT=4",
         nine_of_september_2,
         {"1997-09-02T09:00", "1997-09-02T10:30", "1997-09-02T12:00", "1997-09-02T13:30", "end"}},
        {"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "19970805T090000",
         nine({"1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"})},
        {"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "19970805T090000",
         nine({"1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"})},
        // The invalid 30 February is left out.
        {"FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "20070115T090000",
         nine({"2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"})},
    };
    return all;
}

}  // namespace

TEST_CASE("the examples of RFC 5545, section 3.8.5.3") {
    for (const auto& example : examples()) {
        INFO(example.rule);
        CHECK(occurrences(example.rule, example.start, example.expected.size()) == example.expected);
    }
}

TEST_CASE("RFC 5545: every 20 minutes from 9:00 to 16:40, as a daily and as a minutely rule") {
    const auto daily =
        occurrences("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", nine_of_september_2, 200);
    CHECK(daily ==
          occurrences("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16", nine_of_september_2, 200));
    CHECK(daily[0] == "1997-09-02T09:00");
    CHECK(daily[23] == "1997-09-02T16:40");
    CHECK(daily[24] == "1997-09-03T09:00");
}

TEST_CASE("RFC 5545: every day in January for three years, as a yearly and as a daily rule") {
    const auto yearly = occurrences("FREQ=YEARLY;UNTIL=20000131T235900;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
                                    "19980101T090000", 1000);
    CHECK(yearly == occurrences("FREQ=DAILY;UNTIL=20000131;BYMONTH=1", "19980101T090000", 1000));
    CHECK(yearly.size() == 3 * 31 + 1);  // and the end
    CHECK(yearly[92] == "2000-01-31T09:00");
}

TEST_CASE("asked in the middle, a rule answers as when it is walked from its start") {
    for (const auto& example : examples()) {
        INFO(example.rule);
        const auto rule = RRule::parse(example.rule, parse_local(example.start));
        const auto& all = example.expected;
        for (std::size_t i = 0; i + 1 < all.size(); ++i) {
            const auto next = rule.next_after(parse_local(all[i]) + minutes(7));
            // A minutely rule has others seven minutes later only where its step is shorter.
            CHECK((next ? text(*next) : "end") == all[i + 1]);
        }
    }
}

TEST_CASE("wrong rules are refused, and say which part") {
    const auto start = parse_local("2026-01-31T03:00");
    for (const auto* rule : {"",
                             "FREQ",
                             "FREQ=",
                             "FREQ=SECONDLY",
                             "FREQ=DAYLY",
                             "INTERVAL=2",
                             "FREQ=DAILY;INTERVAL=0",
                             "FREQ=DAILY;FREQ=DAILY",
                             "FREQ=DAILY;COUNT=0",
                             "FREQ=DAILY;COUNT=2;UNTIL=20270101",
                             "FREQ=DAILY;UNTIL=20270230",
                             "FREQ=DAILY;UNTIL=2027",
                             "FREQ=DAILY;UNTIL=20270101T250000Z",
                             "FREQ=DAILY;BYDAY=1MO",
                             "FREQ=WEEKLY;BYDAY=XX",
                             "FREQ=WEEKLY;BYDAY=",
                             "FREQ=MONTHLY;BYDAY=0MO",
                             "FREQ=MONTHLY;BYDAY=54MO",
                             "FREQ=WEEKLY;BYMONTHDAY=1",
                             "FREQ=MONTHLY;BYMONTHDAY=0",
                             "FREQ=MONTHLY;BYMONTHDAY=32",
                             "FREQ=YEARLY;BYWEEKNO=20",
                             "FREQ=DAILY;BYSECOND=1",
                             "FREQ=DAILY;BYHOUR=24",
                             "FREQ=DAILY;BYMINUTE=-1",
                             "FREQ=MONTHLY;BYSETPOS=1",
                             "FREQ=MONTHLY;BYYEARDAY=1",
                             "FREQ=DAILY;X=1",
                             "FREQ=DAILY;BYHOUR=+-1",
                             "FREQ=DAILY;BYHOUR=1,,2",
                             "FREQ=DAILY;;COUNT=1"}) {
        INFO(rule);
        CHECK_THROWS_AS(RRule::parse(rule, start), concejo::Error);
    }
    CHECK_THROWS_WITH(RRule::parse("FREQ=DAILY;BYHOUR=24", start), Catch::Contains("byhour=24"));
    CHECK_THROWS_AS(RRule::parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", start).next_after(start),
                    concejo::Error);
    CHECK_THROWS_AS(RRule::parse("FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1", start).next_after(start),
                    concejo::Error);
    for (const auto* wrong :
         {"", "2026-01-31", "2026-02-30T03:00", "2026-01-31T24:00", "2026-1-31T03:00", "20260131T0300", "x"})
        CHECK_THROWS_AS(parse_local(wrong), concejo::Error);
}

TEST_CASE("random texts never do worse than being refused; what is accepted goes forward") {
    std::mt19937 chance(20261125);
    const std::vector<std::string> parts{"FREQ=",      "YEARLY",      "MONTHLY",
                                         "WEEKLY",     "DAILY",       "HOURLY",
                                         "MINUTELY",   ";",           ";COUNT=",
                                         ";UNTIL=",    "2027",        "1231",
                                         "T235959Z",   ";INTERVAL=",  ";BYDAY=",
                                         "-1",         "MO",          "FR",
                                         ",",          ";BYMONTH=",   ";BYMONTHDAY=",
                                         ";BYSETPOS=", ";BYHOUR=",    ";WKST=",
                                         "1",          "9",           "=",
                                         "\xff",       ";BYYEARDAY=", "99999999999999999999",
                                         "+",          "-",           ";BYMINUTE="};
    const auto pick = [&] { return parts[chance() % parts.size()]; };
    const auto start = parse_local("2026-01-31T03:30");
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string rule = chance() % 4 ? "FREQ=" + parts[1 + chance() % 6] : pick();
        for (auto more = chance() % 9; more > 0; --more) rule += pick();
        INFO(rule);
        try {
            const auto parsed = RRule::parse(rule, start);
            ++accepted;
            auto at = start;
            for (int i = 0; i < 3; ++i) {
                const auto next = parsed.next_after(at);
                if (!next) break;
                REQUIRE(*next > at);
                at = *next;
            }
        } catch (const concejo::Error& error) {
            REQUIRE(error.kind() == concejo::ErrorKind::invalid);
        }
    }
    CHECK(accepted > 500);
}

// For rrule_peer.py: lines "rule start count" from stdin, their occurrences to stdout.
TEST_CASE("occurrences of stdin", "[.occurrences]") {
    std::string rule, start;
    std::size_t count = 0;
    while (std::cin >> rule >> start >> count) {
        try {
            for (const auto& one : occurrences(rule, start, count)) std::cout << one << ' ';
        } catch (const concejo::Error& error) {
            std::cout << "never";
        }
        std::cout << std::endl;
    }
}
