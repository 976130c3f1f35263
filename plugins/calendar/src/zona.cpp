#include "zona.hpp"

#include <concejo/error.hpp>

#include <unicode/gregocal.h>
#include <unicode/timezone.h>

#include <cstdio>

namespace calendar {
namespace {

void check(UErrorCode code) {
    if (U_FAILURE(code))
        throw concejo::Error(concejo::ErrorKind::internal, std::string("ICU: ") + u_errorName(code));
}

}  // namespace

struct Zona::Rules {
    std::unique_ptr<icu::TimeZone> zone;

    /// Milliseconds to add to UTC at that instant.
    std::int64_t offset(Instante when) const {
        UErrorCode code = U_ZERO_ERROR;
        std::int32_t raw = 0, dst = 0;
        zone->getOffset(static_cast<UDate>(when) * 1000.0, false, raw, dst, code);
        check(code);
        return std::int64_t{raw} + dst;
    }
    /// Seconds of the local clock, counted as if it were UTC.
    std::int64_t local(Instante when) const { return when + offset(when) / 1000; }
};

Zona::Zona(std::string_view name) : name_(name), rules_(std::make_unique<Rules>()) {
    rules_->zone.reset(icu::TimeZone::createTimeZone(
        icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int>(name.size())))));
    if (*rules_->zone == icu::TimeZone::getUnknown())
        throw concejo::Error(concejo::ErrorKind::invalid, "zona horaria desconocida: «" + name_ + "»");
}
Zona::~Zona() = default;
Zona::Zona(Zona&&) noexcept = default;

Instante Zona::at(Dia day, Hora time) const {
    const std::chrono::year_month_day date(day);
    UErrorCode code = U_ZERO_ERROR;
    icu::GregorianCalendar calendar(*rules_->zone, code);  // one for each use: ICU's are not thread-safe
    check(code);
    calendar.setSkippedWallTimeOption(UCAL_WALLTIME_NEXT_VALID);
    calendar.setRepeatedWallTimeOption(UCAL_WALLTIME_FIRST);
    calendar.clear();
    calendar.set(static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())) - 1,
                 static_cast<int>(static_cast<unsigned>(date.day())), time.minutos / 60, time.minutos % 60,
                 0);
    const UDate instant = calendar.getTime(code);
    check(code);
    return static_cast<Instante>(instant / 1000.0);
}

Dia Zona::day_of(Instante when) const {
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds(std::chrono::seconds(rules_->local(when))));
}

Hora Zona::time_of(Instante when) const {
    const auto local = rules_->local(when);
    return {static_cast<int>(((local % 86400) + 86400) % 86400 / 60)};
}

std::string Zona::rfc3339(Instante when) const {
    const auto local = rules_->local(when);
    const auto seconds = static_cast<int>(((local % 86400) + 86400) % 86400);
    const auto offset = static_cast<int>((local - when) / 60);
    char text[32];
    std::snprintf(text, sizeof text, "T%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    std::string out = iso(day_of(when)) + text;
    if (offset == 0) return out + "Z";
    std::snprintf(text, sizeof text, "%c%02d:%02d", offset < 0 ? '-' : '+', std::abs(offset) / 60,
                  std::abs(offset) % 60);
    return out + text;
}

}  // namespace calendar
