#include "plugins/open-data/ingest/table.hpp"

#include "plugins/open-data/ingest/layout.hpp"
#include "plugins/open-data/ingest/number.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>

namespace open_data::ingest {
namespace {

using concejo::N_;

constexpr std::size_t header_within = 200;  // rows
constexpr std::size_t most_held = 64;

const char* fault_text(Fault fault) {
    switch (fault) {
        case Fault::cell_too_large:
            return N_("una celda pasa de 1 MiB");
        case Fault::row_too_large:
            return N_("la fila pasa de 4 MiB");
        case Fault::too_many_columns:
            return N_("la fila tiene más de 2000 columnas");
        case Fault::unclosed_quote:
            return N_("hay comillas que se abren y no se cierran");
        case Fault::malformed:
        case Fault::none:
            break;
    }
    return N_("la fila está mal formada");
}

bool starts_as_total(std::string_view cell) {
    const char initial = static_cast<char>(cell.front() | 0x20);
    if (cell.size() < 4 || cell.size() > 60 || (initial != 't' && initial != 's')) return false;
    std::string lower;
    for (const char c : cell.substr(0, 9)) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    for (const std::string_view word : {"totales", "total", "subtotal", "suma", "sumas"}) {
        const bool begins = std::string_view(lower).starts_with(word);
        if (begins && (lower.size() == word.size() || lower[word.size()] == ' ' || lower[word.size()] == ':'))
            return true;
    }
    return false;
}

bool blank_row(const Row& row) {
    return std::all_of(row.cells.begin(), row.cells.end(), [](auto cell) { return cell.empty(); });
}

[[noreturn]] void no_header(const Recipe& recipe) {
    std::string names;
    for (const auto& column : recipe.columns)
        if (!column.source.empty()) names += (names.empty() ? "«" : ", «") + column.source + "»";
    throw concejo::Error(
        concejo::ErrorKind::invalid,
        "no hay en el archivo una fila con los nombres de las columnas de la receta, ni uno más: " + names);
}

}  // namespace

std::string Reject::text() const { return reason ? concejo::fill(reason, values) : std::string(); }

Table::Table(const Source& source, const Recipe& recipe) : recipe_(recipe), cursor_(source.open(recipe)) {
    width_ = recipe.columns.size();
    if (recipe.columns.empty()) {
        ended_ = true;
    } else if (recipe.header_line || recipe.named) {
        find_header();
    }
}

void Table::find_header() {
    for (std::size_t i = 0; i < header_within && cursor_->next(row_); ++i) {
        if (row_.fault == Fault::none && match(row_)) return;
    }
    no_header(recipe_);
}

/// Whether the row has the columns' names and no other; notes where each stands.
bool Table::match(const Row& row) {
    std::vector<std::string> names;
    for (const auto cell : row.cells) names.push_back(single_line(cell));
    while (!names.empty() && names.back().empty()) names.pop_back();
    const auto& columns = recipe_.columns;
    if (names.size() > columns.size()) return false;
    names.resize(columns.size());
    std::vector<std::size_t> places;
    std::vector<bool> used(names.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::size_t at = names[i] == columns[i].source && !used[i] ? i : 0;
        while (at < names.size() && (used[at] || names[at] != columns[i].source)) ++at;
        if (at == names.size()) return false;
        used[at] = true;
        places.push_back(at);
    }
    if (!std::is_sorted(places.begin(), places.end())) places_ = places;
    header_ = names;
    return true;
}

bool Table::skipped(const Row& row) const {
    if (row.fault != Fault::none) return !recipe_.header_line && row.line < recipe_.first_line;
    if (!recipe_.named && row.line < recipe_.first_line && !recipe_.header_line) return true;
    if (row.cells.empty()) return true;
    if (!recipe_.comment.empty() && row.cells.front().starts_with(recipe_.comment)) return true;
    if (recipe_.late_notes && row.cells.front().starts_with('#') && is_late_note(row)) return true;
    return row.cells.front().empty() && blank_row(row);
}

/// "# revisado en mayo", alone or with as many cells as no row has.
bool Table::is_late_note(const Row& row) const {
    return width_ > 1 && row.cells.front().starts_with("# ") &&
           (row.cells.size() != width_ ||
            std::all_of(row.cells.begin() + 1, row.cells.end(), [](auto cell) { return cell.empty(); }));
}

bool Table::is_header(const Row& row) const {
    if (header_.empty() || recipe_.named || row.cells.size() < 2) return false;
    const auto front = row.cells.front();
    if (front.substr(0, 1) != std::string_view(header_.front()).substr(0, 1)) return false;
    if (single_line(front) != header_.front()) return false;
    for (std::size_t i = 0; i < std::max(row.cells.size(), header_.size()); ++i) {
        const std::string_view name = i < header_.size() ? std::string_view(header_[i]) : std::string_view();
        if ((i < row.cells.size() ? single_line(row.cells[i]) : std::string()) != name) return false;
    }
    return true;
}

Table::Tail Table::tail(const Row& row) const {
    if (recipe_.container != "csv" && recipe_.container != "xlsx" && recipe_.container != "ods")
        return Tail::none;
    std::size_t filled = 0, first = row.cells.size();
    for (std::size_t i = 0; i < row.cells.size() && filled < 2; ++i) {
        if (row.cells[i].empty()) continue;
        first = std::min(first, i);
        ++filled;
    }
    const auto cell = row.cells[first];
    if (width_ >= 2 && !totals_inside_ && starts_as_total(cell)) {
        NumberShape shape;
        const bool figures =
            std::all_of(row.cells.begin() + static_cast<std::ptrdiff_t>(first) + 1, row.cells.end(),
                        [&](auto other) { return other.empty() || scan_number(other, shape); });
        if (figures) return Tail::total;
    }
    return filled == 1 && width_ >= 3 && !notes_inside_ ? Tail::note : Tail::none;
}

void Table::hold(const Row& row, Tail tail) {
    held_.push_back({row.line, {row.cells.begin(), row.cells.end()}, tail});
}

bool Table::refuse(TableRow& out, std::uint64_t line, const char* reason) {
    reject_ = {line, reason, {}};
    out = {line, {}, true};
    return true;
}

/// A row that was held and is one like the others after all, or is the end of the file.
bool Table::give_held(TableRow& out) {
    given_ = std::move(held_.front());
    held_.pop_front();
    if (ended_ && given_.tail == Tail::total && !totals_inside_)
        return refuse(out, given_.line, N_("es una fila de totales, no un dato"));
    if (ended_ && given_.tail == Tail::note && !notes_inside_)
        return refuse(out, given_.line, N_("es una nota al pie, no un dato"));
    const std::vector<std::string_view> cells(given_.cells.begin(), given_.cells.end());
    return fill(out, {given_.line, cells, Fault::none});
}

bool Table::fill(TableRow& out, const Row& row) {
    for (std::size_t i = width_; i < row.cells.size(); ++i) {
        if (!row.cells[i].empty()) return refuse(out, row.line, N_("tiene más datos que columnas hay"));
    }
    out = {row.line, row.cells, false};
    if (places_.empty() && row.cells.size() == width_ && row.cells.data() == row_.cells.data()) return true;
    cells_.assign(width_, std::string_view());
    for (std::size_t i = 0; i < width_; ++i) {
        const auto place = places_.empty() ? i : places_[i];
        if (place < row.cells.size()) cells_[i] = row.cells[place];
    }
    out.cells = cells_;
    return true;
}

bool Table::next(TableRow& out) {
    for (;;) {
        if (!held_.empty() && (waiting_ || ended_)) return give_held(out);
        if (ended_) return false;
        if (!waiting_ && !cursor_->next(row_)) {
            ended_ = true;
            continue;
        }
        const bool released = std::exchange(waiting_, false);
        if (!released) {
            if (skipped(row_)) continue;
            const Tail kind = row_.fault == Fault::none ? tail(row_) : Tail::none;
            if (kind != Tail::none && held_.size() < most_held) {
                hold(row_, kind);
                continue;
            }
            if (!held_.empty()) {
                for (const auto& one : held_)
                    (one.tail == Tail::total ? totals_inside_ : notes_inside_) = true;
                waiting_ = true;
                continue;
            }
        }
        if (row_.fault != Fault::none) return refuse(out, row_.line, fault_text(row_.fault));
        if (is_header(row_)) return refuse(out, row_.line, N_("es la cabecera, que se repite"));
        return fill(out, row_);
    }
}

}  // namespace open_data::ingest
