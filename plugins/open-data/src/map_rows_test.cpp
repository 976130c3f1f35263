// Which part of a map is looked at.
#include "map_rows.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <set>

using open_data::drawing::Box;

TEST_CASE("a part of a map is one of few, holds what was asked for, and is not much bigger") {
    const Box whole{-3.9, 40.3, -3.5, 40.6};
    std::mt19937 random(7);
    std::set<std::string> halves;
    for (int n = 0; n < 20'000; ++n) {
        const double part = std::pow(2.0, -std::uniform_real_distribution<>(0, 12)(random));
        const double width = (whole.east - whole.west) * part,
                     height = (whole.north - whole.south) * part * 0.5;
        const double west = std::uniform_real_distribution<>(whole.west, whole.east - width)(random),
                     south = std::uniform_real_distribution<>(whole.south, whole.north - height)(random);
        const Box asked{west, south, west + width, south + height};
        const auto shown = open_data::snapped_box(whole, asked);
        const double slack = 1e-9;
        CHECK(shown.west <= asked.west + slack);
        CHECK(shown.south <= asked.south + slack);
        CHECK(shown.east >= asked.east - slack);
        CHECK(shown.north >= asked.north - slack);
        CHECK((shown.east - shown.west <= 8.0 / 3 * width + slack || shown.west == whole.west));
        if (part > 0.375 / 2 && part <= 0.375) halves.insert(open_data::written_box(shown));
    }
    CHECK(halves.size() <= 25);
    for (const Box odd : {Box{100, 100, 101, 101}, Box{-1e7, -1e7, 1e7, 1e7}, Box{-4, 0, -3.99999999, 90}}) {
        const auto shown = open_data::snapped_box(whole, odd);
        CHECK_FALSE(shown.empty());
        CHECK(shown.west >= whole.west - 1e-9);
        CHECK(shown.north <= whole.north + 1e-9);
    }
}
