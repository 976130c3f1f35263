// Round numbers for axes and for the steps of a distribution.
#pragma once

#include <string>
#include <vector>

namespace open_data::drawing {

/// 1, 2 or 5 times a power of ten: exact as text, where a double is not.
struct Step {
    int mantissa = 1, exponent = 0;

    double value() const;
    int decimals() const { return exponent < 0 ? -exponent : 0; }
    /// "0.05", "2000".
    std::string text() const;
};

/// The smallest that is not less than `size`; of 0 or what is not finite, 1.
Step step_of(double size);

/// An axis that ends in round numbers.
struct Scale {
    double from = 0, to = 1;
    Step step;

    /// Of at most `steps` + 1 steps around [least, most].
    static Scale around(double least, double most, int steps);
    std::vector<double> ticks() const;
    /// From 0 (at `from`) to 1 (at `to`).
    double at(double value) const { return (value - from) / (to - from); }
};

}  // namespace open_data::drawing
