#include "kernel/jobs/cron.hpp"

#include "kernel/base/text.hpp"

#include <concejo/error.hpp>

#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace kernel::jobs {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

[[noreturn]] void wrong(std::string_view field, std::string_view why) {
    throw concejo::Error(concejo::ErrorKind::invalid,
                         "cron: '" + std::string(field) + "' " + std::string(why));
}

struct Range {
    int least, most;
    bool months = false, days = false;
};

int number(std::string_view text, const Range& range) {
    const auto lower = base::lower_ascii(text);
    for (std::size_t i = 0; range.months && i < month_names.size(); ++i) {
        if (lower == month_names[i]) return static_cast<int>(i) + 1;
    }
    for (std::size_t i = 0; range.days && i < day_names.size(); ++i) {
        if (lower == day_names[i]) return static_cast<int>(i);
    }
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        wrong(text, "no es un número");
    if (value < range.least || value > range.most)
        wrong(text, "se sale de " + std::to_string(range.least) + "-" + std::to_string(range.most));
    return value;
}

template <std::size_t N>
void read_field(std::string_view field, const Range& range, std::bitset<N>& bits) {
    for (const auto item : base::split(field, ',')) {
        const auto slash = item.find('/');
        const auto span = item.substr(0, slash);
        int step = 1, from = range.least, to = range.most;
        if (slash != std::string_view::npos) step = number(item.substr(slash + 1), {1, range.most});
        if (span != "*") {
            const auto dash = span.find('-');
            from = number(span.substr(0, dash), range);
            if (dash != std::string_view::npos)
                to = number(span.substr(dash + 1), range);
            else if (slash == std::string_view::npos)
                to = from;
            if (to < from) wrong(item, "empieza después de terminar");
        }
        for (int value = from; value <= to; value += step) bits.set(static_cast<std::size_t>(value));
    }
}

}  // namespace

Cron Cron::parse(std::string_view text) {
    std::vector<std::string_view> fields;
    for (const auto field : base::split(text, ' ')) {
        if (!field.empty()) fields.push_back(field);
    }
    if (fields.size() != 5) wrong(text, "no tiene cinco campos (minuto hora día mes día-de-la-semana)");
    Cron cron;
    read_field(fields[0], {0, 59}, cron.minutes_);
    read_field(fields[1], {0, 23}, cron.hours_);
    read_field(fields[2], {1, 31}, cron.days_);
    read_field(fields[3], {1, 12, true}, cron.months_);
    read_field(fields[4], {0, 7, false, true}, cron.weekdays_);
    if (cron.weekdays_[7]) cron.weekdays_.set(0);
    cron.every_hour_ = fields[1].front() == '*';
    cron.any_day_ = fields[2].front() == '*';
    cron.any_weekday_ = fields[4].front() == '*';
    return cron;
}

bool Cron::fits_day(local_days day) const {
    const year_month_day date{day};
    if (!months_[static_cast<unsigned>(date.month())]) return false;
    const bool by_date = days_[static_cast<unsigned>(date.day())];
    const bool by_week = weekdays_[weekday{day}.c_encoding()];
    return any_day_ || any_weekday_ ? by_date && by_week : by_date || by_week;
}

LocalMinute Cron::next_after(LocalMinute time) const {
    const auto first = time + minutes(1);
    auto day = floor<days>(first);
    for (int tries = 0; tries < 366 * 28 + 7;
         ++tries, day += days(1)) {  // 29 February on a given weekday: 28 years
        if (!fits_day(day)) continue;
        for (auto at = std::max<LocalMinute>(first, day); at < day + days(1); at += minutes(1)) {
            const auto of_day = at - day;
            if (hours_[static_cast<std::size_t>(of_day.count() / 60)] &&
                minutes_[static_cast<std::size_t>(of_day.count() % 60)])
                return at;
        }
    }
    throw concejo::Error(concejo::ErrorKind::invalid, "cron: esa fecha no llega nunca");
}

}  // namespace kernel::jobs
