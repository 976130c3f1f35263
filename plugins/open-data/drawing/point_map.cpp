#include "point_map.hpp"

#include "scale.hpp"

#include <algorithm>
#include <cmath>

namespace open_data::drawing {
namespace {

constexpr double margin = 6;

class Ground {
public:
    Ground(const PointMap& map, double width, double tallest) : map_(map), width_(width) {
        const double east = (map.box.east - map.box.west) * map.metres_per_x,
                     north = (map.box.north - map.box.south) * map.metres_per_y;
        per_metre_ = std::min((width - 2 * margin) / east, (tallest - 2 * margin) / north);
        height_ = std::max(width * 0.4, north * per_metre_ + 2 * margin);
        left_ = (width - east * per_metre_) / 2, top_ = (height_ - north * per_metre_) / 2;
    }
    double width() const { return width_; }
    double height() const { return height_; }
    double per_metre() const { return per_metre_; }
    double x(double value) const { return left_ + (value - map_.box.west) * map_.metres_per_x * per_metre_; }
    double y(double value) const { return top_ + (map_.box.north - value) * map_.metres_per_y * per_metre_; }
    /// What the whole drawing shows, margins too.
    double first_x() const { return map_.box.west - left_ / per_metre_ / map_.metres_per_x; }
    double last_x() const { return first_x() + width_ / per_metre_ / map_.metres_per_x; }
    double last_y() const { return map_.box.north + top_ / per_metre_ / map_.metres_per_y; }
    double first_y() const { return last_y() - height_ / per_metre_ / map_.metres_per_y; }

private:
    const PointMap& map_;
    double width_, per_metre_ = 1, height_ = 0, left_ = 0, top_ = 0;
};

void draw_grid(Svg& svg, const PointMap& map, const Ground& ground) {
    const auto step = step_of((ground.last_x() - ground.first_x()) / (ground.width() > 500 ? 5 : 3));
    const auto each = [&](double from, double to, const auto& draw) {
        for (double value = std::ceil(from / step.value()) * step.value(); value < to; value += step.value())
            draw(value);
    };
    const auto written = [&](double value) {
        return map.number(value, step.decimals()) + (map.degrees ? "°" : "");
    };
    each(ground.first_x(), ground.last_x(), [&](double value) {
        const auto x = ground.x(value);
        svg.line(x, 0, x, ground.height());
        if (x > 60 && x < ground.width() - 60) svg.text(x + 4, 16, written(value));
    });
    each(ground.first_y(), ground.last_y(), [&](double value) {
        const auto y = ground.y(value);
        svg.line(0, y, ground.width(), y);
        if (y > 40 && y < ground.height() - 50) svg.text(4, y - 4, written(value));
    });
}

void draw_scale(Svg& svg, const PointMap& map, const Ground& ground) {
    auto step = step_of(ground.width() / 5 / ground.per_metre());
    const auto metres = step.value(), length_of = metres * ground.per_metre(), y = ground.height() - 14,
               right = ground.width() - 14;
    const auto text = metres >= 1000 ? map.number(metres / 1000, 0) + " " + map.kilometres
                                     : map.number(metres, step.decimals()) + " " + map.metres;
    svg.line(right - length_of, y, right, y, "rule");
    svg.line(right - length_of, y - 5, right - length_of, y + 5, "rule");
    svg.line(right, y - 5, right, y + 5, "rule");
    svg.text(right - length_of / 2, y - 8, text, "lbl", Anchor::middle);
}

}  // namespace

Box Box::with_margin(double least) const {
    const auto side = std::max({least, (east - west) * 0.05, (north - south) * 0.05});
    return {west - side, south - side, east + side, north + side};
}

Svg point_map(const PointMap& map, Width width, std::string_view more_classes) {
    const bool wide = width == Width::wide;
    const Ground ground(map, wide ? 1000 : 340, wide ? 620 : 420);
    Svg svg(ground.width(), ground.height(), map.label, "map " + std::string(more_classes), true);
    draw_grid(svg, map, ground);
    for (const auto& place : map.places) {
        const auto x = ground.x(place.x), y = ground.y(place.y);
        const auto radius =
            (place.points == 1 ? 6.0
                               : std::min(26.0, 9.0 + 3.2 * std::log2(static_cast<double>(place.points)))) *
            (wide ? 1 : 0.8);
        if (!place.href.empty()) svg.begin_link(place.href, place.label);
        svg.circle(x, y, radius, "chart-1", place.label);
        if (place.points > 1)
            svg.text(x, y + 5, place.points > 9999 ? "+" : std::to_string(place.points), "on",
                     Anchor::middle);
        if (!place.href.empty()) svg.end_link();
    }
    draw_scale(svg, map, ground);
    return svg;
}

}  // namespace open_data::drawing
