#include "plugins/evidence/crypto/certificate.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <cstdio>

namespace evidence::crypto {
namespace {

using namespace std::chrono;

Time from_tm(const std::tm& t) {
    const year_month_day day{year(t.tm_year + 1900), month(static_cast<unsigned>(t.tm_mon + 1)),
                             std::chrono::day(static_cast<unsigned>(t.tm_mday))};
    return sys_days(day) + hours(t.tm_hour) + minutes(t.tm_min) + seconds(t.tm_sec);
}

}  // namespace

Time now() { return floor<milliseconds>(system_clock::now()); }

std::string iso(Time time) {
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(time - day));
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()));
    return text;
}

std::optional<Time> time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return from_tm(parts);
}

Time parse_generalized(std::string_view text) {
    const auto bad = [] { throw concejo::Error(concejo::ErrorKind::invalid, "GeneralizedTime"); };
    if (text.size() < 15 || text.back() != 'Z') bad();
    const auto digits = text.substr(0, 14);
    if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) bad();
    const auto number = [&](std::size_t at, std::size_t size) {
        return std::stoi(std::string(digits.substr(at, size)));
    };
    std::tm parts{};
    parts.tm_year = number(0, 4) - 1900, parts.tm_mon = number(4, 2) - 1, parts.tm_mday = number(6, 2);
    parts.tm_hour = number(8, 2), parts.tm_min = number(10, 2), parts.tm_sec = number(12, 2);
    auto time = from_tm(parts);
    auto fraction = text.substr(14, text.size() - 15);
    if (fraction.empty()) return time;
    if (fraction[0] != '.' || fraction.size() < 2) bad();
    int scale = 100;
    for (const char c : fraction.substr(1)) {
        if (c < '0' || c > '9') bad();
        time += milliseconds((c - '0') * scale);
        scale /= 10;
    }
    return time;
}

}  // namespace evidence::crypto
