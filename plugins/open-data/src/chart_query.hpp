// A chart of a resource: a measure by a column, as addresses ask for it, and its numbers.
#pragma once

#include "portal.hpp"
#include "shown.hpp"

namespace open_data {

struct ChartAsked {
    Field by, of;         ///< of: what is added up, where the measure is not the number of rows
    std::string measure;  ///< "filas", "suma" or "media"
    bool line = false;
    std::string unit;  ///< day, month, year, decade or century, where `by` is of dates

    bool dated() const { return by.type == "date" || by.type == "timestamp"; }
};

struct ChartPoint {
    std::string label;
    std::optional<std::string> value;  ///< as PostgreSQL writes it; none: no row has one
    std::int64_t rows = 0;
    bool others = false;  ///< all that is not among the first ones
};

inline constexpr int most_categories = 20;

/// Columns that a chart can be by, and those that can be added up.
std::vector<Field> chart_categories(const Resource&, const Json& profile);
std::vector<Field> chart_measures(const Resource&);

/// What the query asks for, and for what it does not say what suits these data; nothing where no column
/// suits.
std::optional<ChartAsked> chart_asked(const concejo::Request&, const Resource&, const Json& profile);

/// By measure, the greatest first, or in the order of time or number.
std::vector<ChartPoint> chart_points(const Portal&, concejo::Transaction&, const Resource&,
                                     const ChartAsked&);

}  // namespace open_data
