// The time, and its text in UTC (RFC 3339, the profile of ISO 8601 that APIs speak).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::base {

using TimePoint = std::chrono::system_clock::time_point;

/// Since 1970, whole ones.
inline std::int64_t unix_seconds(TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// Passed by reference where a test must set the time.
class Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
public:
    TimePoint now() const override { return std::chrono::system_clock::now(); }
};

/// "2026-03-01T09:30:00Z"; years 0000 to 9999.
std::string format_utc(TimePoint time);
/// "2026-03-01T09:30:00.123Z".
std::string format_utc_ms(TimePoint time);

/// "2026-03-01T09:30:00Z", with a fraction (cut to microseconds) or with "+02:00" for "Z". A leap second
/// counts as the following one. nullopt for anything else, also for a day that does not exist.
std::optional<TimePoint> parse_utc(std::string_view text);

/// "2026-02-28": whether this day exists.
bool valid_date(std::string_view text);

}  // namespace kernel::base
