#include "svg.hpp"

#include <concejo/escape.hpp>

#include <algorithm>
#include <cmath>

namespace open_data::drawing {
namespace {

constexpr std::string_view own_colours =
    "<style>svg{font:14px "
    "system-ui,sans-serif;background:#fff}text{fill:#1d2733}.ax{fill:#4d5866}.grid{stroke:#d5dbe2}[class^=chart-]{fill:#1f5f8b}.curve{fill:none;stroke:#1f5f8b;stroke-width:2.5}.on{fill:#fff}@media(prefers-color-scheme:dark){svg{background:#12181f}text{fill:#eef2f6}.ax{fill:#b3bdc9}.grid{stroke:#38424d}[class^=chart-]{fill:#7db8e0}.curve{fill:none;stroke:#7db8e0}.on{fill:#12181f}}</style>";

}  // namespace

std::string escaped(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
    return concejo::escape_xml(line);
}

std::string shortened(std::string_view text, std::size_t most) {
    std::size_t characters = 0, kept = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
        if (characters + 1 == most) kept = i;
        if (++characters > most) return std::string(text.substr(0, kept)) + "…";
    }
    return std::string(text);
}

std::string length(double value) {
    if (!std::isfinite(value)) return "0";
    const auto hundredths = static_cast<long long>(std::llround(value * 100));
    auto text = std::to_string(std::abs(hundredths));
    if (text.size() < 3) text.insert(0, 3 - text.size(), '0');
    text.insert(text.size() - 2, ".");
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return hundredths < 0 ? "-" + text : text;
}

Svg::Svg(double width, double height, std::string_view label, std::string_view more_classes, bool group) {
    out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"viz" +
           (more_classes.empty() ? std::string() : " " + std::string(more_classes)) + "\" viewBox=\"0 0 " +
           length(width) + " " + length(height) + "\" role=\"" + (group ? "group" : "img") +
           "\" aria-label=\"" + escaped(label) + "\">";
    inside_ = out_.size();
}

void Svg::end_shape(const char* element, std::string_view said) {
    if (said.empty())
        out_ += "/>";
    else
        out_ += "><title>" + escaped(said) + "</title></" + element + ">";
}

void Svg::rect(double x, double y, double width, double height, std::string_view css, std::string_view said) {
    out_ += "<rect class=\"" + std::string(css) + "\" x=\"" + length(x) + "\" y=\"" + length(y) +
            "\" width=\"" + length(width) + "\" height=\"" + length(height) + "\"";
    end_shape("rect", said);
}

void Svg::circle(double x, double y, double radius, std::string_view css, std::string_view said) {
    out_ += "<circle class=\"" + std::string(css) + "\" cx=\"" + length(x) + "\" cy=\"" + length(y) +
            "\" r=\"" + length(radius) + "\"";
    end_shape("circle", said);
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view css) {
    out_ += "<line class=\"" + std::string(css) + "\" x1=\"" + length(x1) + "\" y1=\"" + length(y1) +
            "\" x2=\"" + length(x2) + "\" y2=\"" + length(y2) + "\"/>";
}

void Svg::path(std::string_view d, std::string_view css) {
    out_ += "<path class=\"" + std::string(css) + "\" d=\"" + std::string(d) + "\"/>";
}

void Svg::text(double x, double y, std::string_view text, std::string_view css, Anchor anchor) {
    static constexpr const char* anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    out_ += "<text class=\"" + std::string(css) + "\" x=\"" + length(x) + "\" y=\"" + length(y) + "\"" +
            anchors[static_cast<int>(anchor)] + ">" + escaped(text) + "</text>";
}

void Svg::begin_link(std::string_view href, std::string_view label) {
    out_ += "<a href=\"" + escaped(href) + "\" aria-label=\"" + escaped(label) + "\">";
}

std::string Svg::take_standalone() const {
    auto all = take();
    all.insert(inside_, own_colours);
    return all;
}

}  // namespace open_data::drawing
