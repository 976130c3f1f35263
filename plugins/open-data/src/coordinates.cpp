#include "coordinates.hpp"

#include "geometry.hpp"
#include "sql_names.hpp"

#include <cstdlib>

namespace open_data {
namespace {

// Spain, its islands and its waters: in degrees, and in metres of zones 28 to 31 with room for neighbours
// drawn in one zone.
constexpr drawing::Box spain_degrees{-19, 27, 5, 44.5},
    spain_metres{-250'000, 3'000'000, 1'350'000, 4'950'000};

std::string inside(const drawing::Box& box, const std::string& x, const std::string& y) {
    const auto between = [](const std::string& name, double from, double to) {
        return name + " BETWEEN " + std::to_string(from) + " AND " + std::to_string(to);
    };
    return "(" + between(x, box.west, box.east) + " AND " + between(y, box.south, box.north) + ")";
}

}  // namespace

std::optional<Coordinates> coordinates_of(const Resource& resource) {
    const auto fields = fields_of(resource);
    if (const auto found = degree_columns(fields))
        return Coordinates{fields[found->longitude].name, fields[found->latitude].name};
    if (const auto found = plane_columns(fields))
        return Coordinates{fields[found->longitude].name, fields[found->latitude].name};
    return std::nullopt;
}

const ReferenceSystem* system_of(const Resource& resource) {
    return reference_system(resource.meta["crs"].is_string() ? resource.meta["crs"].as_string() : "");
}

Located locate(concejo::Transaction& tx, const Resource& resource, const Coordinates& columns) {
    const std::string x = "x", y = "y";
    const auto given = x + " IS NOT NULL AND " + y + " IS NOT NULL AND NOT (" + x + " = 0 AND " + y + " = 0)";
    const auto degrees = inside(spain_degrees, x, y), metres = inside(spain_metres, x, y);
    std::string what = "count(*)";
    for (const auto& condition :
         {given, degrees, metres, inside(spain_degrees, y, x), inside(spain_metres, y, x)})
        what += ", count(*) FILTER (WHERE " + condition + ")";
    for (const auto& range : {degrees, metres})
        for (const auto* extreme : {"min(", "max("})
            for (const auto& column : {x, y})
                what += std::string(", ") + extreme + column + ") FILTER (WHERE " + range + ")";
    const auto row =
        tx.exec("SELECT " + what + " FROM (SELECT " + identifier(columns.x) + "::float8 AS x, " +
                identifier(columns.y) + "::float8 AS y FROM " + identifier(resource.table) + ") p");
    const auto number = [&](std::uint32_t column) {
        return std::strtod(row[0].text(column).c_str(), nullptr);
    };
    Located found;
    found.rows = row[0].integer(0);
    found.empty = found.rows - row[0].integer(1);
    found.degrees = row[0].integer(2) + row[0].integer(4) >= row[0].integer(3) + row[0].integer(5);
    found.placed = row[0].integer(found.degrees ? 2 : 3),
    found.swapped = row[0].integer(found.degrees ? 4 : 5);
    found.outside = found.rows - found.empty - found.placed;
    const std::uint32_t first = found.degrees ? 6 : 10;
    found.box = {number(first), number(first + 1), number(first + 2), number(first + 3)};
    return found;
}

std::string placed_within(const Located& located, const std::string& x, const std::string& y) {
    return inside(located.degrees ? spain_degrees : spain_metres, x, y) + " AND " + x +
           " BETWEEN $1::float8 AND $3::float8 AND " + y + " BETWEEN $2::float8 AND $4::float8";
}

}  // namespace open_data
