// Where the rows of a resource are: which columns say it, and what they say.
#pragma once

#include "dataset.hpp"
#include "plugins/open-data/drawing/point_map.hpp"
#include "projection.hpp"

#include <concejo/db.hpp>

namespace open_data {

/// Two columns of numbers that by their names are coordinates: longitude and latitude, or metres of UTM.
struct Coordinates {
    std::string x, y;
};
std::optional<Coordinates> coordinates_of(const Resource&);

/// What staff, or its file, say that its metres are of; null where nobody has.
const ReferenceSystem* system_of(const Resource&);

/// What the rows say. Places outside Spain are taken for mistakes: they would make the map of a town as big
/// as the ocean.
struct Located {
    bool degrees = true;  ///< else metres of UTM (ETRS89), of whatever zone
    std::int64_t rows = 0, placed = 0, empty = 0, outside = 0;
    std::int64_t swapped = 0;  ///< of those outside: they would be inside with x for y
    drawing::Box box;          ///< of those placed
};
/// Reads all the rows.
Located locate(concejo::Transaction&, const Resource&, const Coordinates&);

/// The condition of SQL that a row is placed, by these expressions, within a box: its four sides are
/// parameters, the first of which is $1.
std::string placed_within(const Located&, const std::string& x, const std::string& y);

}  // namespace open_data
