#include "plugins/open-data/ingest/workbook.hpp"

#include "plugins/open-data/ingest/moment.hpp"
#include "plugins/open-data/ingest/splitter.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <charconv>
#include <cmath>
#include <cstdio>

namespace open_data::ingest {

void SheetCursor::put(std::size_t column, std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return;
    if (column >= max_columns) {
        wide_ = true;
        return;
    }
    size_ += text.size();
    if (size_ > max_row) return;  // it is rejected whole
    if (cells_.size() <= column) cells_.resize(column + 1);
    cells_[column] = text;
}

void SheetCursor::give(Row& row, std::uint64_t line) {
    constexpr std::size_t of_a_row = 16;
    given_ += of_a_row + cells_.size() + std::min(size_, max_row);
    if (given_ > most_)
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::fill(concejo::N_("la hoja de cálculo no se puede leer: {motivo}"),
                                           {{"motivo", "descomprimida es demasiado grande"}}));
    views_.assign(cells_.begin(), cells_.end());
    row = {line, views_, wide_ ? Fault::too_many_columns : Fault::none};
    for (const auto cell : views_) {
        if (cell.size() > max_cell) row.fault = Fault::cell_too_large;
    }
    if (size_ > max_row) row.fault = Fault::row_too_large;
    if (row.fault != Fault::none) row.cells = {};
}

std::string plain_number(std::string_view stored) {
    double value = 0;
    const auto read = std::from_chars(stored.data(), stored.data() + stored.size(), value);
    if (read.ec != std::errc() || read.ptr != stored.data() + stored.size() || !std::isfinite(value))
        return std::string(stored);
    char text[400];
    const int length = std::snprintf(text, sizeof text, "%.15g", value);
    const std::string_view shown(text, static_cast<std::size_t>(length));
    if (shown.find('e') == std::string_view::npos) return std::string(shown);
    double rounded = 0;
    std::from_chars(shown.data(), shown.data() + shown.size(), rounded);
    const auto written = std::to_chars(text, text + sizeof text, rounded, std::chars_format::fixed);
    return {text, static_cast<std::size_t>(written.ptr - text)};
}

std::string serial_moment(double serial, bool date, bool time) {
    if (!(serial >= 0 && serial < 2'958'466)) return plain_number(std::to_string(serial));  // to 9999-12-31
    const auto seconds = static_cast<std::int64_t>(std::llround(serial * 86400));
    auto days = seconds / 86400;
    const int of_day = static_cast<int>(seconds % 86400);
    char clock[16], text[40];
    std::snprintf(clock, sizeof clock, "%02d:%02d:%02d", of_day / 3600, of_day / 60 % 60, of_day % 60);
    if (!date && days == 0) return clock;
    if (days < 60) ++days;  // Excel has a 29 February 1900
    // From 0000-03-01, Howard Hinnant's civil_from_days.
    const std::int64_t z = days + days_from_civil(1899, 12, 30) + 10957 + 719468;
    const std::int64_t era = z / 146097, doe = z - era * 146097;
    const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    const auto day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1),
               month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
    const auto year = static_cast<int>(yoe + era * 400 + (month <= 2 ? 1 : 0));
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    return of_day || time ? std::string(text) + " " + clock : std::string(text);
}

}  // namespace open_data::ingest
