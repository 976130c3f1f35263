#include "plugins/evidence/factory/frame.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace evidence::factory {
namespace {

constexpr double upper = 44, lower = 36;  // from the page's edges
constexpr double shield_width = 52, shield_height = 58, small_shield = 0.42;
constexpr double code_side = 50;
constexpr Colour grey{0.36, 0.36, 0.36}, dark{0.1, 0.1, 0.1};

void line(cairo_t* cairo, Colour colour, double y, double thickness) {
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
    cairo_rectangle(cairo, margin, y, text_width, thickness);
    cairo_fill(cairo);
}

void draw_paragraph(Paper& paper, const Lines& lines, double x, double y) {
    paper.tags().begin(paper.ink(), {"P", "", ""});
    lines.draw(paper.ink(), &paper.tags(), 0, lines.count(), x, y);
    paper.tags().end(paper.ink());
}

}  // namespace

Frame::Frame(const Typesetter& typesetter, const Document& document)
    : typesetter_(typesetter), document_(document) {
    const auto& head = document.letterhead;
    const auto& families = typesetter.families();
    if (head.shield) shield_.emplace(*head.shield, shield_width, shield_height);
    const double beside = shield_ ? shield_->width() + 14 : 0;
    name_ = typesetter.set(head.name, {families.text, 15, true, false, dark, Align::left, 1.15},
                           text_width - beside);
    unit_ = typesetter.set(head.unit, {families.titles, 9, false, false, grey, Align::left, 1.25},
                           text_width - beside);
    running_ = typesetter.set(head.name, {families.text, 9.5, true, false, dark, Align::left, 1.15},
                              text_width - beside * small_shield);
    const double words = name_.height() + (clean(head.unit).empty() ? 0 : 2 + unit_.height());
    first_top_ = upper + std::max(shield_ ? shield_->height() : 0, words) + 12 + 22;
    top_ = upper + std::max(shield_ ? shield_->height() * small_shield : 0, running_.height()) + 8 + 20;
    if (first_top_ > page_height / 3 || top_ > page_height / 5)
        throw concejo::Error(concejo::ErrorKind::invalid, "El membrete es demasiado largo");
    if (document.verification) strip_.emplace(typesetter, *document.verification, text_width, code_side);
    bottom_ = page_height - lower - (strip_ ? strip_->height() + 10 : 14) - 16;
}

void Frame::begin(Paper& paper) const {
    const auto& head = document_.letterhead;
    double x = margin;
    if (shield_) {
        paper.tags().begin(paper.ink(), {"Figure", shield_->alt(), ""});
        shield_->draw(paper.ink(), margin, upper);
        paper.tags().drawn();
        paper.tags().end(paper.ink());
        x += shield_->width() + 14;
    }
    const bool has_unit = !clean(head.unit).empty();
    const double words = name_.height() + (has_unit ? 2 + unit_.height() : 0);
    double y = upper + std::max(0.0, ((shield_ ? shield_->height() : 0) - words) / 2);
    if (!clean(head.name).empty()) draw_paragraph(paper, name_, x, y);
    if (has_unit) draw_paragraph(paper, unit_, x, y + name_.height() + 2);
    paper.behind(
        [accent = head.accent, y = first_top_ - 22](cairo_t* cairo) { line(cairo, accent, y, 1.2); });
}

void Frame::draw_header(cairo_t* cairo) const {
    const double tall = std::max(shield_ ? shield_->height() * small_shield : 0, running_.height());
    double x = margin;
    if (shield_) {
        shield_->draw(cairo, margin, upper, small_shield);
        x += (shield_->width() + 14) * small_shield;
    }
    running_.draw(cairo, nullptr, 0, running_.count(), x, upper + (tall - running_.height()) / 2);
    line(cairo, document_.letterhead.accent, top_ - 20, 0.7);
}

void Frame::finish(Paper& paper) const {
    const auto pages = paper.page() + 1;
    const double foot = bottom_ + 16;
    for (std::size_t page = 0; page < pages; ++page)
        paper.behind(page, [=, this](cairo_t* cairo) {
            if (page > 0) draw_header(cairo);
            line(cairo, {0.72, 0.72, 0.72}, foot, 0.5);
            if (strip_ && page + 1 < pages) strip_->draw(cairo, nullptr, margin, foot + 10);
            draw_page_label(cairo, typesetter_, page_label(document_.page_label, page + 1, pages), margin,
                            foot + 9, text_width);
        });
    if (strip_) strip_->draw(paper.ink(), &paper.tags(), margin, foot + 10);
}

}  // namespace evidence::factory
