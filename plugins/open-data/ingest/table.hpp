// The rows of a table, each with as many cells as the recipe has columns, and why some are none.
#pragma once

#include "plugins/open-data/ingest/source.hpp"

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace open_data::ingest {

/// Why a row is not loaded. `reason`: a Spanish sentence marked with N_, to be filled with `values`
/// (concejo::fill).
struct Reject {
    std::uint64_t line = 0;
    const char* reason = nullptr;
    std::vector<std::pair<std::string, std::string>> values;
    std::string text() const;
};

struct TableRow {
    std::uint64_t line = 0;
    std::span<const std::string_view> cells;  ///< of the recipe's columns; alive until the next row
    bool rejected = false;                    ///< then Table::reject() says why
};

/// Finds the header by the recipe's source names, in any order of columns, within the first 200 rows; a
/// recipe without a header begins at its first_line. Rejected: faults of the file, more filled cells than
/// columns, the header once more, and at the end of the file totals ("Total", "Suma" … and nothing but
/// numbers) and notes (one cell of three columns or more), unless rows like them stand in the middle, too.
/// Blank lines and comments are no rows. Cells that are missing at the end of a row are blank.
class Table {
public:
    /// Throws Error{invalid}, in Spanish, where the recipe's columns are not those of the file.
    Table(const Source&, const Recipe&);

    bool next(TableRow&);
    const Reject& reject() const { return reject_; }

private:
    enum class Tail { none, total, note };
    struct Held {
        std::uint64_t line;
        std::vector<std::string> cells;
        Tail tail;
    };

    void find_header();
    bool match(const Row&);
    bool fill(TableRow&, const Row&);
    bool refuse(TableRow&, std::uint64_t line, const char* reason);
    bool give_held(TableRow&);
    bool skipped(const Row&) const;
    bool is_late_note(const Row&) const;
    bool is_header(const Row&) const;
    Tail tail(const Row&) const;
    void hold(const Row&, Tail);

    const Recipe& recipe_;
    std::unique_ptr<Cursor> cursor_;
    std::vector<std::size_t> places_;  // of each column among the cells; empty: as they stand
    std::vector<std::string> header_;  // as it stands in this file
    std::size_t width_ = 0;            // of the file
    std::vector<std::string_view> cells_;
    Row row_;  // a row that waits for those held to be given
    bool waiting_ = false, ended_ = false;
    std::deque<Held> held_;  // totals and notes, until it is known whether anything follows
    Held given_{};
    bool totals_inside_ = false, notes_inside_ = false;
    Reject reject_;
};

}  // namespace open_data::ingest
