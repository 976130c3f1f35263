// Sheets of XLSX (ECMA-376, part 1, SpreadsheetML) and ODS (OpenDocument 1.3) as rows of cells.
#pragma once

#include "plugins/open-data/ingest/source.hpp"
#include "plugins/open-data/ingest/xml_part.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace open_data::ingest {

inline constexpr std::size_t max_repeated = std::size_t{64} << 20;  ///< bytes that a small zip may give

/// Numbers come with a decimal point, dates as 2024-02-29, with a time where they have one, times as
/// 10:30:00, booleans as true and false; errors (#N/A) are blank.
std::unique_ptr<Source> make_xlsx(Bytes);
std::unique_ptr<Source> make_ods(Bytes);

/// What both cursors fill. Rows and texts that a sheet says to repeat count as if they were unpacked.
class SheetCursor : public Cursor {
protected:
    /// `zip`: what the sheet comes in.
    explicit SheetCursor(std::string_view zip)
        : most_(std::min(max_unpacked, max_repeated + max_ratio * zip.size())) {}

    void clear() { cells_.clear(), wide_ = false, size_ = 0; }
    void put(std::size_t column, std::string_view text);
    void give(Row&, std::uint64_t line);

private:
    std::vector<std::string> cells_;
    std::vector<std::string_view> views_;
    std::size_t size_ = 0, given_ = 0, most_;
    bool wide_ = false;
};

/// "1234.5" of what a sheet stores as "1234.5000000000001" or "1.2345E3": 15 figures, which is what is shown.
std::string plain_number(std::string_view stored);
/// "2024-02-29", "2024-02-29 10:30:00" or "10:30:00" of Excel's day number. `date`, `time`: what its format
/// shows.
std::string serial_moment(double serial, bool date, bool time);

}  // namespace open_data::ingest
