// Typed rows of a file, by a recipe, and the report of what became of each row.
#pragma once

#include "plugins/open-data/ingest/recipe.hpp"
#include "plugins/open-data/ingest/source.hpp"
#include "plugins/open-data/ingest/table.hpp"
#include "plugins/open-data/ingest/understand.hpp"

#include <array>

namespace open_data::ingest {

struct Value {
    Type type = Type::text;
    bool null = true;
    bool boolean = false;
    std::int64_t integer =
        0;  ///< integer; date: days since 2000-01-01; time: µs since midnight; timestamp: µs since 2000
    std::string_view text;  ///< text: UTF-8; numeric: "-1234.56"
};

inline constexpr std::size_t most_rejects = 1000;  ///< that a report lists; all are counted

struct Report {
    std::uint64_t read = 0, accepted = 0, rejected = 0;  ///< accepted + rejected = read
    std::vector<Reject> rejects;                         ///< the first of them
};
/// {"encoding", "delimiter" (null: there is none), "header_line" (from 1, or null), "columns": [{"name",
/// "type"}], "rows_read", "rows_accepted", "rows_rejected", "rejects": [{"line", "reason"}]}. Reasons in
/// Spanish.
concejo::Json to_json(const Report&, const Recipe&);

/// Cells that are not of their column's type reject their row; blank ones and "-" are null.
class Reader {
public:
    /// The source must outlive it. Throws Error{invalid} where the recipe is not one of this file. `guess`:
    /// what the recipe comes from, where that is not sure yet; reading ends when it proves wrong.
    Reader(const Source&, Recipe, Guess* guess = nullptr);
    Reader(const Reader&) = delete;

    /// The next accepted row: a value for each column that is not skipped, alive until the next call. False
    /// at the end.
    bool next(std::span<const Value>&);
    std::uint64_t line() const { return line_; }      ///< where that row begins in the file
    const Report& report() const { return report_; }  ///< of the rows until now
    const Recipe& recipe() const { return recipe_; }

private:
    struct Target {
        const Column* column;
        std::size_t cell;
        std::array<char, 96> number;
    };
    bool convert(const TableRow&);
    void reject(Reject);

    Recipe recipe_;
    Table table_;
    Guess* guess_;
    std::vector<Target> targets_;
    std::vector<Value> values_;
    Report report_;
    std::uint64_t line_ = 0;
};

}  // namespace open_data::ingest
