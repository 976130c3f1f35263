#include "kernel/base/clock.hpp"

#include <fmt/format.h>

namespace kernel::base {
namespace {

using std::chrono::microseconds;

/// Takes `count` digits from the front; -1 where they are not there.
int take_number(std::string_view& text, std::size_t count) {
    if (text.size() < count) return -1;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
    const int year = take_number(text, 4);
    if (year < 0 || !take(text, '-')) return std::nullopt;
    const int month = take_number(text, 2);
    if (month < 0 || !take(text, '-')) return std::nullopt;
    const int day = take_number(text, 2);
    if (day < 0) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date);
}

std::optional<microseconds> take_fraction(std::string_view& text) {
    microseconds fraction{0};
    if (!take(text, '.')) return fraction;
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    int unit = 100000;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), unit /= 10)
        fraction += microseconds{(text.front() - '0') * unit};
    return fraction;
}

/// What to subtract to reach UTC.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
    if (take(text, 'Z') || take(text, 'z')) return std::chrono::minutes{0};
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const int hours = take_number(text, 2);
    if (hours < 0 || hours > 23 || !take(text, ':')) return std::nullopt;
    const int minutes = take_number(text, 2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    return std::chrono::minutes{sign * (hours * 60 + minutes)};
}

std::string date_and_time(TimePoint time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace

std::string format_utc(TimePoint time) { return date_and_time(time) + "Z"; }

std::string format_utc_ms(TimePoint time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const auto rest = std::chrono::floor<std::chrono::milliseconds>(time - second);
    return fmt::format("{}.{:03}Z", date_and_time(time), rest.count());
}

std::optional<TimePoint> parse_utc(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !(take(text, 'T') || take(text, 't'))) return std::nullopt;
    const int hours = take_number(text, 2);
    if (hours < 0 || hours > 23 || !take(text, ':')) return std::nullopt;
    const int minutes = take_number(text, 2);
    if (minutes < 0 || minutes > 59 || !take(text, ':')) return std::nullopt;
    const int seconds = take_number(text, 2);
    if (seconds < 0 || seconds > 60) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    const auto zone = take_zone(text);
    if (!zone || !text.empty()) return std::nullopt;
    return TimePoint(*date) + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
           std::chrono::seconds{seconds} + *fraction - *zone;
}

bool valid_date(std::string_view text) { return take_date(text).has_value() && text.empty(); }

}  // namespace kernel::base
