// Where the rows of a table are, as RFC 7946 writes it: found in its columns, in WGS 84 or not at all.
#pragma once

#include "projection.hpp"
#include "records.hpp"

namespace open_data {

/// Two columns of numbers that by their names are degrees: "lat"/"latitud" beside "lon"/"lng"/"longitud" with the
/// rest of the name alike.
struct DegreeColumns {
    std::size_t longitude = 0, latitude = 0;
};
std::optional<DegreeColumns> degree_columns(const std::vector<Field>&);

/// Two columns of numbers that by their names are coordinates of some plane, mostly metres: "X", "utm_y", "Este"…
std::optional<DegreeColumns> plane_columns(const std::vector<Field>&);

/// The columns that say where a row is: a pair of numbers, or one text with a geometry of GeoJSON or WKT.
struct PlaceColumns : DegreeColumns {
    std::optional<std::size_t> geometry;
    const ReferenceSystem* system =
        nullptr;  ///< that its numbers are metres of, where they are no degrees; null: nobody says
};
/// By their names and types: "geometria", "geom", "wkt", "geojson", else degree_columns(), else plane_columns() where it is known
/// of which plane. Nullopt: there are none.
std::optional<PlaceColumns> place_columns(const std::vector<Field>&, const ReferenceSystem* = nullptr);
/// Why there are none, and what to do: a msgid.
const char* no_place_text(const std::vector<Field>&);

/// A Point; null where it is no place on Earth.
Json point_of(const Cell& x, const Cell& y, const ReferenceSystem* = nullptr);
/// Of the text of a geometry of GeoJSON, or of WKT in two or three dimensions. Null: it is none, or its
/// positions are no degrees. Those that cannot be are metres of the system. Rings go as RFC 7946 says: the outer one against
/// the clock.
Json geometry_of(std::string_view text, const ReferenceSystem* = nullptr);

}  // namespace open_data
