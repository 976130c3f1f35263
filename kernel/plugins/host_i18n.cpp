#include "kernel/i18n/catalogs.hpp"
#include "kernel/i18n/formats.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kernel::plugins {
namespace {

using i18n::Style;

Style style_of(std::int32_t style) { return static_cast<Style>(std::clamp<std::int32_t>(style, 0, 3)); }

/// AAAA-MM-DD, a day that exists.
std::chrono::year_month_day day_of(std::string_view iso) {
    int year = 0;
    unsigned month = 0, day = 0;
    const auto number = [&](std::size_t from, std::size_t count, auto& value) {
        const auto* begin = iso.data() + from;
        const auto [end, error] = std::from_chars(begin, begin + count, value);
        return error == std::errc{} && end == begin + count;
    };
    const bool shaped = iso.size() == 10 && iso[4] == '-' && iso[7] == '-' && number(0, 4, year) &&
                        number(5, 2, month) && number(8, 2, day);
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!shaped || !date.ok())
        throw concejo::Error(concejo::ErrorKind::invalid,
                             fmt::format("«{}» no es una fecha AAAA-MM-DD", iso));
    return date;
}

i18n::Formats formats(const concejo_call& call) { return i18n::Formats(call.tenant().config.time_zone); }

concejo_status translate(concejo_call* call, concejo_str msgid, concejo_sink sink, void* context) {
    return host_guard([&] {
        sink(context,
             c_str(call->services->catalogs.translate(call->scope->language, call->plugin->id, view(msgid))));
    });
}

concejo_status plural(concejo_call* call, concejo_str one, concejo_str many, std::int64_t n,
                      concejo_sink sink, void* context) {
    return host_guard([&] {
        sink(context, c_str(call->services->catalogs.plural(call->scope->language, call->plugin->id,
                                                            view(one), view(many), n)));
    });
}

concejo_status date(concejo_call* call, concejo_str iso, std::int32_t style, concejo_sink sink,
                    void* context) {
    return host_guard([&] {
        sink(context, c_str(formats(*call).date(call->scope->language, day_of(view(iso)), style_of(style))));
    });
}

concejo_status instant(concejo_call* call, std::int64_t seconds, std::int32_t date_style,
                       std::int32_t time_style, concejo_sink sink, void* context) {
    return host_guard([&] {
        const i18n::Instant when{std::chrono::seconds(seconds)};
        const auto& language = call->scope->language;
        const auto f = formats(*call);
        sink(context,
             c_str(time_style < 0 ? f.date(language, when, style_of(date_style))
                                  : f.date_time(language, when, style_of(date_style), style_of(time_style))));
    });
}

concejo_status number(concejo_call* call, double value, std::int32_t decimals, concejo_sink sink,
                      void* context) {
    return host_guard([&] {
        sink(context, c_str(formats(*call).number(call->scope->language, value, std::clamp(decimals, 0, 9))));
    });
}

concejo_status money(concejo_call* call, std::int64_t cents, concejo_sink sink, void* context) {
    return host_guard([&] { sink(context, c_str(formats(*call).money(call->scope->language, cents))); });
}

concejo_status today(concejo_call* call, concejo_sink sink, void* context) {
    return host_guard([&] {
        const auto day = formats(*call).day(std::chrono::system_clock::now());
        sink(context,
             c_str(fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                               static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()))));
    });
}

}  // namespace

const concejo_i18n_1& i18n_table() {
    static const concejo_i18n_1 table{
        sizeof(concejo_i18n_1), &translate, &plural, &date, &instant, &number, &money, &today};
    return table;
}

}  // namespace kernel::plugins
