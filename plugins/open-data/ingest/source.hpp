// A file of any kind as rows of cells, before anything is known about what they mean.
#pragma once

#include "plugins/open-data/ingest/bytes.hpp"
#include "plugins/open-data/ingest/recipe.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace open_data::ingest {

inline constexpr std::size_t max_cell = std::size_t{1} << 20;  ///< bytes as they stand in the file
inline constexpr std::size_t max_row = std::size_t{4} << 20;   ///< bytes as they stand in the file
inline constexpr std::size_t max_columns = 2000;

/// Why the cells of a row could not be told; such a row is rejected and its cells are none.
enum class Fault { none, cell_too_large, row_too_large, too_many_columns, unclosed_quote, malformed };

/// Valid UTF-8 without outer blanks and without U+0000; alive until the next row is asked for.
struct Row {
    std::uint64_t line = 0;  ///< where it begins, from 1; 0: the names that the container itself gives
    std::span<const std::string_view> cells;
    Fault fault = Fault::none;
};

class Cursor {
public:
    virtual ~Cursor() = default;
    /// False at the end. Throws Error{invalid} where the container is broken.
    virtual bool next(Row&) = 0;
};

class Source {
public:
    virtual ~Source() = default;
    /// Sets what the recipe says of the container: its kind, encoding, dialect, sheet or member.
    virtual void describe(Recipe&) const = 0;
    /// From the first row, as the recipe says that the container is to be read. The source must outlive it.
    virtual std::unique_ptr<Cursor> open(const Recipe&) const = 0;
};

/// Told by what it contains, not by its name: JSON, NDJSON, GeoJSON, else delimited text. Throws
/// Error{invalid} for archives, workbooks too (sheet_stream.hpp), and for old Excel files (.xls).
std::unique_ptr<Source> make_source(Bytes);

std::unique_ptr<Source> make_delimited(Bytes);
/// Takes the bytes where they are JSON with rows in it; otherwise nothing, and they stay.
std::unique_ptr<Source> make_json(Bytes&);

}  // namespace open_data::ingest
