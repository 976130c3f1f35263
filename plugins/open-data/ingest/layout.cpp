#include "plugins/open-data/ingest/layout.hpp"

#include "plugins/open-data/ingest/dialect.hpp"
#include "plugins/open-data/ingest/evidence.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace open_data::ingest {
namespace {

constexpr std::size_t head_rows = 1000, head_bytes = std::size_t{8} << 20;
constexpr std::size_t deepest_header = 100;  // rows in front of it

using Line = Head::Line;

std::size_t filled_cells(const Line& line) {
    return static_cast<std::size_t>(
        std::count_if(line.cells.begin(), line.cells.end(), [](const auto& cell) { return !cell.empty(); }));
}

bool is_comment(const Line& line) { return line.cells.front().starts_with('#'); }

/// A sentence behind "#", not a row that begins so, nor a spreadsheet's error ("#N/D"): "# revisado; en mayo", "#fin" alone.
bool is_note(const Line& line, std::size_t width) {
    const std::string_view cell = line.cells.front();
    return cell.starts_with("# ") ||
           (line.cells.size() == 1 && width > 2 && cell.size() > 1 && cell[1] >= 'a' && cell[1] <= 'z');
}

/// The commonest width; the wider one of two.
std::size_t common_width(const std::vector<const Line*>& lines) {
    std::map<std::size_t, std::size_t> widths;
    for (const auto* line : lines) ++widths[line->cells.size()];
    std::size_t best = 1, most = 0;
    for (const auto& [width, count] : widths) {
        if (count >= most) most = count, best = width;
    }
    return best;
}

enum class Look { blank, text, number, moment, word };  // word: one of a boolean

Look look(std::string_view cell) {
    if (is_null(cell)) return Look::blank;
    const auto mask = readings(cell);
    if (mask & (reads::number_comma | reads::number_point | reads::code)) return Look::number;
    if (mask & (reads::yes | reads::no)) return Look::word;
    return mask ? Look::moment : Look::text;
}

bool is_year(std::string_view cell) {
    return cell.size() == 4 && (cell.starts_with("19") || cell.starts_with("20")) &&
           look(cell) == Look::number;
}

/// What a column looks like below a row.
struct Below {
    Look look = Look::blank;  ///< of most of its cells
    bool years = false;       ///< most of them are years
    bool again = false;       ///< the cell of that row comes again
};

Below below(const std::vector<const Line*>& lines, std::size_t row, std::size_t column) {
    std::map<Look, std::size_t> looks;
    std::size_t years = 0, cells = 0;
    Below found;
    for (std::size_t i = row + 1; i < lines.size(); ++i) {
        if (column >= lines[i]->cells.size() || is_null(lines[i]->cells[column])) continue;
        const auto& cell = lines[i]->cells[column];
        ++cells;
        ++looks[look(cell)];
        years += is_year(cell);
        const bool page = lines[i]->cells == lines[row]->cells;  // the header once more
        found.again |= !page && column < lines[row]->cells.size() && cell == lines[row]->cells[column];
    }
    for (const auto& [what, count] : looks) {
        if (count * 2 > cells) found.look = what;
    }
    found.years = years * 2 > cells;
    return found;
}

/// How much the row looks like a header of what is below it; negative: like one more of those rows.
int header_score(const std::vector<const Line*>& lines, std::size_t row) {
    int score = 0;
    const auto& cells = lines[row]->cells;
    for (std::size_t column = 0; column < cells.size(); ++column) {
        const Look here = look(cells[column]);
        if (here == Look::blank) continue;
        const Below under = below(lines, row, column);
        const bool typed = under.look != Look::text && under.look != Look::blank;
        if (here == Look::text ||
            (here == Look::word && under.look != Look::word)) {  // a column may be called "n"
            score += typed ? 1 : 0;
            score -= under.again ? 1 : 0;
        } else if (is_year(cells[column])) {
            score += typed && !under.years ? 1 : -1;
        } else {
            score -= typed || under.again ? 1 : 0;
        }
    }
    return score;
}

bool all_texts(const Line& line) {
    return std::all_of(line.cells.begin(), line.cells.end(),
                       [](const auto& cell) { return look(cell) == Look::text; });
}

bool distinct(const Line& line) {
    std::set<std::string_view> seen;
    return std::all_of(line.cells.begin(), line.cells.end(),
                       [&](const auto& cell) { return cell.empty() || seen.insert(cell).second; });
}

/// The first row that fills three quarters of the table, or half of it; the number of rows where none does.
std::size_t first_full(const std::vector<const Line*>& lines, std::size_t width) {
    for (const std::size_t quarters : {3U, 2U}) {
        for (std::size_t i = 0; i < std::min(lines.size(), deepest_header); ++i) {
            if (filled_cells(*lines[i]) * 4 >= width * quarters) return i;
        }
    }
    return lines.size();
}

struct Begin {
    std::size_t row = 0;
    bool header = false;
};

Begin find_begin(const std::vector<const Line*>& lines, std::size_t width) {
    const std::size_t first = first_full(lines, width);
    if (first == lines.size()) return {0, false};
    const int score = header_score(lines, first);
    if (score > 0) return {first, true};
    for (std::size_t i = first + 1; i <= first + 10 && i + 1 < lines.size(); ++i) {
        const bool full =
            lines[i]->cells.size() >= width && filled_cells(*lines[i]) == lines[i]->cells.size();
        if (full && all_texts(*lines[i]) && distinct(*lines[i]) && header_score(lines, i) > 0)
            return {i, true};
    }
    const bool names = distinct(*lines[first]) && look(lines[first]->cells.front()) != Look::number;
    return {first, score == 0 && (names || all_texts(*lines[first]))};
}

std::vector<Column> columns_of(const Line& header, std::size_t width, bool named) {
    std::vector<Column> columns(std::max(width, named ? header.cells.size() : 0));
    for (std::size_t i = 0; named && i < header.cells.size(); ++i)
        columns[i].source = single_line(header.cells[i]);
    return columns;
}

}  // namespace

Head read_head(Cursor& cursor) {
    Head head;
    Row row;
    std::size_t bytes = 0;
    while (head.lines.size() < head_rows && bytes < head_bytes && cursor.next(row)) {
        std::size_t width = row.cells.size();
        while (width && row.cells[width - 1].empty()) --width;
        if (!width) continue;
        Line line{row.line, {}};
        line.cells.assign(row.cells.begin(), row.cells.begin() + static_cast<std::ptrdiff_t>(width));
        for (const auto& cell : line.cells) bytes += cell.size();
        head.lines.push_back(std::move(line));
    }
    return head;
}

std::string single_line(std::string_view text) {
    std::string out;
    for (const char c : trimmed(text)) {
        const bool blank = static_cast<unsigned char>(c) <= ' ';
        if (!blank) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    return out;
}

void name_columns(std::vector<Column>& columns) {
    std::set<std::string> taken{"_id"};
    for (const auto& column : columns) taken.insert(column.source);
    std::set<std::string> used{"_id"};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        auto& column = columns[i];
        const bool unnamed = column.source.empty();
        const std::string wanted = unnamed ? "columna_" + std::to_string(i + 1) : column.source;
        column.name = wanted;
        // A number that the file itself uses elsewhere is left to it.
        for (int n = 2; used.contains(column.name) || ((unnamed || n > 2) && taken.contains(column.name));
             ++n)
            column.name = wanted + "_" + std::to_string(n);
        used.insert(column.name);
    }
}

void find_layout(const Head& head, Recipe& recipe) {
    recipe.columns.clear();
    recipe.header_line = 0;
    recipe.first_line = 1;
    recipe.comment.clear();
    recipe.late_notes = false;
    std::vector<const Line*> lines;
    for (const auto& line : head.lines) {
        const bool separator =
            line.line == 1 && recipe.container == "csv" && is_separator_line(line.cells.front());
        if (!separator) lines.push_back(&line);
    }
    if (recipe.named) {
        if (!lines.empty()) recipe.columns = columns_of(*lines.front(), 0, true);
        return name_columns(recipe.columns);
    }
    std::vector<const Line*> table;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(table),
                 [](auto* line) { return !is_comment(*line); });
    recipe.late_notes = table.size() == lines.size() && table.size() > 0;
    if (table.size() < lines.size()) {
        const auto width = common_width(table.empty() ? lines : table);
        const auto kept = [&](const Line* line) { return line->cells.size() == width && width > 1; };
        const auto* first = lines.front();
        // "#id;nombre" is a header, a note behind "#" is none.
        const auto last =
            std::find_if(lines.begin(), lines.end(), [](auto* line) { return !is_comment(*line); });
        const auto* above = last == lines.begin() ? nullptr : *(last - 1);
        if (above && kept(above)) table.insert(table.begin(), above);
        if (is_comment(*first) && first != (above && kept(above) ? above : nullptr)) recipe.comment = "#";
        if (!is_comment(*first)) {
            const auto row = std::find_if(lines.begin(), lines.end(),
                                          [&](auto* line) { return line->cells.size() == width; });
            const bool notes = row != lines.end() && !is_comment(**row) && table.size() * 2 > lines.size() &&
                               std::all_of(lines.begin(), lines.end(), [&](auto* line) {
                                   return !is_comment(*line) || is_note(*line, width);
                               });
            if (notes)
                recipe.comment = "#";
            else
                table = lines;
        }
    }
    if (table.empty()) return;
    const auto width = common_width(table);
    const Begin begin = find_begin(table, width);
    recipe.header_line = begin.header ? table[begin.row]->line : 0;
    recipe.first_line = table[begin.row]->line + (begin.header ? 1 : 0);
    recipe.columns = columns_of(*table[begin.row], width, begin.header);
    name_columns(recipe.columns);
}

}  // namespace open_data::ingest
