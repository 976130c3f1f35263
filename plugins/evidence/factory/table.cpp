#include "plugins/evidence/factory/blocks.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <numeric>

namespace evidence::factory {
namespace {

constexpr double cell_side = 5;  // space at each side of a cell's text
constexpr std::size_t most_columns = 16, most_measured = 300;
constexpr Colour hairline{0.8, 0.8, 0.8}, header_fill{0.95, 0.95, 0.945};

void rule(cairo_t* cairo, Colour colour, double y, double thickness) {
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
    cairo_rectangle(cairo, margin, y - thickness / 2, text_width, thickness);
    cairo_fill(cairo);
}

/// Columns that need less than an equal share get what they need; the others share the rest, or all what is
/// left.
std::vector<double> shared_out(std::vector<double> wanted, double room) {
    std::vector<std::size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return wanted[a] < wanted[b]; });
    double rest = room;
    for (std::size_t n = 0; n < order.size(); ++n) {
        auto& width = wanted[order[n]];
        width = std::min(width, rest / static_cast<double>(order.size() - n));
        rest -= width;
    }
    for (auto& width : wanted) width += rest / static_cast<double>(wanted.size());
    return wanted;
}

}  // namespace

void Blocks::row(const Row& row) {
    const double spare = row.above + row.below;
    const double most = flow_.room() - spare - (row.repeated ? row.repeated->height : 0);
    std::size_t count = 0;
    double baseline = 0;  // one for all cells
    for (const auto& cell : row.cells) {
        count = std::max(count, cell.lines.count());
        baseline = std::max(baseline, cell.lines.ascent());
    }
    std::size_t from = 0;
    do {  // once, unless it is taller than a page
        auto to = from;
        double tall = 0;
        for (bool fits = true; fits && to < count; to += fits) {
            double next = 0;
            for (const auto& cell : row.cells) {
                const double drop = baseline - cell.lines.ascent();
                next = std::max(next, drop + cell.lines.height(from, to + 1));
            }
            fits = to == from || next <= most;
            if (fits) tall = next;
        }
        const bool first = from == 0, last = to >= count;
        Piece piece;
        piece.before = first ? row.before : 0;
        piece.height = tall + spare;
        piece.keep = last && row.keep;
        piece.repeated = row.repeated;
        piece.draw = [=, height = piece.height](Paper& paper, double y) {
            auto* ink = paper.ink();
            auto& tags = paper.tags();
            if (row.behind)
                paper.behind([behind = row.behind, y, height](cairo_t* cairo) { behind(cairo, y, height); });
            auto opens = row.opens;
            if (!first) opens.assign(1, row.opens.back());
            for (const auto& tag : opens) tags.begin(ink, tag);
            for (const auto& cell : row.cells) {
                tags.begin(ink, cell.tag);
                cell.lines.draw(ink, &tags, from, to, cell.x, y + row.above + baseline - cell.lines.ascent());
                tags.end(ink);
            }
            for (int n = last ? row.closes : 1; n > 0; --n) tags.end(ink);
        };
        flow_.add(std::move(piece));
        from = to;
    } while (from < count);
}

void Blocks::add(const Table& table, bool keep) {
    const auto columns = table.columns.size();
    const auto refuse = [](const char* why) { throw concejo::Error(concejo::ErrorKind::invalid, why); };
    if (columns == 0 || columns > most_columns) refuse("Una tabla tiene de 1 a 16 columnas");
    for (const auto& cells : table.rows)
        if (cells.size() > columns) refuse("Una fila de una tabla tiene más celdas que columnas la tabla");

    std::vector<double> widths(columns, 0);
    const auto measure = [&](std::size_t column, const Text& text, bool bold) {
        widths[column] =
            std::max(widths[column], typesetter_.set(text, small(bold), 0).width() + 2 * cell_side + 1);
    };
    for (std::size_t c = 0; c < columns; ++c) measure(c, table.columns[c].header, true);
    for (std::size_t r = 0; r < std::min(table.rows.size(), most_measured); ++r)
        for (std::size_t c = 0; c < table.rows[r].size(); ++c)
            measure(c, table.rows[r][c], table.row_headers && !c);
    widths = shared_out(widths, text_width);

    const auto cell = [&](std::size_t column, const Tag& tag, const Text& text, bool bold) {
        auto style = small(bold);
        style.align = table.columns[column].align;
        double x = margin + cell_side;
        for (std::size_t c = 0; c < column; ++c) x += widths[c];
        return Row::Cell{tag, typesetter_.set(text, style, std::max(4.0, widths[column] - 2 * cell_side)), x};
    };

    Row header;
    header.before = space_above(12), header.above = 5, header.below = 4, header.keep = true;
    for (std::size_t c = 0; c < columns; ++c)
        header.cells.push_back(cell(c, header_cell(true), table.columns[c].header, true));
    header.opens = {{"Table", "", ""}, {"TR", "", ""}};
    header.closes = table.rows.empty() ? 2 : 1;
    header.behind = [accent = accent_](cairo_t* cairo, double y, double height) {
        cairo_set_source_rgb(cairo, header_fill.red, header_fill.green, header_fill.blue);
        cairo_rectangle(cairo, margin, y, text_width, height);
        cairo_fill(cairo);
        rule(cairo, accent, y + height, 1);
    };
    if (const auto caption = clean(table.caption); !caption.empty()) {
        Spot spot;
        spot.before = header.before + 2, spot.below = 4, spot.keep = true;
        spot.opening = [](Paper& paper, double) { paper.tags().begin(paper.ink(), {"Table", "", ""}); };
        lines({"Caption", "", ""}, typesetter_.set(caption, small(true), text_width), spot);
        header.before = 0;
        header.opens.erase(header.opens.begin());
    }
    double tall = 0;
    for (const auto& one : header.cells) tall = std::max(tall, one.lines.height());
    tall += header.above + header.below;
    std::shared_ptr<const Repeated> repeated;
    if (tall < flow_.room() / 3)
        repeated = std::make_shared<Repeated>(
            Repeated{tall, [header, tall](cairo_t* cairo, double y) {
                         header.behind(cairo, y, tall);
                         for (const auto& one : header.cells)
                             one.lines.draw(cairo, nullptr, 0, one.lines.count(), one.x, y + header.above);
                     }});
    header.keep = !table.rows.empty() || keep;
    row(header);

    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        Row next;
        next.above = 4, next.below = 4;
        const bool last = r + 1 == table.rows.size();
        for (std::size_t c = 0; c < columns; ++c) {
            const bool heads = table.row_headers && c == 0;
            const Tag tag = heads ? header_cell(false) : Tag{"TD", "", ""};
            next.cells.push_back(cell(c, tag, c < table.rows[r].size() ? table.rows[r][c] : Text(), heads));
        }
        next.opens = {{"TR", "", ""}};
        next.closes = last ? 2 : 1;
        // No page begins or ends with a single row of several.
        next.keep = last ? keep : r == 0 || r + 2 == table.rows.size();
        next.repeated = repeated;
        next.behind = [](cairo_t* cairo, double y, double height) { rule(cairo, hairline, y + height, 0.5); };
        row(next);
    }
    edge_ = 16;
}

void Blocks::add(const Definitions& definitions, bool keep) {
    constexpr double labels = 108;
    for (std::size_t n = 0; n < definitions.items.size(); ++n) {
        const auto& item = definitions.items[n];
        const bool first = n == 0, last = n + 1 == definitions.items.size();
        Row next;
        next.before = first ? space_above(8) : 0, next.above = 2.5, next.below = 2.5,
        next.keep = last && keep;
        next.cells = {
            {{"Lbl", "", ""}, typesetter_.set(item.label, small(true), labels - 10), margin},
            {{"LBody", "", ""}, typesetter_.set(item.value, body(), text_width - labels), margin + labels}};
        if (first) next.opens = {{"L", "", ""}};
        next.opens.push_back({"LI", "", ""});
        next.closes = last ? 2 : 1;
        row(next);
    }
}

}  // namespace evidence::factory
