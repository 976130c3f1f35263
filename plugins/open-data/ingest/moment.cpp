#include "plugins/open-data/ingest/moment.hpp"

#include <array>

namespace open_data::ingest {
namespace {

constexpr std::array<std::string_view, 12> months = {"enero",      "febrero", "marzo",     "abril",
                                                     "mayo",       "junio",   "julio",     "agosto",
                                                     "septiembre", "octubre", "noviembre", "diciembre"};

/// What is still to be read of a cell.
struct Scan {
    std::string_view rest;

    bool take(char c) {
        if (rest.empty() || rest.front() != c) return false;
        rest.remove_prefix(1);
        return true;
    }
    /// Figures, at most `most`; returns how many, or 0 where there are more.
    int figures(int most, int& value) {
        int count = 0;
        value = 0;
        while (count < static_cast<int>(rest.size()) && rest[static_cast<std::size_t>(count)] >= '0' &&
               rest[static_cast<std::size_t>(count)] <= '9') {
            if (count == most) return 0;
            value = value * 10 + (rest[static_cast<std::size_t>(count++)] - '0');
        }
        rest.remove_prefix(static_cast<std::size_t>(count));
        return count;
    }
};

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

bool day_exists(int year, int month, int day) {
    constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1 || year < 1) return false;
    return day <= days[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year) ? 1 : 0);
}

int full_year(int year, int figures) {
    if (figures != 2) return year;
    return year < 70 ? 2000 + year : 1900 + year;
}

/// "marzo", "mar", "mar.", "sept", "setiembre", in any case; 0 for what is none.
int take_month(Scan& scan) {
    std::size_t length = 0;
    std::array<char, 12> word{};
    while (length < scan.rest.size() && length < word.size()) {
        const char c = static_cast<char>(scan.rest[length] | 0x20);
        if (c < 'a' || c > 'z') break;
        word[length++] = c;
    }
    const std::string_view said(word.data(), length);
    if (length < 3) return 0;
    int found = said == "setiembre" || said == "set" ? 9 : 0;
    for (std::size_t i = 0; i < months.size() && !found; ++i) {
        const bool whole = said == months[i], cut = length <= 4 && months[i].starts_with(said);
        if (whole || cut) found = static_cast<int>(i) + 1;
    }
    scan.rest.remove_prefix(length);
    scan.take('.');
    return found;
}

void take_of(Scan& scan) {
    if (scan.rest.size() > 3 && (scan.rest.starts_with("de ") || scan.rest.starts_with("DE ")))
        scan.rest.remove_prefix(3);
    if (scan.rest.size() > 4 && scan.rest.starts_with("del ")) scan.rest.remove_prefix(4);
}

bool named_date(Scan& scan, char separator, MomentShape& shape) {
    if (separator == ' ') take_of(scan);
    shape.second = take_month(scan);
    if (!shape.second || !scan.take(separator)) return false;
    if (separator == ' ') take_of(scan);
    const int figures = scan.figures(4, shape.year);
    if (figures != 2 && figures != 4) return false;
    shape.year = full_year(shape.year, figures);
    shape.dmy = shape.mdy = day_exists(shape.year, shape.second, shape.first);
    return true;
}

bool year_first(Scan& scan, char separator, MomentShape& shape) {
    shape.year = shape.first;
    if (!scan.figures(2, shape.second) || !scan.take(separator) || !scan.figures(2, shape.first))
        return false;
    shape.dmy = shape.mdy = day_exists(shape.year, shape.second, shape.first);
    return true;
}

bool scan_date(Scan& scan, MomentShape& shape) {
    const int figures = scan.figures(4, shape.first);
    if (figures == 0 || figures == 3 || scan.rest.empty()) return false;
    const char separator = scan.rest.front();
    if (separator != '/' && separator != '-' && separator != '.' && separator != ' ') return false;
    scan.rest.remove_prefix(1);
    if (scan.rest.empty()) return false;
    if (figures == 4) return separator != ' ' && separator != '.' && year_first(scan, separator, shape);
    if (scan.rest.front() > '9') return named_date(scan, separator, shape);
    if (separator == ' ' || !scan.figures(2, shape.second) || !scan.take(separator)) return false;
    const int of_year = scan.figures(4, shape.year);
    if (of_year != 4 && (of_year != 2 || separator == '.')) return false;
    shape.year = full_year(shape.year, of_year);
    shape.figures = true;
    shape.dmy = day_exists(shape.year, shape.second, shape.first);
    shape.mdy = day_exists(shape.year, shape.first, shape.second);
    return true;
}

bool scan_time(Scan& scan, MomentShape& shape) {
    int hour = 0, minute = 0, second = 0;
    if (!scan.figures(2, hour) || !scan.take(':') || scan.figures(2, minute) != 2) return false;
    std::int64_t fraction = 0;
    if (scan.take(':')) {
        if (scan.figures(2, second) != 2) return false;
        if (scan.take('.') || scan.take(',')) {
            std::int64_t unit = 100'000;
            std::size_t read = 0;
            for (; read < scan.rest.size() && scan.rest[read] >= '0' && scan.rest[read] <= '9';
                 ++read, unit /= 10)
                fraction += unit * (scan.rest[read] - '0');
            if (read == 0) return false;
            scan.rest.remove_prefix(read);
        }
    }
    if (hour > 23 || minute > 59 || second > 59) return false;
    shape.micros = ((std::int64_t{hour} * 60 + minute) * 60 + second) * 1'000'000 + fraction;
    return shape.time = true;
}

bool scan_zone(Scan& scan, MomentShape& shape) {
    if (scan.rest.empty()) return true;
    shape.zoned = true;
    if (scan.take('Z')) return scan.rest.empty();
    const bool west = scan.take('-');
    if (!west && !scan.take('+')) return false;
    int hours = 0, minutes = 0;
    if (scan.rest.size() == 4) {
        Scan hour{scan.rest.substr(0, 2)};
        scan.rest.remove_prefix(2);
        if (hour.figures(2, hours) != 2) return false;
    } else if (scan.figures(2, hours) != 2) {
        return false;
    }
    scan.take(':');
    if (!scan.rest.empty() && scan.figures(2, minutes) != 2) return false;
    shape.zone = (west ? -1 : 1) * (hours * 60 + minutes);
    return scan.rest.empty() && hours <= 15 && minutes <= 59;
}

}  // namespace

bool scan_moment(std::string_view cell, MomentShape& shape) {
    shape = {};
    if (cell.size() < 4 || cell.size() > 40 || cell.front() < '0' || cell.front() > '9') return false;
    Scan scan{cell};
    if (cell[1] == ':' || cell[2] == ':') return scan_time(scan, shape) && scan.rest.empty();
    if (!scan_date(scan, shape)) return false;
    shape.date = true;
    if (scan.rest.empty()) return true;
    if (!scan.take('T') && !scan.take(' ')) {
        if (!scan.take(',') || !scan.take(' ')) return false;
    }
    if (!scan_time(scan, shape)) return false;
    if (scan.rest.size() > 1 && scan.rest.front() == ' ') scan.take(' ');
    return scan_zone(scan, shape);
}

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
std::int64_t days_from_civil(int year, int month, int day) {
    year -= month <= 2;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const auto of_era = static_cast<std::int64_t>(year) - era * 400;
    const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * 146097 + days - 719468 - 10957;  // to 1970-01-01, from there to 2000-01-01
}

std::int64_t days_of(const MomentShape& shape, DateOrder order) {
    const bool swapped = shape.figures && order == DateOrder::mdy;
    return days_from_civil(shape.year, swapped ? shape.first : shape.second,
                           swapped ? shape.second : shape.first);
}

std::int64_t stamp_of(const MomentShape& shape, DateOrder order) {
    constexpr std::int64_t minute = 60'000'000;
    return days_of(shape, order) * 1440 * minute + shape.micros - shape.zone * minute;
}

}  // namespace open_data::ingest
