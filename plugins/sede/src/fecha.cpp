#include "fecha.hpp"

#include <concejo/error.hpp>

#include <unicode/gregocal.h>
#include <unicode/timezone.h>

#include <chrono>
#include <cstdio>
#include <vector>

namespace sede {
namespace {

std::optional<int> number(std::string_view text) {
    if (text.empty() || text.size() > 4) return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0;; ++at) {
        const auto end = std::min(text.find(separator, at), text.size());
        parts.push_back(text.substr(at, end - at));
        if (end == text.size()) return parts;
        at = end;
    }
}

std::string format(const char* pattern, int a, int b, int c = 0) {
    char text[40];
    std::snprintf(text, sizeof text, pattern, a, b, c);
    return text;
}

void check(UErrorCode code) {
    if (U_FAILURE(code))
        throw concejo::Error(concejo::ErrorKind::internal, std::string("ICU: ") + u_errorName(code));
}

}  // namespace

std::optional<Fecha> Fecha::parse(std::string_view text) {
    text = trim(text);
    const char separator = text.find('/') != std::string_view::npos ? '/' : '-';
    const auto parts = split(text, separator);
    if (parts.size() != 3) return std::nullopt;
    const bool year_first = parts[0].size() == 4;
    const auto year_text = year_first ? parts[0] : parts[2], day_text = year_first ? parts[2] : parts[0];
    const auto year = number(year_text), month = number(parts[1]), day = number(day_text);
    if (!year || !month || !day || year_text.size() != 4 || parts[1].size() > 2 || day_text.size() > 2)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (*year < 1900 || *year > 2199 || !date.ok()) return std::nullopt;
    return Fecha(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

std::string Fecha::iso() const {
    return format("%04d-%02d-%02d", year_, static_cast<int>(month_), static_cast<int>(day_));
}
std::string Fecha::typed() const {
    return format("%02d/%02d/%04d", static_cast<int>(day_), static_cast<int>(month_), year_);
}

Fecha Fecha::plus(int days) const {
    using namespace std::chrono;
    const year_month_day moved{sys_days{year_month_day{std::chrono::year(year_), std::chrono::month(month_),
                                                       std::chrono::day(day_)}} +
                               std::chrono::days(days)};
    return {static_cast<int>(moved.year()), static_cast<unsigned>(moved.month()),
            static_cast<unsigned>(moved.day())};
}

std::optional<Hora> Hora::parse(std::string_view text) {
    const auto parts = split(trim(text), ':');
    if (parts.size() != 2 || parts[0].size() > 2 || parts[1].size() != 2) return std::nullopt;
    const auto hours = number(parts[0]), minutes = number(parts[1]);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    return Hora{*hours, *minutes};
}

std::string Hora::text() const { return format("%02d:%02d", hours, minutes); }

struct Zona::Rules {
    std::unique_ptr<icu::TimeZone> zone;

    /// A calendar of its own for each use: ICU's are not thread-safe.
    icu::GregorianCalendar calendar() const {
        UErrorCode code = U_ZERO_ERROR;
        icu::GregorianCalendar made(*zone, code);
        check(code);
        made.setSkippedWallTimeOption(UCAL_WALLTIME_NEXT_VALID);
        made.setRepeatedWallTimeOption(UCAL_WALLTIME_FIRST);
        return made;
    }
    icu::GregorianCalendar calendar(Instante when) const {
        UErrorCode code = U_ZERO_ERROR;
        auto made = calendar();
        made.setTime(static_cast<UDate>(when) * 1000.0, code);
        check(code);
        return made;
    }
};

Zona::Zona(std::string_view name) : rules_(std::make_unique<Rules>()) {
    rules_->zone.reset(icu::TimeZone::createTimeZone(
        icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int>(name.size())))));
    if (*rules_->zone == icu::TimeZone::getUnknown())
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "zona horaria desconocida: «" + std::string(name) + "»");
}
Zona::~Zona() = default;

Instante Zona::start_of(const Fecha& day) const { return at(day, {0, 0}); }

Instante Zona::at(const Fecha& day, Hora time) const {
    UErrorCode code = U_ZERO_ERROR;
    auto calendar = rules_->calendar();
    calendar.clear();
    calendar.set(day.year(), static_cast<int>(day.month()) - 1, static_cast<int>(day.day()), time.hours,
                 time.minutes, 0);
    const UDate instant = calendar.getTime(code);
    check(code);
    return static_cast<Instante>(instant / 1000.0);
}

Fecha Zona::day_of(Instante when) const { return *Fecha::parse(rfc3339(when).substr(0, 10)); }

Hora Zona::time_of(Instante when) const {
    UErrorCode code = U_ZERO_ERROR;
    const auto calendar = rules_->calendar(when);
    const Hora time{calendar.get(UCAL_HOUR_OF_DAY, code), calendar.get(UCAL_MINUTE, code)};
    check(code);
    return time;
}

std::string Zona::rfc3339(Instante when) const {
    UErrorCode code = U_ZERO_ERROR;
    const auto calendar = rules_->calendar(when);
    const auto get = [&](UCalendarDateFields field) { return calendar.get(field, code); };
    const int offset = (get(UCAL_ZONE_OFFSET) + get(UCAL_DST_OFFSET)) / 60000;
    std::string text = format("%04d-%02d-%02d", get(UCAL_YEAR), get(UCAL_MONTH) + 1, get(UCAL_DATE)) +
                       format("T%02d:%02d:%02d", get(UCAL_HOUR_OF_DAY), get(UCAL_MINUTE), get(UCAL_SECOND));
    check(code);
    if (offset == 0) return text + "Z";
    return text + (offset < 0 ? "-" : "+") +
           format("%02d:%02d", std::abs(offset) / 60, std::abs(offset) % 60);
}

}  // namespace sede
