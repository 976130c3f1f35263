#include "charts.hpp"

#include "scale.hpp"

#include <algorithm>
#include <cmath>

namespace open_data::drawing {
namespace {

constexpr double letter = 7.4;  ///< how wide one is, about, of 14 units

double total_width(Width width) { return width == Width::wide ? 1000 : 340; }

std::string said_of(const Mark& mark) { return mark.label + ": " + mark.text; }

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Least and most of the values, and nothing.
std::pair<double, double> range_with_zero(const std::vector<Mark>& marks) {
    double least = 0, most = 0;
    for (const auto& mark : marks)
        if (mark.value) least = std::min(least, *mark.value), most = std::max(most, *mark.value);
    return {least, most};
}

/// Where a line chart has its parts.
struct Frame {
    Scale scale;
    std::vector<std::string> ticks;
    double left = 0, right = 0, top = 12, bottom = 0;

    Frame(const Chart& chart, Width width, double height)
        : right(total_width(width) - 12), bottom(height - 30) {
        const auto [least, most] = range_with_zero(chart.marks);
        scale = Scale::around(least, most, 5);
        std::size_t longest = 0;
        for (const auto tick : scale.ticks()) {
            ticks.push_back(chart.number(tick, scale.step.decimals()));
            longest = std::max(longest, characters(ticks.back()));
        }
        left = 10 + letter * static_cast<double>(longest);
    }
    double y(double value) const { return bottom - (bottom - top) * scale.at(value); }
};

void draw_axes(Svg& svg, const Frame& frame) {
    const auto ticks = frame.scale.ticks();
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const auto y = frame.y(ticks[i]);
        svg.line(frame.left, y, frame.right, y);
        svg.text(frame.left - 8, y + 5, frame.ticks[i], "ax", Anchor::end);
    }
}

/// As many names as there is room for.
void draw_names(Svg& svg, const Chart& chart, const Frame& frame,
                const std::function<double(std::size_t)>& x) {
    std::size_t longest = 1;
    for (const auto& mark : chart.marks) longest = std::max(longest, characters(mark.label));
    const auto room =
        std::max(1.0, std::floor((frame.right - frame.left) / (letter * static_cast<double>(longest) + 16)));
    const auto every = static_cast<std::size_t>(std::ceil(static_cast<double>(chart.marks.size()) / room));
    for (std::size_t i = 0; i < chart.marks.size(); i += every) {
        const auto half = letter * static_cast<double>(characters(chart.marks[i].label)) / 2;
        svg.text(std::clamp(x(i), frame.left + half - 10, frame.right + 10 - half), frame.bottom + 20,
                 chart.marks[i].label, "ax", Anchor::middle);
    }
}

}  // namespace

Svg distribution(const Chart& chart, const std::string& first, const std::string& last) {
    constexpr double width = 320, height = 96, floor = 74;
    Svg svg(width, height, chart.label);
    const auto most = range_with_zero(chart.marks).second;
    const auto each = width / static_cast<double>(std::max<std::size_t>(1, chart.marks.size()));
    const auto gap = std::min(2.0, each / 5);
    for (std::size_t i = 0; i < chart.marks.size(); ++i) {
        const auto value = chart.marks[i].value.value_or(0);
        if (value <= 0) continue;
        const auto tall = std::max(2.0, (floor - 6) * value / most);  // what there is little of is seen too
        svg.rect(static_cast<double>(i) * each + gap / 2, floor - tall, each - gap, tall, "chart-1",
                 said_of(chart.marks[i]));
    }
    svg.line(0, floor + .5, width, floor + .5);
    svg.text(0, floor + 18, first);
    svg.text(width, floor + 18, last, "ax", Anchor::end);
    return svg;
}

Svg bars(const Chart& chart, Width width, std::string_view more_classes) {
    const bool wide = width == Width::wide;
    const double all = total_width(width), row = wide ? 32 : 46,
                 height = row * static_cast<double>(chart.marks.size()) + 8;
    const auto [least, most] = range_with_zero(chart.marks);
    std::size_t longest = 0;
    for (const auto& mark : chart.marks) longest = std::max(longest, characters(mark.text));
    const double values = letter * static_cast<double>(longest) + 12, left = wide ? 280 : 0,
                 right = all - (wide ? values : 0);
    const auto x = [&](double value) {
        return most > least ? left + (right - left) * (value - least) / (most - least) : left;
    };
    Svg svg(all, height, chart.label, more_classes);
    for (std::size_t i = 0; i < chart.marks.size(); ++i) {
        const auto& mark = chart.marks[i];
        const double top = 4 + row * static_cast<double>(i), value = mark.value.value_or(0),
                     from = std::min(x(0), x(value)), to = std::max(x(0), x(value));
        if (wide) {
            svg.text(left - 10, top + 20, shortened(mark.label, 36), "lbl", Anchor::end);
            svg.rect(from, top + 4, std::max(1.0, to - from), row - 10, "chart-1", said_of(mark));
            svg.text(all, top + 20, mark.text, "ax", Anchor::end);
        } else {
            svg.text(0, top + 15,
                     shortened(mark.label, static_cast<std::size_t>(std::max(8.0, (all - values) / letter))),
                     "lbl");
            svg.text(all, top + 15, mark.text, "ax", Anchor::end);
            svg.rect(from, top + 21, std::max(1.0, to - from), 14, "chart-1", said_of(mark));
        }
    }
    if (least < 0) svg.line(x(0), 0, x(0), height, "grid");
    return svg;
}

Svg curve(const Chart& chart, Width width, std::string_view more_classes) {
    const double height = width == Width::wide ? 320 : 260;
    const Frame frame(chart, width, height);
    Svg svg(total_width(width), height, chart.label, more_classes);
    draw_axes(svg, frame);
    const auto& marks = chart.marks;
    const auto x = [&](std::size_t i) {
        return marks.size() < 2 ? (frame.left + frame.right) / 2
                                : frame.left + 8 +
                                      (frame.right - frame.left - 16) * static_cast<double>(i) /
                                          static_cast<double>(marks.size() - 1);
    };
    std::string d;
    bool drawing = false;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        if (marks[i].value)
            d += (drawing ? "L" : "M") + length(x(i)) + " " + length(frame.y(*marks[i].value));
        drawing = marks[i].value.has_value();
    }
    if (!d.empty()) svg.path(d, "curve");
    const auto radius = marks.size() > 60 ? 2.0 : 4.0;
    for (std::size_t i = 0; i < marks.size(); ++i)
        if (marks[i].value) svg.circle(x(i), frame.y(*marks[i].value), radius, "chart-1", said_of(marks[i]));
    draw_names(svg, chart, frame, x);
    return svg;
}

}  // namespace open_data::drawing
