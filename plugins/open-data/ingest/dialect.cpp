#include "plugins/open-data/ingest/dialect.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>
#include <map>

namespace open_data::ingest {
namespace {

constexpr std::size_t sample_rows = 2000;
constexpr std::string_view candidates = "\t;|,";  // in order of preference

struct Fit {
    double share = 0;       ///< of the rows that have the commonest number of cells, if those are two or more
    std::size_t width = 1;  ///< that number
    std::size_t quoted_lines = 0, rows = 0;
    std::size_t wide = 0;  ///< rows of more cells than a table may have
};

/// Rows of the sample; those between quotes are split once more where `wrapped`.
template <class Each>
void each_sample_row(std::string_view sample, bool whole, const Dialect& dialect, bool wrapped, Each each) {
    Splitter outer(dialect, Encoding::windows_1252, false), inner(dialect, Encoding::utf8, false);
    outer.feed(sample, whole);
    Row row;
    for (std::size_t rows = 0; rows < sample_rows && outer.next(row) == Splitter::State::row; ++rows) {
        const bool quoted = outer.was_quoted_line();
        if (wrapped && quoted) {
            inner.feed(row.cells.front(), true);
            if (inner.next(row) != Splitter::State::row) continue;
        }
        each(row, quoted);
    }
}

bool blank(const Row& row) {
    return std::all_of(row.cells.begin(), row.cells.end(), [](auto cell) { return cell.empty(); });
}

Fit fit(std::string_view sample, bool whole, const Dialect& dialect, bool wrapped) {
    std::map<std::size_t, std::size_t> widths;
    Fit found;
    each_sample_row(sample, whole, dialect, wrapped, [&](const Row& row, bool quoted) {
        found.wide += row.fault == Fault::too_many_columns;
        if (blank(row) || row.fault != Fault::none || row.cells.front().starts_with('#')) return;
        ++found.rows;
        ++widths[row.cells.size()];
        found.quoted_lines += quoted;
    });
    std::size_t most = 0;
    for (const auto& [width, rows] : widths) {
        if (width > 1 && rows >= most) most = rows, found.width = width;
    }
    if (found.rows) found.share = static_cast<double>(most) / static_cast<double>(found.rows);
    return found;
}

/// Commas of sentences: a blank behind nearly each, none in the first line.
bool is_prose(std::string_view sample, char newline) {
    const auto first = sample.substr(0, sample.find(newline));
    std::size_t commas = 0, followed = 0;
    for (std::size_t at = sample.find(','); at != std::string_view::npos; at = sample.find(',', at + 1)) {
        ++commas;
        followed += at + 1 < sample.size() && sample[at + 1] == ' ';
    }
    return first.find(',') == std::string_view::npos && followed * 10 >= commas * 9;
}

bool uses_backslashes(std::string_view sample) {
    std::size_t escaped = 0, doubled = 0;
    for (std::size_t at = sample.find('"'); at != std::string_view::npos; at = sample.find('"', at + 1)) {
        const char before = at ? sample[at - 1] : '\n',
                   after = at + 1 < sample.size() ? sample[at + 1] : '\n';
        if (before == '\\' && after != '\n' && after != '\r') ++escaped;
        // Two quotes with letters on both sides; an empty cell is no doubled quote.
        const bool letter =
            before != ',' && before != ';' && before != '\t' && before != '|' && before != '\n';
        if (after == '"' && letter && before != '\\' && before != '"') ++doubled;
    }
    return escaped && !doubled;
}

struct Choice {
    char delimiter = 0;
    Fit fit;
};

Choice choose(std::string_view sample, bool whole, Dialect dialect, bool wrapped) {
    Choice best;
    for (const char candidate : candidates) {
        dialect.delimiter = candidate;
        const Fit found = fit(sample, whole, dialect, wrapped);
        if (found.width < 2 || (candidate == ',' && is_prose(sample, dialect.newline))) continue;
        // Wider by itself is better than a little more even: titles and notes are uneven in any reading.
        const double worth = found.share + std::min<double>(static_cast<double>(found.width), 20) / 1000;
        const double bar =
            best.fit.share + std::min<double>(static_cast<double>(best.fit.width), 20) / 1000 + 0.02;
        if (!best.delimiter || worth > bar) best = {candidate, found};
    }
    return best;
}

/// Without it the lines of a table that is too wide would be taken for a single column.
void refuse_too_wide(std::string_view sample, bool whole, Dialect dialect) {
    for (const char candidate : candidates) {
        dialect.delimiter = candidate;
        const Fit found = fit(sample, whole, dialect, false);
        if (found.wide > found.rows)
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 concejo::N_("tiene más de 2000 columnas: deje solo las que hagan falta"));
    }
}

}  // namespace

bool is_separator_line(std::string_view line) {
    return line.size() >= 4 && line.size() <= 5 && (line.starts_with("sep=") || line.starts_with("SEP="));
}

void tell_dialect(std::string_view sample, bool whole, Recipe& recipe) {
    recipe.newline =
        sample.find('\n') == std::string_view::npos && sample.find('\r') != std::string_view::npos ? '\r'
                                                                                                   : '\n';
    recipe.backslash = uses_backslashes(sample);
    const auto first = trimmed(sample.substr(0, std::min(sample.find_first_of("\r\n"), std::size_t{64})));
    if (first.size() == 5 && is_separator_line(first)) {
        recipe.delimiter = first[4];
        return;
    }
    const Dialect dialect = dialect_of(recipe);
    Choice best = choose(sample, whole, dialect, false);
    const Fit lines = fit(sample, whole, dialect, false);  // each line as one cell, for want of a delimiter
    if (lines.quoted_lines * 10 >= lines.rows * 8 && best.fit.share < 0.5) {
        const Choice inside = choose(sample, whole, dialect, true);
        if (inside.fit.share >= 0.5) {
            best = inside;
            recipe.wrapped = true;
        }
    }
    recipe.delimiter = best.fit.share >= 0.2 ? best.delimiter : '\0';
    if (!recipe.delimiter) refuse_too_wide(sample, whole, dialect);
}

}  // namespace open_data::ingest
