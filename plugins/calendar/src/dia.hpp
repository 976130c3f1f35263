// Days of the calendar, without time or zone.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace calendar {

using Dia = std::chrono::sys_days;

constexpr int first_year = 2000, last_year = 2199;

/// "2026-12-31", "31/12/2026" or "31-12-2026"; nothing for what no calendar has, or outside first_year..last_year.
std::optional<Dia> parse_dia(std::string_view text);
std::string iso(Dia);    ///< 2026-12-31
std::string typed(Dia);  ///< 31/12/2026, as forms show it
int year_of(Dia);
unsigned day_of_month(Dia);
bool is_saturday(Dia);
bool is_sunday(Dia);

/// The same ordinal `months` later, or the last day of that month where it has none (art. 30.4).
Dia add_months(Dia, int months);
/// Western Easter Sunday (Gauss, Meeus: the Gregorian computus).
Dia easter(int year);

/// A whole number of at most `digits` digits, without sign; nothing for anything else.
std::optional<int> parse_number(std::string_view text, std::size_t digits = 4);

/// A local time of the day, in minutes; 24:00 is the end of the day.
struct Hora {
    int minutos = 0;
    /// "9:30", "09:30" or "24:00"; nothing for what no clock shows.
    static std::optional<Hora> parse(std::string_view text);
    std::string text() const;
    bool operator==(const Hora&) const = default;
};

}  // namespace calendar
