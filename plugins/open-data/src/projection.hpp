// Metres of UTM as longitude and latitude.
#pragma once

#include <array>
#include <string_view>

namespace open_data {

/// A zone of UTM on the ellipsoid GRS80, north of the equator, by its number in the EPSG register. What that of WGS 84 differs
/// in is less than a millimetre, and between ETRS89, REGCAN95 and WGS 84 less than a metre: nobody writes it.
struct ReferenceSystem {
    std::string_view code;    ///< "EPSG:25830"
    const char* label;        ///< msgid
    double central_meridian;  ///< degrees
};
/// Those that Spain's data come in (RD 1071/2007).
extern const std::array<ReferenceSystem, 5> reference_systems;

/// Null for any other code.
const ReferenceSystem* reference_system(std::string_view code);

/// Of the member "crs" of a GeoJSON that begins so ("urn:ogc:def:crs:EPSG::25830"); null where it has none, or one of others.
const ReferenceSystem* reference_system_said(std::string_view beginning);

struct Degrees {
    double longitude = 0, latitude = 0;
};
/// Rounded to 7 decimals (a centimetre).
Degrees degrees_of(const ReferenceSystem&, double easting, double northing);

}  // namespace open_data
