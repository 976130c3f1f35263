// The municipality's zone with the rules of the tz database (ICU): g++ 12 has none of its own.
#pragma once

#include "dia.hpp"

#include <cstdint>
#include <memory>

namespace calendar {

/// Seconds since 1970-01-01T00:00:00Z.
using Instante = std::int64_t;

/// Thread-safe.
class Zona {
public:
    /// Throws concejo::Error{invalid} where the IANA name is unknown.
    explicit Zona(std::string_view name);
    ~Zona();
    Zona(Zona&&) noexcept;

    const std::string& name() const { return name_; }
    /// That time of that day; one skipped by summer time is moved forward, a repeated one is the first.
    Instante at(Dia, Hora) const;
    Instante start_of(Dia day) const { return at(day, {0}); }
    Dia day_of(Instante) const;
    Hora time_of(Instante) const;
    /// RFC 3339 with the zone's offset: 2026-11-23T10:42:00+01:00.
    std::string rfc3339(Instante) const;

private:
    struct Rules;
    std::string name_;
    std::unique_ptr<Rules> rules_;
};

}  // namespace calendar
