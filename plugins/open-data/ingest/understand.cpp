#include "plugins/open-data/ingest/understand.hpp"

#include "plugins/open-data/ingest/evidence.hpp"
#include "plugins/open-data/ingest/layout.hpp"
#include "plugins/open-data/ingest/table.hpp"

namespace open_data::ingest {
namespace {

std::vector<Evidence> gather(const Source& source, const Recipe& recipe) {
    std::vector<Evidence> evidence(recipe.columns.size());
    Table table(source, recipe);
    TableRow row;
    while (table.next(row)) {
        for (std::size_t i = 0; i < row.cells.size(); ++i) evidence[i].add(row.cells[i]);
    }
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

}  // namespace

void tell_types(const Source& source, Recipe& recipe) {
    const auto evidence = gather(source, recipe);
    const Habit habit = habit_of(evidence, recipe);
    for (std::size_t i = 0; i < evidence.size(); ++i) evidence[i].decide(recipe.columns[i], habit);
    leave_out_blank(recipe.columns, evidence);
}

Recipe understand(const Source& source) {
    Recipe recipe;
    source.describe(recipe);
    find_layout(read_head(*source.open(recipe)), recipe);
    if (!recipe.columns.empty()) tell_types(source, recipe);
    return recipe;
}

}  // namespace open_data::ingest
