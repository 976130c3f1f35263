// XLSX (ECMA-376, part 1, SpreadsheetML) and ODS (OpenDocument 1.3), sheet after sheet.
//
// Numbers come with a decimal point, dates as 2024-02-29, with a time where they have one, times as 10:30:00,
// booleans as true and false; errors (#N/A) are blank.
#pragma once

#include "plugins/open-data/workbook/row_writer.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace open_data::workbook {

class Book {
public:
    virtual ~Book() = default;
    virtual std::string_view container() const = 0;  ///< "xlsx" or "ods"
    /// To the next sheet, at first to the first one; its name.
    virtual std::optional<std::string> next_sheet() = 0;
    /// Whether whoever opens the book does not see the sheet where it is.
    virtual bool hidden() const = 0;
    /// Of the sheet where it is, once.
    virtual void read_rows(RowWriter&) = 0;
};

/// Told by what it contains. Throws Error{invalid}, as everything here does for a file that is wrong.
std::unique_ptr<Book> open_book(const std::filesystem::path&);
std::unique_ptr<Book> open_xlsx(const std::filesystem::path&);
std::unique_ptr<Book> open_ods(const std::filesystem::path&);

std::vector<std::string> sheet_names(const std::filesystem::path&);
/// Of the sheet of that name; where there is none, of the first one with something in it, hidden ones last.
/// Gives the names of all. Files and texts that repeat themselves count as if they were unpacked.
std::vector<std::string> write_rows(const std::filesystem::path&, const std::string& sheet,
                                    std::ostream& out);

}  // namespace open_data::workbook
