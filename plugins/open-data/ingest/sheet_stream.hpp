// A sheet of a workbook as a stream of text: a helper program writes it (concejo-open-data), a worker reads
// it.
//
//   container US sheet RS           "xlsx" or "ods", and the sheet's name
//   line[ fault] US cell US … RS    each row that has something in it, by its number; faulty ones have no
//   cells FS                              the end: what ends otherwise was cut short
//
// FS, RS and US are ASCII's separators (0x1C, 0x1E, 0x1F). XML has no way to write them, so no cell has one.
#pragma once

#include "plugins/open-data/ingest/source.hpp"

#include <array>

namespace open_data::ingest {

inline constexpr char end_of_stream = '\x1C', end_of_row = '\x1E', end_of_cell = '\x1F';

/// By their number; those that a sheet can have.
inline constexpr std::array<std::string_view, 4> fault_names = {"", "cell_too_large", "row_too_large",
                                                                "too_many_columns"};
static_assert(static_cast<std::size_t>(Fault::too_many_columns) == fault_names.size() - 1);

/// Whether the file is an archive, which make_source() takes none of: a workbook, if anything.
bool is_archive(std::string_view bytes);

/// Rows out of such a stream. Throws Error{unavailable} for one that is cut short or is none, there or while
/// its rows are read.
std::unique_ptr<Source> make_sheet(Bytes stream);

}  // namespace open_data::ingest
