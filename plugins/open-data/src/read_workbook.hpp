// Sheets of XLSX and ODS files are read by concejo-open-data in a child process: whatever such a file does to
// zip and XML readers, this process and what it is doing stay whole.
#pragma once

#include <concejo/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace open_data {

/// Runs a helper program, as process/1 in abi.h describes.
using RunProgram = std::function<concejo::Json(const concejo::Json& spec)>;

/// The text in the language of whoever is asking.
using Translate = std::function<std::string(std::string_view msgid)>;

struct WorkbookReading {
    std::string file;
    std::string sheet;  ///< empty, or not there: the first one with something in it
    std::string rows;   ///< a file that its rows come to, as ingest/sheet_stream.hpp says
    int seconds = 0;    ///< then it is ended
};

/// Gives the names of the book's sheets. Throws Error{invalid} for a file that cannot be read, or not within its limits, Error{unavailable} where
/// the program was interrupted or there is no room for the rows.
std::vector<std::string> read_workbook(const RunProgram&, const Translate&, const WorkbookReading&);

}  // namespace open_data
