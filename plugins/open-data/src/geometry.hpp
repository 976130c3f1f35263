// Where the rows of a table are, as RFC 7946 writes it: found in its columns, in WGS 84 or not at all.
#pragma once

#include "records.hpp"

namespace open_data {

/// Two columns of numbers that by their names are degrees: "lat"/"latitud" beside "lon"/"lng"/"longitud" with the
/// rest of the name alike.
struct DegreeColumns {
    std::size_t longitude = 0, latitude = 0;
};
std::optional<DegreeColumns> degree_columns(const std::vector<Field>&);

/// The columns that say where a row is: a pair of numbers, or one text with a geometry of GeoJSON or WKT.
struct PlaceColumns : DegreeColumns {
    std::optional<std::size_t> geometry;
};
/// By their names and types: "geometria", "geom", "wkt", "geojson", else degree_columns(). Nullopt: there are none.
std::optional<PlaceColumns> place_columns(const std::vector<Field>&);

/// A Point; null where it is no place on Earth.
Json point_of(const Cell& longitude, const Cell& latitude);
/// Of the text of a geometry of GeoJSON, or of WKT in two or three dimensions. Null: it is none, or its
/// positions are no degrees. Rings go as RFC 7946 says: the outer one against the clock.
Json geometry_of(std::string_view text);

}  // namespace open_data
