#include "kernel/jobs/zone.hpp"

#include <algorithm>
#include <optional>

namespace kernel::jobs {

using namespace std::chrono;

std::int64_t to_seconds(LocalMinute time) { return duration_cast<seconds>(time.time_since_epoch()).count(); }

LocalMinute Zone::local(std::int64_t instant) {
    return floor<minutes>(local_seconds(seconds(instant + offset_at(instant))));
}

std::int64_t Zone::instant(LocalMinute local) {
    constexpr std::int64_t day = 86'400;
    const auto clock = to_seconds(local);
    const auto before = offset_at(clock - day), after = offset_at(clock + day);
    std::optional<std::int64_t> first;
    for (const auto offset : {before, after}) {
        const auto candidate = clock - offset;
        if (offset_at(candidate) == offset) first = first ? std::min(*first, candidate) : candidate;
    }
    return first ? *first : clock - before;
}

std::int64_t ServerZone::offset_at(std::int64_t instant) {
    const auto known = known_.find(instant);
    if (known != known_.end()) return known->second;
    const auto offset =
        tx_.exec("select extract(epoch from (to_timestamp($1::bigint) at time zone $2))::bigint - $1",
                 db::Params(instant, name_))
            .integer(0, 0);
    return known_[instant] = offset;
}

}  // namespace kernel::jobs
