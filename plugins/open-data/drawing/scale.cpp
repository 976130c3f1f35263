#include "scale.hpp"

#include <algorithm>
#include <cmath>

namespace open_data::drawing {

double Step::value() const {
    return exponent < 0 ? mantissa / std::pow(10.0, -exponent) : mantissa * std::pow(10.0, exponent);
}

std::string Step::text() const {
    const auto digit = std::to_string(mantissa);
    if (exponent >= 0) return digit + std::string(static_cast<std::size_t>(exponent), '0');
    return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digit;
}

Step step_of(double size) {
    if (!std::isfinite(size) || size <= 0) return {};
    Step step{1, std::clamp(static_cast<int>(std::floor(std::log10(size))), -12, 300)};
    for (const int mantissa : {1, 2, 5}) {
        step.mantissa = mantissa;
        if (step.value() >= size * (1 - 1e-9)) return step;
    }
    return {1, step.exponent + 1};
}

Scale Scale::around(double least, double most, int steps) {
    if (!(least < most)) most = least + 1;
    Scale scale;
    scale.step = step_of((most - least) / steps);
    const auto step = scale.step.value();
    scale.from = std::floor(least / step) * step;
    scale.to = std::ceil(most / step) * step;
    if (!(scale.from < scale.to)) scale.to = scale.from + step;
    return scale;
}

std::vector<double> Scale::ticks() const {
    std::vector<double> all;
    const auto size = step.value();
    const auto count = static_cast<int>(std::min(100.0, std::round((to - from) / size)));
    for (int i = 0; i <= count; ++i) all.push_back(from + i * size);
    return all;
}

}  // namespace open_data::drawing
