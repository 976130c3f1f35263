// From one or two colours to the custom properties of a whole theme, light and dark, each pair of
// colours checked against WCAG 2.1 (1.4.3 and 1.4.11). The rest is derived in OKLCH.
#pragma once

#include "kernel/themes/source.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::themes {

/// A value of theme.yaml (or of the municipality's file) and where it stands.
struct Setting {
    std::string value;
    Place place;
};

/// What a municipality says about its looks. Empty strings: as the parent theme has it.
struct ThemeSettings {
    std::string name;                 ///< folder name, or the municipality's own ("m_99999")
    std::string extends;              ///< parent theme; "base" is the root of all
    Setting brand, accent;            ///< "#rrggbb"
    Setting font_body, font_heading;  ///< names of fonts.json: "source-sans", "source-serif", "atkinson"
    Setting radius;                   ///< CSS pixels, 0 to 24
    Setting shield;                   ///< file of an SVG, relative to the theme's folder or absolute
    std::map<std::string, Setting> light, dark;  ///< explicit colours by token name ("link", "brand-soft")
};

using Palette = std::map<std::string, std::string, std::less<>>;  ///< token → "#rrggbb"

struct Pair {
    std::string_view foreground, background;
    double minimum;  ///< contrast ratio, 1 to 21
};
const std::vector<Pair>& contrast_pairs();

struct Tokens {
    Palette light, dark;
    std::string css;  ///< the custom properties: light, dark by preference or data-theme, print
};

/// Throws ThemeError: not a colour, unknown token, or a pair of an explicit colour that fails, with the
/// nearest colour that passes.
Tokens compile_tokens(const ThemeSettings& settings);

}  // namespace kernel::themes
