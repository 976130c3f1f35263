#include "kernel/themes/color.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace kernel::themes {

namespace {

using Rgb = std::array<double, 3>;

double to_linear(double c) { return c <= .04045 ? c / 12.92 : std::pow((c + .055) / 1.055, 2.4); }
double to_gamma(double c) { return c <= .0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - .055; }

Rgb linear_rgb(std::string_view hex) {
    Rgb rgb{};
    for (std::size_t i = 0; i < 3; ++i) {
        rgb[i] = to_linear(std::stoi(std::string(hex.substr(1 + 2 * i, 2)), nullptr, 16) / 255.0);
    }
    return rgb;
}

Rgb linear_rgb(Oklch color) {
    const double a = color.chroma * std::cos(color.hue), b = color.chroma * std::sin(color.hue);
    const auto cube = [](double x) { return x * x * x; };
    const double l = cube(color.lightness + .3963377774 * a + .2158037573 * b);
    const double m = cube(color.lightness - .1055613458 * a - .0638541728 * b);
    const double s = cube(color.lightness - .0894841775 * a - 1.291485548 * b);
    return {4.0767416621 * l - 3.3077115913 * m + .2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - .3413193965 * s,
            -.0041960863 * l - .7034186147 * m + 1.707614701 * s};
}

}  // namespace

std::optional<std::string> parse_hex(std::string_view text) {
    if ((text.size() != 4 && text.size() != 7) || text[0] != '#') return std::nullopt;
    std::string out = "#";
    for (const char c : text.substr(1)) {
        if (!std::isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
        out.append(text.size() == 4 ? 2 : 1, static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
    return out;
}

Oklch to_oklch(std::string_view hex) {
    const auto [r, g, b] = linear_rgb(hex);
    const double l = std::cbrt(.4122214708 * r + .5363325363 * g + .0514459929 * b);
    const double m = std::cbrt(.2119034982 * r + .6806995451 * g + .1073969566 * b);
    const double s = std::cbrt(.0883024619 * r + .2817188376 * g + .6299787005 * b);
    const double a = 1.9779984951 * l - 2.428592205 * m + .4505937099 * s;
    const double bb = .0259040371 * l + .7827717662 * m - .808675766 * s;
    return {.2104542553 * l + .793617785 * m - .0040720468 * s, std::hypot(a, bb), std::atan2(bb, a)};
}

std::string to_hex(Oklch color) {
    static constexpr char digits[] = "0123456789abcdef";
    for (double chroma = color.chroma;; chroma -= .004) {
        const Rgb rgb = linear_rgb({color.lightness, std::max(0.0, chroma), color.hue});
        const bool shown =
            std::all_of(rgb.begin(), rgb.end(), [](double c) { return c >= -1e-4 && c <= 1.0001; });
        if (!shown && chroma > 0) continue;
        std::string out = "#";
        for (const double c : rgb) {
            const auto byte = static_cast<unsigned>(std::lround(to_gamma(std::clamp(c, 0.0, 1.0)) * 255));
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
        return out;
    }
}

double luminance(std::string_view hex) {
    const auto [r, g, b] = linear_rgb(hex);
    return .2126 * r + .7152 * g + .0722 * b;
}

double contrast(std::string_view a, std::string_view b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + .05) / (std::min(x, y) + .05);
}

}  // namespace kernel::themes
