// Charts: a distribution, bars by category, a line over time.
#pragma once

#include "svg.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace open_data::drawing {

struct Mark {
    std::string label;            ///< category or instant
    std::optional<double> value;  ///< none: a gap
    std::string text;             ///< the value, for people
};

struct Chart {
    std::string label;  ///< what it shows
    std::vector<Mark> marks;
    std::function<std::string(double value, int decimals)> number;  ///< for the axis
};

enum class Width { wide, narrow };  ///< 1000 or 340 units

/// Columns without gaps, as wide as a card, with what its two ends are.
Svg distribution(const Chart&, const std::string& first, const std::string& last);
/// One bar under another, each with its name and its value.
Svg bars(const Chart&, Width, std::string_view more_classes = {});
/// A line through all of them, in order.
Svg curve(const Chart&, Width, std::string_view more_classes = {});

}  // namespace open_data::drawing
