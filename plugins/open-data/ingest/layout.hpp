// Where a table begins in a file that has more in it: titles, notes, a header, or none.
#pragma once

#include "plugins/open-data/ingest/source.hpp"

#include <string>
#include <vector>

namespace open_data::ingest {

/// Rows from the beginning of a file, kept; blank ones are left out.
struct Head {
    struct Line {
        std::uint64_t line = 0;
        std::vector<std::string> cells;  ///< without blanks at the end
    };
    std::vector<Line> lines;
};
/// At most 1,000 rows and 8 MiB.
Head read_head(Cursor&);

/// Sets header_line, first_line, comment and the columns' source and name.
///
/// The table is as wide as most rows; the first row that fills three quarters of it is the header, unless its
/// cells look like those under them (numbers above numbers, a value that comes again in its column): then
/// there is none. A row of texts above typed columns, up to ten rows below, is the header where the first one
/// is not. Lines with "#" in front of the table are comments, and so are those after it then;
/// where there is none in front, those that look like no row of it. late_notes where there is none at all.
void find_layout(const Head&, Recipe&);

/// Blanks and newlines as one blank each, none outside.
std::string single_line(std::string_view);
/// "columna_3" for one without a name (from 1), "importe_2" for the second "importe"; "_id" is taken.
void name_columns(std::vector<Column>&);

}  // namespace open_data::ingest
