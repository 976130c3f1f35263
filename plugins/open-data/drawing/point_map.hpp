// Points where they are: a map without tiles of others.
#pragma once

#include "charts.hpp"

#include <functional>
#include <string>
#include <vector>

namespace open_data::drawing {

struct Box {
    double west = 0, south = 0, east = 0, north = 0;

    bool empty() const { return !(west < east && south < north); }
    /// Grown so that a point at its edge is seen, and that one point alone is a place.
    Box with_margin(double least) const;
};

struct Place {
    double x = 0, y = 0;   ///< in the units of the box
    long long points = 1;  ///< that stand there
    std::string label;     ///< what is said of it
    std::string href;      ///< a nearer look; empty: none
};

struct PointMap {
    std::string label;
    Box box;
    double metres_per_x = 1, metres_per_y = 1;  ///< of one unit of the box
    bool degrees = false;                       ///< of what the grid is written
    std::vector<Place> places;
    std::string metres, kilometres;  ///< "m", "km"
    std::function<std::string(double value, int decimals)> number;
};

/// In the proportions of the ground; a grid, a bar of scale, circles as big as what they stand for.
Svg point_map(const PointMap&, Width, std::string_view more_classes = {});

}  // namespace open_data::drawing
