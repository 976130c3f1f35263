// Reading the text of a rule: every part checked against RFC 5545, so that what is kept can be computed.
#include "kernel/base/text.hpp"
#include "kernel/jobs/rrule.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>

namespace kernel::jobs {

using namespace std::chrono;

namespace {

constexpr std::array<std::string_view, 7> two_letter_days{"su", "mo", "tu", "we", "th", "fr", "sa"};
constexpr std::int64_t most_count = 10'000, most_interval = 10'000;

[[noreturn]] void wrong_part(std::string_view part, std::string_view why) {
    throw concejo::Error(concejo::ErrorKind::invalid,
                         "rrule: '" + std::string(part.substr(0, 60)) + "' " + std::string(why));
}

std::int64_t number(std::string_view text, std::int64_t least, std::int64_t most, std::string_view part) {
    auto digits = text;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() ||
        (text.front() == '+' && digits.front() == '-'))
        wrong_part(part, "no es un número entero");
    if (value < least || value > most)
        wrong_part(part, "se sale de " + std::to_string(least) + "…" + std::to_string(most));
    return value;
}

/// Sorted, without repetitions. `least` below zero: counted from the end, never 0.
std::vector<int> numbers(std::string_view list, int least, int most, std::string_view part) {
    std::vector<int> out;
    for (const auto item : base::split(list, ',')) {
        out.push_back(static_cast<int>(number(item, least, most, part)));
        if (least < 0 && out.back() == 0) wrong_part(part, "no puede ser 0");
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

int digits_at(std::string_view text, std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
        if (i >= text.size() || text[i] < '0' || text[i] > '9') wrong_part(text, "no es una fecha");
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

local_days day_at(std::string_view text) {
    const year_month_day date{year(digits_at(text, 0, 4)),
                              month(static_cast<unsigned>(digits_at(text, 4, 2))),
                              day(static_cast<unsigned>(digits_at(text, 6, 2)))};
    if (!date.ok() || digits_at(text, 0, 4) < 1900) wrong_part(text, "no es un día del calendario");
    return local_days(date);
}

/// "20260131T030000", the basic form of RFC 5545; seconds are dropped.
LocalMinute time_at(std::string_view text) {
    if (text.size() != 15 || text[8] != 'T') wrong_part(text, "no es una fecha con hora (AAAAMMDDTHHMMSS)");
    const int hour = digits_at(text, 9, 2), minute = digits_at(text, 11, 2), second = digits_at(text, 13, 2);
    if (hour > 23 || minute > 59 || second > 59) wrong_part(text, "no es una hora");
    return day_at(text) + hours(hour) + minutes(minute);
}

weekday day_named(std::string_view text, std::string_view part) {
    const auto found = std::find(two_letter_days.begin(), two_letter_days.end(), text);
    if (found == two_letter_days.end()) wrong_part(part, "no es un día: MO, TU, WE, TH, FR, SA o SU");
    return weekday(static_cast<unsigned>(found - two_letter_days.begin()));
}

}  // namespace

LocalMinute parse_local(std::string_view text) {
    std::string basic;
    for (const char c : text)
        if (c != '-' && c != ':') basic += c;
    const bool extended = text.size() == 16 && text[4] == '-' && text[7] == '-' && text[13] == ':';
    if (extended) basic += "00";
    if (!extended && basic.size() != text.size())
        wrong_part(text, "no es una fecha con hora (2026-01-31T03:00)");
    return time_at(basic);
}

class RRuleReader {
public:
    RRule read(std::string_view text, LocalMinute start) {
        rule_.start_ = start;
        const auto lower = base::lower_ascii(text);
        std::string_view rest = lower;
        if (rest.starts_with("rrule:")) rest.remove_prefix(6);
        for (const auto part : base::split(rest, ';')) {
            const auto equals = part.find('=');
            if (equals == part.npos) wrong_part(part, "no tiene la forma PARTE=valor");
            const auto name = part.substr(0, equals);
            if (!seen_.insert(std::string(name)).second) wrong_part(part, "está repetido");
            take(part, name, part.substr(equals + 1));
        }
        check(lower);
        return rule_;
    }

private:
    using Freq = RRule::Freq;

    void take(std::string_view part, std::string_view name, std::string_view value) {
        if (name == "freq") return freq(part, value);
        if (name == "interval") return void(rule_.interval_ = number(value, 1, most_interval, part));
        if (name == "count") return void(rule_.count_ = number(value, 1, most_count, part));
        if (name == "until") return until(value);
        if (name == "wkst") return void(rule_.week_start_ = day_named(value, part));
        if (name == "bymonth") return void(rule_.months_ = numbers(value, 1, 12, part));
        if (name == "bymonthday") return void(rule_.month_days_ = numbers(value, -31, 31, part));
        if (name == "byyearday") return void(rule_.year_days_ = numbers(value, -366, 366, part));
        if (name == "bysetpos") return void(rule_.positions_ = numbers(value, -366, 366, part));
        if (name == "byhour") return void(rule_.hours_ = numbers(value, 0, 23, part));
        if (name == "byminute") return void(rule_.minutes_ = numbers(value, 0, 59, part));
        if (name == "byday") return by_day(part, value);
        if (name == "bysecond" || name == "byweekno") wrong_part(part, "no se admite aquí");
        wrong_part(part, "no es una parte de una regla");
    }

    void freq(std::string_view part, std::string_view value) {
        constexpr std::array<std::string_view, 6> names{"minutely", "hourly",  "daily",
                                                        "weekly",   "monthly", "yearly"};
        const auto found = std::find(names.begin(), names.end(), value);
        if (found == names.end())
            wrong_part(part, "no es YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY ni MINUTELY");
        rule_.freq_ = static_cast<Freq>(found - names.begin());
    }

    void until(std::string_view lower) {
        std::string value(lower);
        std::replace(value.begin(), value.end(), 't', 'T');
        if (value.size() == 8) {
            rule_.until_ = day_at(value) + hours(23) + minutes(59);
        } else if (value.ends_with('z')) {
            value.pop_back();
            rule_.until_utc_ =
                duration_cast<seconds>(time_at(value).time_since_epoch()).count() + digits_at(value, 13, 2);
        } else {
            rule_.until_ = time_at(value);
        }
    }

    void by_day(std::string_view part, std::string_view list) {
        for (const auto item : base::split(list, ',')) {
            if (item.size() < 2) wrong_part(part, "no es un día: MO, -1FR …");
            const auto ordinal = item.substr(0, item.size() - 2);
            const int n = ordinal.empty() ? 0 : static_cast<int>(number(ordinal, -53, 53, part));
            if (!ordinal.empty() && n == 0) wrong_part(part, "no puede llevar 0");
            rule_.days_.push_back({n, day_named(item.substr(item.size() - 2), part)});
        }
    }

    void check(std::string_view text) const {
        const auto& r = rule_;
        if (!seen_.count("freq")) wrong_part(text, "no dice FREQ");
        if (r.count_ && seen_.count("until")) wrong_part(text, "lleva COUNT y UNTIL, y solo cabe uno");
        const bool ordinals =
            std::any_of(r.days_.begin(), r.days_.end(), [](const auto& d) { return d.ordinal != 0; });
        if (ordinals && r.freq_ < Freq::monthly)
            wrong_part(text, "numera días de la semana: solo con MONTHLY o YEARLY");
        if (!r.month_days_.empty() && r.freq_ == Freq::weekly)
            wrong_part(text, "BYMONTHDAY no va con WEEKLY");
        if (!r.year_days_.empty() && r.freq_ >= Freq::daily && r.freq_ != Freq::yearly)
            wrong_part(text, "BYYEARDAY no va con DAILY, WEEKLY ni MONTHLY");
        const bool others = seen_.count("bymonth") || seen_.count("bymonthday") || seen_.count("byyearday") ||
                            seen_.count("byday") || seen_.count("byhour") || seen_.count("byminute");
        if (!r.positions_.empty() && !others)
            wrong_part(text, "BYSETPOS escoge entre lo que diga otra parte BY…");
    }

    RRule rule_;
    std::set<std::string> seen_;
};

RRule RRule::parse(std::string_view text, LocalMinute start) { return RRuleReader().read(text, start); }

}  // namespace kernel::jobs
