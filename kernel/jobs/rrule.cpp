#include "kernel/jobs/rrule.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::jobs {

using namespace std::chrono;

namespace {

constexpr int horizon_years = 100;
constexpr int most_periods = 2'000'000;  // of minutes, where whole days cannot be skipped

bool has(const std::vector<int>& list, int value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

/// Counted from the front (1 …) or from the back (-1 …).
bool has_either(const std::vector<int>& list, int position, int length) {
    return has(list, position) || has(list, position - length - 1);
}

local_days first_of_year(year y) { return local_days(y / January / 1); }

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

}  // namespace

bool RRule::fits_weekday(local_days day) const {
    const weekday name{day};
    const year_month_day date{day};
    // Ordinals count in the month, or in the year where a yearly rule names no months (RFC 5545, BYDAY).
    const bool in_month = freq_ == Freq::monthly || !months_.empty();
    const local_days from =
        in_month ? local_days(date.year() / date.month() / 1) : first_of_year(date.year());
    const local_days to = in_month ? local_days(date.year() / date.month() / last) + days(1)
                                   : first_of_year(date.year() + years(1));
    const auto front = static_cast<int>((day - from).count() / 7) + 1;
    const auto back = -static_cast<int>((to - days(1) - day).count() / 7) - 1;
    return std::any_of(days_.begin(), days_.end(), [&](const ByDay& by) {
        return by.day == name && (by.ordinal == 0 || by.ordinal == front || by.ordinal == back);
    });
}

bool RRule::fits_day(local_days day) const {
    const year_month_day date{day}, start{floor<days>(start_)};
    const auto of_month = static_cast<int>(static_cast<unsigned>(date.day()));
    const auto month = static_cast<int>(static_cast<unsigned>(date.month()));
    if (!months_.empty() && !has(months_, month)) return false;
    if (!month_days_.empty()) {
        const auto length = static_cast<unsigned>((date.year() / date.month() / last).day());
        if (!has_either(month_days_, of_month, static_cast<int>(length))) return false;
    }
    if (!year_days_.empty()) {
        const auto length = date.year().is_leap() ? 366 : 365;
        if (!has_either(year_days_, static_cast<int>((day - first_of_year(date.year())).count()) + 1, length))
            return false;
    }
    if (!days_.empty() && !fits_weekday(day)) return false;
    if (!month_days_.empty() || !year_days_.empty() || !days_.empty()) return true;
    // What the rule leaves open is the start's.
    if (freq_ == Freq::weekly) return weekday{day} == weekday{floor<std::chrono::days>(start_)};
    if (freq_ < Freq::weekly) return true;
    return date.day() == start.day() &&
           (freq_ == Freq::monthly || !months_.empty() || date.month() == start.month());
}

void RRule::fill_days(local_days from, local_days to, std::vector<LocalMinute>& out) const {
    const auto of_day = start_ - floor<days>(start_);
    const std::vector<int> own_hour{static_cast<int>(of_day.count() / 60)};
    const std::vector<int> own_minute{static_cast<int>(of_day.count() % 60)};
    for (auto day = from; day < to; day += days(1)) {
        if (!fits_day(day)) continue;
        for (const int hour : hours_.empty() ? own_hour : hours_)
            for (const int minute : minutes_.empty() ? own_minute : minutes_)
                out.push_back(day + hours(hour) + minutes(minute));
    }
}

void RRule::fill_within_day(LocalMinute from, std::vector<LocalMinute>& out) const {
    const auto day = floor<days>(from);
    const auto of_day = from - day;
    if (!fits_day(day) || (!hours_.empty() && !has(hours_, static_cast<int>(of_day.count() / 60)))) return;
    if (freq_ == Freq::minutely) {
        if (minutes_.empty() || has(minutes_, static_cast<int>(of_day.count() % 60))) out.push_back(from);
        return;
    }
    if (minutes_.empty()) out.push_back(from + (start_ - floor<hours>(start_)));
    for (const int minute : minutes_) out.push_back(from + minutes(minute));
}

/// BYSETPOS: those places of the period's set only.
void RRule::select_positions(std::vector<LocalMinute>& set) const {
    if (positions_.empty()) return;
    std::vector<LocalMinute> chosen;
    const auto size = static_cast<int>(set.size());
    for (int i = 0; i < size; ++i)
        if (has_either(positions_, i + 1, size)) chosen.push_back(set[static_cast<std::size_t>(i)]);
    set.swap(chosen);
}

LocalMinute RRule::start_of(std::int64_t period) const {
    const auto steps = period * interval_;
    const auto day = floor<days>(start_);
    const year_month_day date{day};
    switch (freq_) {
        case Freq::minutely:
            return start_ + minutes(steps);
        case Freq::hourly:
            return floor<hours>(start_) + hours(steps);
        case Freq::daily:
            return day + days(steps);
        case Freq::weekly:
            return day - (weekday{day} - week_start_) + days(7 * steps);
        case Freq::monthly: {
            const auto months =
                static_cast<int>(date.year()) * 12ll + static_cast<unsigned>(date.month()) - 1 + steps;
            return local_days(year(static_cast<int>(floor_div(months, 12))) /
                              month(static_cast<unsigned>(months - floor_div(months, 12) * 12) + 1) / 1);
        }
        case Freq::yearly:
            break;
    }
    return first_of_year(year(static_cast<int>(static_cast<int>(date.year()) + steps)));
}

void RRule::fill(std::int64_t period, std::vector<LocalMinute>& out) const {
    out.clear();
    const auto from = start_of(period);
    const auto day = floor<days>(from);
    const year_month_day date{day};
    switch (freq_) {
        case Freq::minutely:
        case Freq::hourly:
            fill_within_day(from, out);
            break;
        case Freq::daily:
            fill_days(day, day + days(1), out);
            break;
        case Freq::weekly:
            fill_days(day, day + days(7), out);
            break;
        case Freq::monthly:
            fill_days(day, local_days(date.year() / date.month() / last) + days(1), out);
            break;
        case Freq::yearly:
            fill_days(day, first_of_year(date.year() + years(1)), out);
            break;
    }
    select_positions(out);
}

/// The last period that begins at or before `time`.
std::int64_t RRule::period_of(LocalMinute time) const {
    const year_month_day then{floor<days>(time)}, start{floor<days>(start_)};
    const auto years_between =
        static_cast<std::int64_t>(static_cast<int>(then.year())) - static_cast<int>(start.year());
    switch (freq_) {
        case Freq::yearly:
            return floor_div(years_between, interval_);
        case Freq::monthly:
            return floor_div(years_between * 12 + static_cast<unsigned>(then.month()) -
                                 static_cast<std::int64_t>(static_cast<unsigned>(start.month())),
                             interval_);
        default:
            break;
    }
    const std::int64_t unit = freq_ == Freq::weekly   ? 7 * 1440
                              : freq_ == Freq::daily  ? 1440
                              : freq_ == Freq::hourly ? 60
                                                      : 1;
    return floor_div((time - start_of(0)).count(), unit * interval_);
}

/// For hours and minutes: past a day that does not fit, the first period of the next.
std::int64_t RRule::skip_days(std::int64_t period) const {
    const auto day = floor<days>(start_of(period));
    if (freq_ > Freq::hourly || fits_day(day)) return period + 1;
    return std::max(period + 1, period_of(day + days(1) - minutes(1)) + 1);
}

std::optional<LocalMinute> RRule::next_after(LocalMinute time) const {
    std::vector<LocalMinute> found;
    std::int64_t counted = 0;
    const auto horizon = std::max(time, start_) + days(366 * horizon_years);
    // With COUNT everything since the start has to be counted; otherwise only what comes.
    std::int64_t period = count_ ? 0 : std::max<std::int64_t>(0, period_of(std::max(time, start_)));
    for (int tries = 0; tries < most_periods && start_of(period) < horizon; ++tries) {
        fill(period, found);
        for (const auto at : found) {
            if (at < start_) continue;
            if ((until_ && at > *until_) || (count_ && ++counted > *count_)) return std::nullopt;
            if (at > time) return at;
        }
        if (until_ && start_of(period) > *until_) return std::nullopt;
        period = found.empty() ? skip_days(period) : period + 1;
    }
    throw concejo::Error(concejo::ErrorKind::invalid, "rrule: esa regla no llega nunca");
}

}  // namespace kernel::jobs
