// When something that repeats comes next: a cron text or a calendar rule in a zone.
#pragma once

#include "kernel/jobs/rrule.hpp"
#include "kernel/jobs/zone.hpp"

#include <string>
#include <variant>

namespace kernel::jobs {

class Recurrence {
public:
    static Recurrence of_cron(std::string_view text) { return Recurrence(Cron::parse(text)); }
    /// `start` as parse_local() takes it.
    static Recurrence of_rrule(std::string_view text, std::string_view start) {
        return Recurrence(RRule::parse(text, parse_local(start)));
    }

    /// Unix seconds of the first time strictly after `after`; none when the rule has ended.
    ///
    /// Where the clocks change: rules that name times of the day run once on each day that has such a time,
    /// the first of two, an hour later where summer time skips it. Rules of every hour or minute (cron with
    /// `*` as hour, FREQ=HOURLY or MINUTELY) go on with the time that passes: twice through the repeated
    /// hour, not at all in the skipped one.
    std::optional<std::int64_t> next(Zone& zone, std::int64_t after) const;

private:
    explicit Recurrence(std::variant<Cron, RRule> rule) : rule_(std::move(rule)) {}
    std::optional<LocalMinute> next_local(LocalMinute after) const;
    std::optional<std::int64_t> next_unbounded(Zone& zone, std::int64_t after) const;
    bool by_elapsed_time() const;

    std::variant<Cron, RRule> rule_;
};

}  // namespace kernel::jobs
