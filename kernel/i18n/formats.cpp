#include "kernel/i18n/formats.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <unicode/calendar.h>
#include <unicode/coll.h>
#include <unicode/datefmt.h>
#include <unicode/numfmt.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <map>
#include <tuple>

namespace kernel::i18n {

namespace {

using icu::UnicodeString;

/// Every language as it is written in Spain: en_GB would print pounds. English dates are Europe's, or the
/// month would come first.
icu::Locale locale_of(std::string_view lang, bool date = false) {
    const std::string language(lang.substr(0, lang.find('-')));
    return {language.c_str(), date && language == "en" ? "150" : "ES"};
}

std::string utf8(const UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

void require(UErrorCode status, const char* what) {
    if (U_SUCCESS(status)) return;
    throw concejo::Error(concejo::ErrorKind::internal, fmt::format("ICU: {}: {}", what, u_errorName(status)));
}

/// Finding a zone among ICU's data costs more than whatever is asked of it: one of each per thread.
const icu::TimeZone& time_zone(const std::string& name) {
    thread_local std::map<std::string, std::unique_ptr<icu::TimeZone>> made;
    auto& slot = made[name];
    if (!slot) slot.reset(icu::TimeZone::createTimeZone(UnicodeString::fromUTF8(name)));
    return *slot;
}

UDate icu_time(Instant when) {
    return static_cast<double>(
        std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count());
}

icu::DateFormat::EStyle icu_style(Style style) {
    switch (style) {
        case Style::brief:
            return icu::DateFormat::kShort;
        case Style::normal:
            return icu::DateFormat::kMedium;
        case Style::wide:
            return icu::DateFormat::kLong;
        case Style::full:
            return icu::DateFormat::kFull;
    }
    return icu::DateFormat::kLong;
}

/// Making a formatter costs milliseconds and using one is not thread-safe: one of each per thread.
icu::DateFormat& date_format(const std::string& zone, std::string_view lang, icu::DateFormat::EStyle date,
                             icu::DateFormat::EStyle time) {
    using Key = std::tuple<std::string, std::string, int, int>;
    thread_local std::map<Key, std::unique_ptr<icu::DateFormat>> made;
    auto& slot = made[{zone, std::string(lang), date, time}];
    if (!slot) {
        slot.reset(icu::DateFormat::createDateTimeInstance(date, time, locale_of(lang, true)));
        if (!slot) throw concejo::Error(concejo::ErrorKind::internal, "ICU: no hay formato de fechas");
        slot->setTimeZone(time_zone(zone));
    }
    return *slot;
}

icu::NumberFormat& number_format(std::string_view lang, UNumberFormatStyle style, int decimals) {
    thread_local std::map<std::tuple<std::string, int, int>, std::unique_ptr<icu::NumberFormat>> made;
    auto& slot = made[{std::string(lang), style, decimals}];
    if (!slot) {
        UErrorCode status = U_ZERO_ERROR;
        slot.reset(icu::NumberFormat::createInstance(locale_of(lang), style, status));
        require(status, "formato de números");
        slot->setMinimumFractionDigits(decimals);
        slot->setMaximumFractionDigits(decimals);
    }
    return *slot;
}

std::string formatted(icu::DateFormat& format, UDate when) {
    UnicodeString out;
    format.format(when, out);
    return utf8(out);
}

/// Noon in UTC of a calendar day: the same day in every zone of Spain, and formatted in UTC besides.
UDate noon(std::chrono::year_month_day day) {
    return icu_time(std::chrono::sys_days(day) + std::chrono::hours(12));
}

}  // namespace

Formats::Formats(std::string zone) : zone_(std::move(zone)) {
    if (time_zone(zone_) == icu::TimeZone::getUnknown()) {
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "zona horaria desconocida «" + zone_ + "»: p. ej. Europe/Madrid");
    }
}

std::string Formats::date(std::string_view lang, Instant when, Style style) const {
    return formatted(date_format(zone_, lang, icu_style(style), icu::DateFormat::kNone), icu_time(when));
}

std::string Formats::date(std::string_view lang, std::chrono::year_month_day day, Style style) const {
    return formatted(date_format("UTC", lang, icu_style(style), icu::DateFormat::kNone), noon(day));
}

std::string Formats::time(std::string_view lang, Instant when) const {
    return formatted(date_format(zone_, lang, icu::DateFormat::kNone, icu::DateFormat::kShort),
                     icu_time(when));
}

std::string Formats::date_time(std::string_view lang, Instant when, Style style, Style time) const {
    const auto precision = time == Style::brief ? icu::DateFormat::kShort : icu::DateFormat::kMedium;
    return formatted(date_format(zone_, lang, icu_style(style), precision), icu_time(when));
}

DateTile Formats::tile(std::string_view lang, std::chrono::year_month_day day) const {
    thread_local std::map<std::string, std::unique_ptr<icu::SimpleDateFormat>, std::less<>> made;
    auto& slot = made[std::string(lang)];
    if (!slot) {
        UErrorCode status = U_ZERO_ERROR;
        slot = std::make_unique<icu::SimpleDateFormat>(UnicodeString("LLL"), locale_of(lang, true), status);
        require(status, "nombre del mes");
        slot->setTimeZone(time_zone("UTC"));
    }
    std::string month = formatted(*slot, noon(day));
    if (month.ends_with('.')) month.pop_back();
    return {std::to_string(static_cast<unsigned>(day.day())), month};
}

std::string Formats::number(std::string_view lang, std::int64_t value) const {
    UnicodeString out;
    number_format(lang, UNUM_DECIMAL, 0).format(value, out);
    return utf8(out);
}

std::string Formats::number(std::string_view lang, double value, int decimals) const {
    UnicodeString out;
    number_format(lang, UNUM_DECIMAL, decimals).format(value, out);
    return utf8(out);
}

std::string Formats::percent(std::string_view lang, double ratio, int decimals) const {
    UnicodeString out;
    number_format(lang, UNUM_PERCENT, decimals).format(ratio, out);
    return utf8(out);
}

std::string Formats::money(std::string_view lang, std::int64_t cents) const {
    // Through a decimal text: a double would lose cents above 90 billion euros.
    const std::uint64_t whole =
        cents < 0 ? -static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
    const std::string exact = fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", whole / 100, whole % 100);
    UErrorCode status = U_ZERO_ERROR;
    UnicodeString out;
    number_format(lang, UNUM_CURRENCY, 2).format(icu::StringPiece(exact), out, nullptr, status);
    require(status, "importe");
    return utf8(out);
}

std::string Formats::iso(Instant when) const {
    std::int32_t raw = 0, saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    time_zone(zone_).getOffset(icu_time(when), false, raw, saving, status);
    require(status, "huso horario");
    const int minutes = (raw + saving) / 60000;
    const auto local = std::chrono::floor<std::chrono::seconds>(when) + std::chrono::minutes(minutes);
    const auto date = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day ymd(date);
    const auto clock = std::chrono::hh_mm_ss(local - date);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", static_cast<int>(ymd.year()),
                       static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

std::chrono::year_month_day Formats::day(Instant when) const {
    const std::string text = iso(when);
    return {std::chrono::year(std::stoi(text.substr(0, 4))),
            std::chrono::month(static_cast<unsigned>(std::stoi(text.substr(5, 2)))),
            std::chrono::day(static_cast<unsigned>(std::stoi(text.substr(8, 2))))};
}

int Formats::compare(std::string_view lang, std::string_view a, std::string_view b) {
    thread_local std::map<std::string, std::unique_ptr<icu::Collator>, std::less<>> made;
    auto& slot = made[std::string(lang)];
    UErrorCode status = U_ZERO_ERROR;
    if (!slot) slot.reset(icu::Collator::createInstance(locale_of(lang), status));
    require(status, "orden alfabético");
    const auto order =
        slot->compareUTF8(icu::StringPiece(a.data(), static_cast<std::int32_t>(a.size())),
                          icu::StringPiece(b.data(), static_cast<std::int32_t>(b.size())), status);
    require(status, "orden alfabético");
    return order;
}

}  // namespace kernel::i18n
