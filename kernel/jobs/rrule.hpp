// Recurrence rules of RFC 5545 (section 3.3.10) on a wall clock, to the minute.
#pragma once

#include "kernel/jobs/cron.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kernel::jobs {

/// FREQ (YEARLY … MINUTELY), INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYMONTHDAY, BYYEARDAY, BYDAY (with
/// ordinals in YEARLY and MONTHLY), BYHOUR, BYMINUTE, BYSETPOS. Seconds (SECONDLY, BYSECOND) and BYWEEKNO are
/// refused. The start counts only where the rule fits it.
class RRule {
public:
    /// `start` is DTSTART. Throws Error{invalid} naming the part that is wrong.
    static RRule parse(std::string_view text, LocalMinute start);

    /// The first occurrence strictly after `time`; none when COUNT or a local UNTIL has ended it. Throws
    /// Error{invalid} for a rule that does not come in a hundred years.
    std::optional<LocalMinute> next_after(LocalMinute time) const;

    /// HOURLY and MINUTELY follow the time that passes; the others name times of the wall clock.
    bool by_elapsed_time() const { return freq_ <= Freq::hourly; }
    /// An UNTIL in UTC ("…Z"), as Unix seconds: compared once the zone is known.
    std::optional<std::int64_t> until_utc() const { return until_utc_; }

private:
    enum class Freq { minutely, hourly, daily, weekly, monthly, yearly };
    struct ByDay {
        int ordinal;  ///< 0: every one
        std::chrono::weekday day;
    };
    friend class RRuleReader;

    void fill(std::int64_t period, std::vector<LocalMinute>& out) const;
    void fill_days(std::chrono::local_days from, std::chrono::local_days to,
                   std::vector<LocalMinute>& out) const;
    void fill_within_day(LocalMinute from, std::vector<LocalMinute>& out) const;
    void select_positions(std::vector<LocalMinute>& set) const;
    bool fits_day(std::chrono::local_days day) const;
    bool fits_weekday(std::chrono::local_days day) const;
    std::int64_t period_of(LocalMinute time) const;
    LocalMinute start_of(std::int64_t period) const;
    std::int64_t skip_days(std::int64_t period) const;

    Freq freq_ = Freq::daily;
    std::int64_t interval_ = 1;
    std::optional<std::int64_t> count_, until_utc_;
    std::optional<LocalMinute> until_;
    std::chrono::weekday week_start_ = std::chrono::Monday;
    std::vector<int> months_, month_days_, year_days_, positions_, hours_, minutes_;
    std::vector<ByDay> days_;
    LocalMinute start_{};
};

/// "2026-01-31T03:00" or "20260131T030000". Throws Error{invalid}.
LocalMinute parse_local(std::string_view text);

}  // namespace kernel::jobs
