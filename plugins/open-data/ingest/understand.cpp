#include "plugins/open-data/ingest/understand.hpp"

#include "plugins/open-data/ingest/evidence.hpp"
#include "plugins/open-data/ingest/layout.hpp"
#include "plugins/open-data/ingest/table.hpp"

#include <algorithm>
#include <limits>

namespace open_data::ingest {
namespace {

constexpr std::uint64_t guessed_from = 10'000;  // rows
constexpr auto all_rows = std::numeric_limits<std::uint64_t>::max();

void add_cells(std::span<const std::string_view> cells, std::vector<Evidence>& evidence) {
    for (std::size_t i = 0; i < cells.size(); ++i) evidence[i].add(cells[i]);
}

std::vector<Evidence> gather(const Source& source, const Recipe& recipe, std::uint64_t most) {
    std::vector<Evidence> evidence(recipe.columns.size());
    Table table(source, recipe);
    TableRow row;
    for (std::uint64_t rows = 0; rows < most && table.next(row); ++rows) add_cells(row.cells, evidence);
    return evidence;
}

/// What the columns say that are clear; else commas where the delimiter is none.
Habit habit_of(const std::vector<Evidence>& evidence, const Recipe& recipe) {
    int commas = 0, points = 0;
    for (const auto& column : evidence) {
        const char decimal = column.decimal();
        commas += decimal == ',';
        points += decimal == '.';
    }
    if (commas != points) return {commas > points ? ',' : '.'};
    return {recipe.container != "csv" || recipe.delimiter == ',' ? '.' : ','};
}

/// Columns without a name and without a cell: none at the end of the rows, skipped elsewhere.
void leave_out_blank(std::vector<Column>& columns, const std::vector<Evidence>& evidence) {
    const auto blank = [&](std::size_t i) { return columns[i].source.empty() && !evidence[i].filled(); };
    while (columns.size() > 1 && blank(columns.size() - 1)) columns.pop_back();
    for (std::size_t i = 0; i < columns.size(); ++i)
        columns[i].skip = columns[i].skip || (columns.size() > 1 && blank(i));
}

void decide(Recipe& recipe, const std::vector<Evidence>& evidence) {
    const Habit habit = habit_of(evidence, recipe);
    for (std::size_t i = 0; i < evidence.size(); ++i) {
        evidence[i].decide(recipe.columns[i], habit);
        recipe.columns[i].blank = !evidence[i].filled();
    }
    leave_out_blank(recipe.columns, evidence);
}

Recipe layout_of(const Source& source, const Recipe& before) {
    Recipe recipe;
    source.describe(recipe);
    find_layout(read_head(*source.open(recipe)), recipe);
    for (auto& column : recipe.columns)
        for (const auto& known : before.columns)
            if (known.chosen && known.source == column.source && !column.source.empty())
                column.type = known.type, column.chosen = true;
    return recipe;
}

}  // namespace

void tell_types(const Source& source, Recipe& recipe) { decide(recipe, gather(source, recipe, all_rows)); }

Recipe understand(const Source& source, const Recipe& before) {
    auto recipe = layout_of(source, before);
    if (!recipe.columns.empty()) tell_types(source, recipe);
    return recipe;
}

Guess::Guess(const Source& source, const Recipe& before)
    : layout_(layout_of(source, before)), recipe_(layout_), next_look_(2 * guessed_from) {
    if (recipe_.columns.empty()) return;
    decide(recipe_, gather(source, layout_, guessed_from));
    // Rows are told by how many columns there are: those that were left out may yet be filled.
    if (recipe_.columns.size() != layout_.columns.size()) recipe_.columns.clear();
    evidence_.resize(recipe_.columns.size());
}

bool Guess::add(std::span<const std::string_view> cells) {
    add_cells(cells, evidence_);
    if (++rows_ < next_look_) return holds_;
    next_look_ *= 2;
    return holds();
}

bool Guess::holds() {
    auto now = layout_;
    decide(now, evidence_);
    // What is filled later and is read the same is no reason to read it twice.
    for (std::size_t i = 0; i < std::min(now.columns.size(), recipe_.columns.size()); ++i)
        recipe_.columns[i].blank = now.columns[i].blank;
    return holds_ = holds_ && now == recipe_;
}

}  // namespace open_data::ingest
