// Days of the calendar and the municipality's zone: when an exposure by whole days begins and ends.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sede {

/// Seconds since 1970-01-01T00:00:00Z.
using Instante = std::int64_t;

/// A day between 1900-01-01 and 2199-12-31, without time or zone.
class Fecha {
public:
    /// "2026-12-31", "31/12/2026" or "31-12-2026" (one-digit days and months too); nothing for what no calendar has.
    static std::optional<Fecha> parse(std::string_view text);

    std::string iso() const;    ///< 2026-12-31
    std::string typed() const;  ///< 31/12/2026, as forms show it
    Fecha plus(int days) const;
    int year() const noexcept { return year_; }
    unsigned month() const noexcept { return month_; }
    unsigned day() const noexcept { return day_; }

    auto operator<=>(const Fecha&) const = default;

private:
    Fecha(int year, unsigned month, unsigned day) : year_(year), month_(month), day_(day) {}
    int year_;
    unsigned month_, day_;
};

/// "09:30"; nothing for what no clock shows.
struct Hora {
    int hours, minutes;
    static std::optional<Hora> parse(std::string_view text);
    std::string text() const;
};

/// An IANA zone with its rules (ICU). Thread-safe.
class Zona {
public:
    /// Throws concejo::Error{invalid} where the name is unknown.
    explicit Zona(std::string_view name);
    ~Zona();

    /// Midnight at the beginning of that day (the first instant that exists, where clocks change then).
    Instante start_of(const Fecha& day) const;
    /// That time of that day; a time skipped by summer time is moved forward, a repeated one is the first.
    Instante at(const Fecha& day, Hora time) const;
    Fecha day_of(Instante when) const;
    Hora time_of(Instante when) const;
    /// RFC 3339 with the zone's offset: 2026-11-23T10:42:00+01:00.
    std::string rfc3339(Instante when) const;

private:
    struct Rules;
    std::unique_ptr<Rules> rules_;
};

}  // namespace sede
