// How a delimited text is written, told from its beginning.
#pragma once

#include "plugins/open-data/ingest/splitter.hpp"

namespace open_data::ingest {

inline constexpr std::size_t sample_size = std::size_t{1} << 20;

/// Sets delimiter (, ; tab |), quote, backslash, wrapped and newline. `sample`: no UTF-16, no byte order
/// mark; cut anywhere unless `whole`. The delimiter is the one that cuts most lines into equally many cells;
/// among equals a tab, ; and | come before the comma, which also stands in numbers and sentences. "sep=;" in
/// the first line settles it. A backslash escapes where there are \" and no doubled quotes.
void tell_dialect(std::string_view sample, bool whole, Recipe&);

/// Whether the line is Excel's "sep=;".
bool is_separator_line(std::string_view line);

}  // namespace open_data::ingest
