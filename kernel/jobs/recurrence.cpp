#include "kernel/jobs/recurrence.hpp"

namespace kernel::jobs {

using namespace std::chrono;

namespace {

constexpr std::int64_t grid = 15 * 60;           // clocks change on a quarter of an hour
constexpr std::int64_t near_change = 26 * 3600;  // farther away a rule is not one of every hour

/// The first instant of the grid, after `from` and not after `to`, that keeps another offset than `from`.
std::int64_t change_between(Zone& zone, std::int64_t from, std::int64_t to) {
    const auto offset = zone.offset_at(from);
    auto low = from / grid, high = to / grid + 1;
    while (high - low > 1) {
        const auto middle = (low + high) / 2;
        (zone.offset_at(middle * grid) == offset ? low : high) = middle;
    }
    return high * grid;
}

}  // namespace

std::optional<LocalMinute> Recurrence::next_local(LocalMinute after) const {
    if (const auto* cron = std::get_if<Cron>(&rule_)) return cron->next_after(after);
    return std::get<RRule>(rule_).next_after(after);
}

bool Recurrence::by_elapsed_time() const {
    if (const auto* cron = std::get_if<Cron>(&rule_)) return cron->every_hour();
    return std::get<RRule>(rule_).by_elapsed_time();
}

std::optional<std::int64_t> Recurrence::next_unbounded(Zone& zone, std::int64_t after) const {
    auto local = next_local(zone.local(after));
    if (!local) return std::nullopt;
    if (by_elapsed_time()) {
        const auto offset = zone.offset_at(after);
        const auto direct = to_seconds(*local) - offset;
        if (zone.offset_at(direct) == offset) return direct;
        if (direct - after <= near_change) {
            const auto change = change_between(zone, after, direct);
            const auto fresh = zone.offset_at(change);
            local = next_local(zone.local(change) - minutes(1));
            return local ? std::optional(to_seconds(*local) - fresh) : std::nullopt;
        }
    }
    while (local) {
        const auto at = zone.instant(*local);
        if (at > after) return at;
        local = next_local(*local);  // in the second of two equal hours: that time was
    }
    return std::nullopt;
}

std::optional<std::int64_t> Recurrence::next(Zone& zone, std::int64_t after) const {
    const auto at = next_unbounded(zone, after);
    const auto* rule = std::get_if<RRule>(&rule_);
    if (at && rule && rule->until_utc() && *at > *rule->until_utc()) return std::nullopt;
    return at;
}

}  // namespace kernel::jobs
