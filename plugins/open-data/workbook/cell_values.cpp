#include "plugins/open-data/workbook/cell_values.hpp"

#include "plugins/open-data/ingest/moment.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace open_data::workbook {
namespace {

/// Appends the character in UTF-8 where it is one that a text may have; surrogates, and what is a control,
/// are none.
void append_unit(std::string& out, unsigned unit) {
    const bool control = unit < 0x20 && unit != '\t' && unit != '\n' && unit != '\r';
    if (control || (unit >= 0xD800 && unit < 0xE000) || unit >= 0xFFFE) return;
    if (unit < 0x80) {
        out += static_cast<char>(unit);
    } else if (unit < 0x800) {
        out += {static_cast<char>(0xC0U | unit >> 6U), static_cast<char>(0x80U | (unit & 0x3FU))};
    } else {
        out += {static_cast<char>(0xE0U | unit >> 12U), static_cast<char>(0x80U | (unit >> 6U & 0x3FU)),
                static_cast<char>(0x80U | (unit & 0x3FU))};
    }
}

}  // namespace

std::string without_escapes(std::string text) {
    constexpr std::size_t escape_size = 7;  // _x0041_
    auto at = text.find("_x");
    if (at == std::string::npos) return text;
    std::string out = text.substr(0, at);
    while (at < text.size()) {
        unsigned unit = 0;
        const char *figures = text.data() + at + 2, *end = figures + 4;
        const bool escape = text.compare(at, 2, "_x") == 0 && at + escape_size <= text.size() &&
                            *end == '_' && std::from_chars(figures, end, unit, 16).ptr == end;
        if (escape)
            append_unit(out, unit);
        else
            out += text[at];
        at += escape ? escape_size : 1;
    }
    return out;
}

std::string plain_number(std::string_view stored) {
    double value = 0;
    const auto read = std::from_chars(stored.data(), stored.data() + stored.size(), value);
    if (read.ec != std::errc() || read.ptr != stored.data() + stored.size() || !std::isfinite(value))
        return std::string(stored);
    char text[32];
    std::snprintf(text, sizeof text, "%.14e", value);  // "-1.23450000000000e+03"
    const std::string_view shown(text);
    const auto mark = shown.find('e'), first = shown.find_first_of("0123456789");
    auto figures = std::string(1, shown[first]) + std::string(shown.substr(first + 2, mark - first - 2));
    figures.resize(std::max<std::size_t>(figures.find_last_not_of('0') + 1, 1));
    const int whole = std::atoi(text + mark + 1) + 1;  // figures before the point
    if (whole <= 0) figures.insert(0, static_cast<std::size_t>(1 - whole), '0');
    const auto point = static_cast<std::size_t>(std::max(whole, 1));
    if (figures.size() < point) figures.resize(point, '0');
    if (figures.size() > point) figures.insert(point, ".");
    return (value < 0 ? "-" : "") + figures;
}

Shows shown_by(std::string_view code) {
    bool quoted = false, bracket = false, date = false, time = false, month = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = static_cast<char>(code[i] | 0x20);
        if (code[i] == '\\' || code[i] == '_') {
            ++i;
        } else if (code[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && code[i] == ';') {
            break;  // the format of negative numbers
        } else if (!quoted && (code[i] == '[' || code[i] == ']')) {
            bracket = code[i] == '[';
            const char next = i + 1 < code.size() ? static_cast<char>(code[i + 1] | 0x20) : ' ';
            const char after = i + 2 < code.size() ? static_cast<char>(code[i + 2] | 0x20) : ' ';
            // "[h]" is a duration, no time of a day; "[Red]" a colour.
            if (bracket && (next == 'h' || next == 'm' || next == 's') &&
                (after == ']' + 0x20 || after == ']' || after == next))
                return Shows::number;
        } else if (!quoted && !bracket) {
            date = date || c == 'y' || c == 'd';
            time = time || c == 'h' || c == 's';
            month = month || c == 'm';
        }
    }
    if (code.starts_with("General") || code.starts_with("@")) return Shows::number;
    date = date || (month && !time);
    if (date) return time ? Shows::both : Shows::date;
    return time ? Shows::time : Shows::number;
}

Shows shown_by(int format) {
    if ((format >= 14 && format <= 17) || (format >= 27 && format <= 31) || (format >= 50 && format <= 58))
        return Shows::date;
    if (format == 22) return Shows::both;
    return (format >= 18 && format <= 21) || format == 45 || format == 47 ? Shows::time : Shows::number;
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
    const std::int64_t z = days + ingest::days_from_civil(1899, 12, 30) + 10957 + 719468;
    const std::int64_t era = z / 146097, doe = z - era * 146097;
    const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    const auto day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1),
               month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
    const auto year = static_cast<int>(yoe + era * 400 + (month <= 2 ? 1 : 0));
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    return of_day || time ? std::string(text) + " " + clock : std::string(text);
}

}  // namespace open_data::workbook
