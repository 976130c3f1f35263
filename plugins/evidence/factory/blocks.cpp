#include "plugins/evidence/factory/blocks.hpp"

#include "plugins/evidence/factory/drawing.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace evidence::factory {
namespace {

constexpr double millimetre = 72 / 25.4;

double aligned(Align align, double width) {
    const double spare = text_width - width;
    return margin + (align == Align::left ? 0 : align == Align::right ? spare : spare / 2);
}

void fill(cairo_t* cairo, Colour colour, double x, double y, double width, double height) {
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
    cairo_rectangle(cairo, x, y, width, height);
    cairo_fill(cairo);
}

}  // namespace

void Blocks::add(const std::vector<Block>& blocks) {
    for (std::size_t n = 0; n < blocks.size(); ++n) {
        const bool keep = n + 1 < blocks.size() && std::holds_alternative<SignatureSpace>(blocks[n + 1]);
        std::visit([&](const auto& block) { add(block, keep); }, blocks[n]);
    }
    flow_.flush();
}

void Blocks::lines(const Tag& tag, const Lines& set, const Spot& spot) {
    const auto count = set.count();
    for (std::size_t n = 0; n < count; ++n) {
        const bool first = n == 0, last = n + 1 == count;
        Piece piece;
        piece.before = first ? spot.before : 0;
        const double above = first ? spot.above : 0, tall = set.height(n, n + 1);
        piece.height = above + tall + (last ? spot.below : 0);
        // No page begins or ends with a single line of a paragraph.
        piece.keep = last ? spot.keep : first || n + 2 == count;
        piece.draw = [=, height = piece.height](Paper& paper, double y) {
            if (spot.behind)
                paper.behind([behind = spot.behind, y, height](cairo_t* cairo) { behind(cairo, y, height); });
            if (first && spot.opening) spot.opening(paper, y + above);
            if (first) paper.tags().begin(paper.ink(), tag);
            set.draw(paper.ink(), &paper.tags(), n, spot.x, y + above);
            if (last) paper.tags().end(paper.ink());
            if (last && spot.closing) spot.closing(paper, y + above + tall);
        };
        flow_.add(std::move(piece));
    }
}

void Blocks::add(const Heading& heading, bool) {
    if (heading.level < 1 || heading.level > 3)
        throw concejo::Error(concejo::ErrorKind::invalid, "El nivel de un título va de 1 a 3");
    const auto title = clean(heading.text);
    if (title.empty()) return;
    static constexpr double sizes[] = {17, 12.5, 10.5}, spaces[] = {22, 18, 14};
    const auto level = static_cast<std::size_t>(heading.level - 1);
    const Style style{typesetter_.families().titles, sizes[level], true, false, ink_, Align::left, 1.2};
    Spot spot;
    spot.before = space_above(spaces[level]), spot.below = 1, spot.keep = true;
    spot.opening = [level = heading.level, title](Paper& paper, double y) { paper.outline(level, title, y); };
    lines({"H" + std::to_string(heading.level), "", ""}, typesetter_.set(title, style, text_width), spot);
}

void Blocks::add(const Paragraph& paragraph, bool keep) {
    auto style = body();
    style.align = paragraph.align;
    Spot spot;
    spot.before = space_above(8), spot.keep = keep || paragraph.keep_with_next;
    lines({"P", "", ""}, typesetter_.set(paragraph.text, style, text_width), spot);
}

void Blocks::add(const List& list, bool keep) {
    const auto tag = list_tag(list.numbered);
    for (std::size_t n = 0; n < list.items.size(); ++n) {
        const bool first = n == 0, last = n + 1 == list.items.size();
        auto style = body();
        const auto mark = typesetter_.set(list.numbered ? std::to_string(n + 1) + "." : "•", style, 0);
        const double indent = list.numbered ? 26 : 18;
        Spot spot;
        spot.x = margin + indent, spot.before = first ? space_above(8) : 4, spot.keep = keep && last;
        spot.opening = [=](Paper& paper, double y) {
            auto* ink = paper.ink();
            if (first) paper.tags().begin(ink, tag);
            paper.tags().begin(ink, {"LI", "", ""});
            paper.tags().begin(ink, {"Lbl", "", ""});
            mark.draw(ink, &paper.tags(), 0, margin + indent - 7 - mark.width(), y);
            paper.tags().end(ink);
        };
        spot.closing = [last](Paper& paper, double) {
            paper.tags().end(paper.ink());
            if (last) paper.tags().end(paper.ink());
        };
        lines({"LBody", "", ""}, typesetter_.set(list.items[n], style, text_width - indent), spot);
    }
}

void Blocks::add(const Note& note, bool keep) {
    const Colour bar = note.warning ? Colour{0.8, 0.42, 0.05} : accent_;
    const Colour paper = note.warning ? Colour{1, 0.965, 0.91} : Colour{0.957, 0.957, 0.953};
    constexpr double inside = 14, edge = 9;
    const auto title = clean(note.title);
    Spot spot;
    spot.x = margin + inside, spot.before = space_above(12), spot.above = edge, spot.below = edge,
    spot.keep = keep;
    spot.behind = [=](cairo_t* cairo, double y, double height) {
        fill(cairo, paper, margin, y - 0.2, text_width, height + 0.2);  // pieces that touch show no seam
        fill(cairo, bar, margin, y - 0.2, 3, height + 0.2);
    };
    spot.opening = [](Paper& at, double) { at.tags().begin(at.ink(), {"Div", "", ""}); };
    spot.closing = [](Paper& at, double) { at.tags().end(at.ink()); };
    const double wide = text_width - 2 * inside;
    auto style = body();
    style.size = 10;
    const auto text = typesetter_.set(note.text, style, wide);
    edge_ = 14;
    if (title.empty()) return lines({"P", "", ""}, text, spot);
    auto head = spot;
    head.below = 2, head.keep = true, head.closing = nullptr;
    lines({"P", "", ""}, typesetter_.set(title, small(true), wide), head);
    spot.before = spot.above = 0, spot.opening = nullptr;
    lines({"P", "", ""}, text, spot);
}

void Blocks::add(const PageBreak&, bool) { flow_.break_page(); }

void Blocks::add(const Image& image, bool keep) {
    if (!(image.width > 0)) throw concejo::Error(concejo::ErrorKind::invalid, "Una imagen no tiene anchura");
    const Drawing drawing(image.picture, std::min(image.width * millimetre, text_width), flow_.room() * 0.9);
    const double x = aligned(image.align, drawing.width());
    flow_.add({space_above(12), drawing.height(), keep,
               [=](Paper& paper, double y) {
                   paper.tags().begin(paper.ink(), {"Figure", drawing.alt(), ""});
                   drawing.draw(paper.ink(), x, y);
                   paper.tags().drawn();
                   paper.tags().end(paper.ink());
               },
               nullptr});
    edge_ = 14;
}

void Blocks::add(const SignatureSpace& space, bool) {
    const double width = std::min(space.width * millimetre, text_width);
    const double height = std::min(space.height * millimetre, flow_.room() / 2);
    if (!(width > 0 && height > 0))
        throw concejo::Error(concejo::ErrorKind::invalid, "El sitio de una firma no tiene tamaño");
    const double x = aligned(space.align, width);
    flow_.add({space_above(8), height, false,
               [this, x, width, height](Paper& paper, double y) {
                   const double top = page_height - y;
                   signatures_.push_back({static_cast<int>(paper.page()), {x, top - height, x + width, top}});
               },
               nullptr});
}

}  // namespace evidence::factory
