// Dates, numbers and money as each language writes them, in the municipality's zone (ICU's styles).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kernel::i18n {

using Instant = std::chrono::system_clock::time_point;

enum class Style {
    brief,   ///< 23/11/26 (numeric)
    normal,  ///< 23 nov 2026
    wide,    ///< 23 de noviembre de 2026
    full     ///< lunes, 23 de noviembre de 2026
};

/// The two lines of a date tile.
struct DateTile {
    std::string day;    ///< "23"
    std::string month;  ///< "nov"
};

/// One per municipality. Thread-safe; formatters are made once per thread and language.
class Formats {
public:
    /// `zone`: an IANA name, "Europe/Madrid" or "Atlantic/Canary". Throws Error{invalid} where unknown.
    explicit Formats(std::string zone);

    std::string date(std::string_view lang, Instant when, Style style = Style::wide) const;
    /// A calendar day that has no time of day (an official date): never moved by the zone.
    std::string date(std::string_view lang, std::chrono::year_month_day day, Style style = Style::wide) const;
    std::string time(std::string_view lang, Instant when) const;  ///< 10:42
    /// `time` brief: to the minute; any other: to the second.
    std::string date_time(std::string_view lang, Instant when, Style style = Style::wide,
                          Style time = Style::brief) const;

    DateTile tile(std::string_view lang, std::chrono::year_month_day day) const;

    std::string number(std::string_view lang, std::int64_t value) const;               ///< 1.842
    std::string number(std::string_view lang, double value, int decimals) const;       ///< 1.234.567,5
    std::string percent(std::string_view lang, double ratio, int decimals = 1) const;  ///< 0.642 → 64,2 %
    std::string money(std::string_view lang, std::int64_t cents) const;                ///< 18.420.000,50 €

    /// RFC 3339 with the zone's offset: 2026-11-23T10:42:00+01:00.
    std::string iso(Instant when) const;
    /// The day in the zone.
    std::chrono::year_month_day day(Instant when) const;
    const std::string& zone() const noexcept { return zone_; }

    /// Orders texts as dictionaries do (Á with A, Ñ after N in Spanish). Negative: a first.
    static int compare(std::string_view lang, std::string_view a, std::string_view b);

private:
    std::string zone_;
};

}  // namespace kernel::i18n
