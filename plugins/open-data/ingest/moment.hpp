// Dates and times as people in Spain and their programs write them.
#pragma once

#include "plugins/open-data/ingest/recipe.hpp"

#include <cstdint>
#include <string_view>

namespace open_data::ingest {

/// "3/4/2024", "3-4-24", "03.04.2024", "2024-04-03", "3 de abril de 2024", "03-abr-24", then perhaps "
/// 10:30", "T10:30:05.25" and "Z" or "+02:00"; or a time alone. Years of two figures are 1970 to 2069.
struct MomentShape {
    bool date = false, time = false, zoned = false;
    bool figures = false;  ///< day and month are figures and the year comes behind: the order matters
    bool dmy = false, mdy = false;  ///< there is such a day when it is read so
    int year = 0, first = 0,
        second = 0;           ///< as they stand; not `figures`: second is the month, first the day
    std::int64_t micros = 0;  ///< since midnight, before the zone
    int zone = 0;             ///< minutes east of Greenwich
};

/// False where it is neither in form. A date in form that no calendar has ("31/02/2024") is true with neither
/// dmy nor mdy.
bool scan_moment(std::string_view cell, MomentShape&);

/// Days since 2000-01-01 (PostgreSQL's). For a shape that has such a day.
std::int64_t days_of(const MomentShape&, DateOrder);
/// Microseconds since 2000-01-01 00:00, in UTC where it is zoned.
std::int64_t stamp_of(const MomentShape&, DateOrder);
/// Days since 2000-01-01 of a day that need not exist.
std::int64_t days_from_civil(int year, int month, int day);

}  // namespace open_data::ingest
