// Five fields as crontab(5) has them: minute hour day-of-month month day-of-week.
#pragma once

#include <bitset>
#include <chrono>
#include <string_view>

namespace kernel::jobs {

/// A minute on the wall clock of some zone.
using LocalMinute = std::chrono::time_point<std::chrono::local_t, std::chrono::minutes>;

class Cron {
public:
    /// Numbers, `*`, `a-b`, `*/n`, `a-b/n`, lists with commas; Sunday is 0 and 7; names mon…sun and jan…dec.
    /// Throws Error{invalid} naming the field. Where both day fields are given either one suffices, as in
    /// cron.
    static Cron parse(std::string_view text);

    /// The first minute that fits, strictly after `time`. Throws Error{invalid} for one that never comes (31
    /// February).
    LocalMinute next_after(LocalMinute time) const;

    /// The hour field begins with `*`: it follows the time that passes, through a change of the clocks too.
    bool every_hour() const { return every_hour_; }

private:
    bool fits_day(std::chrono::local_days day) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<8> weekdays_;
    bool any_day_ = false, any_weekday_ = false, every_hour_ = false;
};

}  // namespace kernel::jobs
