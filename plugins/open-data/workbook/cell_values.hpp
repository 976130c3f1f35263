// What cells of sheets show, of what is stored for them.
#pragma once

#include <string>
#include <string_view>

namespace open_data::workbook {

/// "1234.5" of what a sheet stores as "1234.5000000000001" or "1.2345E3": 15 figures, which is what is shown.
std::string plain_number(std::string_view stored);

/// What a number is shown as by its format.
enum class Shows { number, date, time, both };
/// Of a format as a book spells it: "dd/mm/yyyy". ECMA-376, part 1, 18.8.31.
Shows shown_by(std::string_view format_code);
/// Of a format that books know by its number. ECMA-376, part 1, 18.8.30.
Shows shown_by(int built_in_format);

/// "2024-02-29", "2024-02-29 10:30:00" or "10:30:00" of Excel's day number. `date`, `time`: what its format
/// shows.
std::string serial_moment(double serial, bool date, bool time);

/// The text that "_x0041_" and the like stand for in a string of XLSX (ECMA-376, part 1, 22.9.2.19), without
/// control characters.
std::string without_escapes(std::string text);

}  // namespace open_data::workbook
