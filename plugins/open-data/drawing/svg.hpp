// An SVG being written.
#pragma once

#include <string>
#include <string_view>

namespace open_data::drawing {

/// As one line of XML, for text and attributes: control characters are blanks.
std::string escaped(std::string_view text);
/// At most `most` characters of UTF-8, with "…" where it was longer.
std::string shortened(std::string_view text, std::size_t most);

enum class Anchor { start, middle, end };

/// Lengths are those of the view box. Colours come from classes of the theme: chart-1 to chart-6, ax, lbl,
/// grid.
class Svg {
public:
    /// `label`: what the drawing shows, for those who do not see it. `group`: what is within can be reached.
    Svg(double width, double height, std::string_view label, std::string_view more_classes = {},
        bool group = false);

    /// `said`: shown where the pointer stays.
    void rect(double x, double y, double width, double height, std::string_view css,
              std::string_view said = {});
    void circle(double x, double y, double radius, std::string_view css, std::string_view said = {});
    void line(double x1, double y1, double x2, double y2, std::string_view css = "grid");
    void path(std::string_view d, std::string_view css);
    void text(double x, double y, std::string_view text, std::string_view css = "ax", Anchor = Anchor::start);
    void begin_link(std::string_view href, std::string_view label);
    void end_link() { out_ += "</a>"; }

    /// For a page, which has the colours.
    std::string take() const { return out_ + "</svg>"; }
    /// For a file: with its own colours, of light and dark.
    std::string take_standalone() const;

private:
    void end_shape(const char* element, std::string_view said);

    std::string out_;
    std::size_t inside_;  ///< where the opening tag ends
};

/// A length with at most two decimals.
std::string length(double value);

}  // namespace open_data::drawing
