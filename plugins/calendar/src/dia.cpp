#include "dia.hpp"

#include <cstdio>

namespace calendar {
namespace {

using namespace std::chrono;

std::string format(const char* pattern, int a, int b, int c) {
    char text[40];
    std::snprintf(text, sizeof text, pattern, a, b, c);
    return text;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

std::optional<int> parse_number(std::string_view text, std::size_t digits) {
    if (text.empty() || text.size() > digits) return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<Dia> parse_dia(std::string_view text) {
    text = trim(text);
    const char separator = text.find('/') != std::string_view::npos ? '/' : '-';
    const auto first = text.find(separator),
               second = first == std::string_view::npos ? first : text.find(separator, first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto a = text.substr(0, first), b = text.substr(first + 1, second - first - 1),
               c = text.substr(second + 1);
    const bool year_first = a.size() == 4;
    const auto year_text = year_first ? a : c, day_text = year_first ? c : a;
    const auto y = parse_number(year_text), m = parse_number(b, 2), d = parse_number(day_text, 2);
    if (!y || !m || !d || year_text.size() != 4 || *y < first_year || *y > last_year) return std::nullopt;
    const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
    if (!date.ok()) return std::nullopt;
    return sys_days(date);
}

std::string iso(Dia when) {
    const year_month_day date(when);
    return format("%04d-%02d-%02d", static_cast<int>(date.year()),
                  static_cast<int>(static_cast<unsigned>(date.month())),
                  static_cast<int>(static_cast<unsigned>(date.day())));
}

std::string typed(Dia when) {
    const year_month_day date(when);
    return format("%02d/%02d/%04d", static_cast<int>(static_cast<unsigned>(date.day())),
                  static_cast<int>(static_cast<unsigned>(date.month())), static_cast<int>(date.year()));
}

int year_of(Dia when) { return static_cast<int>(year_month_day(when).year()); }
unsigned day_of_month(Dia when) { return static_cast<unsigned>(year_month_day(when).day()); }
bool is_saturday(Dia when) { return weekday(when) == Saturday; }
bool is_sunday(Dia when) { return weekday(when) == Sunday; }

Dia add_months(Dia when, int months_later) {
    const year_month_day date(when);
    const year_month target = year_month(date.year(), date.month()) + months(months_later);
    const year_month_day_last last{target.year(), month_day_last{target.month()}};
    return sys_days(year_month_day(target.year(), target.month(), std::min(date.day(), last.day())));
}

Dia easter(int y) {
    const int a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, f = (b + 8) / 25,
              g = (b - f + 1) / 3;
    const int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    const int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return sys_days(year_month_day(year(y), month(static_cast<unsigned>(n / 31)),
                                   day(static_cast<unsigned>(n % 31 + 1))));
}

std::optional<Hora> Hora::parse(std::string_view text) {
    text = trim(text);
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.size() - colon != 3) return std::nullopt;
    const auto hours = parse_number(text.substr(0, colon), 2),
               minutes = parse_number(text.substr(colon + 1), 2);
    if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > 24 * 60) return std::nullopt;
    return Hora{*hours * 60 + *minutes};
}

std::string Hora::text() const {
    char text[16];
    std::snprintf(text, sizeof text, "%02d:%02d", minutos / 60 % 100, minutos % 60);
    return text;
}

}  // namespace calendar
