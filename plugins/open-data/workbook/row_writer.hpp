// Rows of cells as the stream that ingest/sheet_stream.hpp describes.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace open_data::workbook {

inline constexpr std::size_t max_repeated = std::size_t{64} << 20;  ///< bytes that a small file may give

/// Throws Error{unavailable} and says so.
[[noreturn]] void disk_full();

/// Keeps one row at a time. Throws Error{invalid} for more than `most` bytes, Error{unavailable} where the
/// disk is full.
class RowWriter {
public:
    RowWriter(std::ostream& out, std::size_t most) : out_(out), most_(most) {}

    /// What the rows are of; written with the first of them.
    void begin(std::string_view container, std::string_view sheet);
    /// A cell of the row at hand. Outer blanks are taken away; one of nothing else is none.
    void put(std::size_t column, std::string_view text);
    /// Ends the row, which the sheet has `times` times from that line on; nothing where it has no cells.
    void give(std::uint64_t line, std::uint64_t times = 1);
    bool has_rows() const { return rows_; }
    void end();

private:
    void write(std::uint64_t line);
    void flush();

    std::ostream& out_;
    std::size_t most_;
    std::string sheet_, head_, piece_;
    std::vector<std::string> cells_;
    std::size_t width_ = 0, size_ = 0, given_ = 0;
    bool wide_ = false, rows_ = false;
};

}  // namespace open_data::workbook
