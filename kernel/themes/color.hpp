// sRGB ↔ OKLCH (https://bottosson.github.io/posts/oklab/) and contrast as WCAG 2.1 defines it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::themes {

struct Oklch {
    double lightness;  ///< 0 black … 1 white
    double chroma;     ///< 0 grey … about 0.37
    double hue;        ///< radians
};

/// "#abc" or "#aabbcc" in any case → "#aabbcc"; nothing for other texts.
std::optional<std::string> parse_hex(std::string_view text);

Oklch to_oklch(std::string_view hex);

/// The nearest colour of that lightness and hue that sRGB can show (chroma gives way).
std::string to_hex(Oklch color);

double luminance(std::string_view hex);
double contrast(std::string_view a, std::string_view b);

}  // namespace kernel::themes
