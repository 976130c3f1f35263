#include "plugins/evidence/factory/strip.hpp"

#include <concejo/error.hpp>

#include <qrencode.h>

#include <algorithm>

namespace evidence::factory {
namespace {

constexpr double gap = 12;  // between the code and the words: four modules of the largest code and more
constexpr double label_width = 90;  // what the page's number takes
constexpr Colour faint{0.36, 0.36, 0.36}, ink{0.1, 0.1, 0.1}, red{0.72, 0.08, 0.1};

void replace_all(std::string& text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

bool is_checkable(const Verification& said) {
    return !clean(said.csv).empty() && !said.url.empty() && said.url.size() <= 300 &&
           std::all_of(said.url.begin(), said.url.end(), [](char c) { return c > ' ' && c < 127; });
}

}  // namespace

std::string page_label(const std::string& pattern, std::size_t page, std::size_t pages) {
    auto text = pattern;
    replace_all(text, "{pages}", std::to_string(pages));
    replace_all(text, "{page}", std::to_string(page));
    return text;
}

void draw_page_label(cairo_t* cairo, const Typesetter& typesetter, const std::string& label, double x,
                     double y, double width, double size) {
    const Style style{typesetter.families().titles, size, false, false, faint, Align::right};
    const auto lines = typesetter.set(label, style, width);
    lines.draw(cairo, nullptr, 0, 1, x, y);
}

Strip::Strip(const Typesetter& typesetter, const Verification& said, double width, double side)
    : url_(said.url), side_(side) {
    using concejo::Error;
    using concejo::ErrorKind;
    if (!is_checkable(said))
        throw Error(ErrorKind::invalid, "Falta el CSV, o su dirección no sirve para un código QR");
    const crypto::Owned<QRcode, QRcode_free> code(QRcode_encodeString8bit(said.url.c_str(), 0, QR_ECLEVEL_M));
    if (!code) throw Error(ErrorKind::invalid, "La dirección del CSV no cabe en un código QR");
    modules_ = code->width;
    for (int i = 0; i < modules_ * modules_; ++i) code_ += static_cast<char>(code->data[i] & 1);

    const auto& families = typesetter.families();
    const double room = width - side - gap;
    const auto add = [&](const std::string& text, const Style& style, double wide) {
        if (!clean(text).empty()) lines_.push_back(typesetter.set(text, style, wide));
    };
    const double scale = std::min(1.0, side / 50);
    add(said.csv_label, {families.titles, 7 * scale, false, false, faint, Align::left, 1.15},
        room - label_width);
    add(said.csv, {families.codes, 10 * scale, true, false, ink, Align::left, 1.2}, room - label_width);
    add(said.url_label, {families.titles, 7 * scale, false, false, faint, Align::left, 1.3}, room);
    add(said.url, {families.titles, 7.5 * scale, false, false, ink, Align::left, 1.15}, room);
    add(said.note, {families.titles, 7 * scale, false, false, faint, Align::left, 1.15}, room);
    add(said.mark, {families.titles, 8 * scale, true, false, red, Align::left, 1.2}, room);
    for (const auto& lines : lines_) height_ += lines.height();
    height_ = std::max(height_, side);
    if (height_ > 150) throw Error(ErrorKind::invalid, "Lo que acompaña al CSV es demasiado largo");
}

void Strip::draw_code(cairo_t* cairo, double x, double y) const {
    const double module = side_ / modules_;
    cairo_set_source_rgb(cairo, 0, 0, 0);
    for (int row = 0; row < modules_; ++row) {
        const std::string_view cells = std::string_view(code_).substr(
            static_cast<std::size_t>(row * modules_), static_cast<std::size_t>(modules_));
        for (std::size_t from = cells.find('\1'); from != std::string_view::npos;) {
            const auto to = std::min(cells.find('\0', from), cells.size());
            cairo_rectangle(cairo, x + module * static_cast<double>(from), y + module * row,
                            module * static_cast<double>(to - from), module);
            from = cells.find('\1', to);
        }
    }
    cairo_fill(cairo);  // at once: rows that touch leave no seam
}

void Strip::draw(cairo_t* cairo, Tags* tags, double x, double y) const {
    if (tags) tags->begin(cairo, {"Figure", url_, ""});
    draw_code(cairo, x, y);
    if (tags) tags->end(cairo);
    double top = y - 1;
    for (const auto& lines : lines_) {
        if (tags) tags->begin(cairo, {"P", "", ""});
        lines.draw(cairo, tags, 0, lines.count(), x + side_ + gap, top);
        if (tags) tags->end(cairo);
        top += lines.height();
    }
}

}  // namespace evidence::factory
