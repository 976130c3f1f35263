#include "profile.hpp"

#include "plugins/open-data/drawing/scale.hpp"
#include "portal.hpp"
#include "shown.hpp"
#include "sql_names.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace open_data {
namespace {

using concejo::Transaction;

constexpr std::int64_t rows_counted_at_once = 20'000;
constexpr std::size_t columns_counted_at_once = 60;
constexpr int most_bins = 10, most_top = 10;
constexpr std::size_t longest_value = 200;

/// One column of a table, as parts of statements.
struct Counted {
    Field field;
    std::string name, from;  ///< from: " FROM … WHERE …" of the values that can be measured

    Counted(const Resource& resource, Field column) : field(std::move(column)), name(identifier(field.name)) {
        from = " FROM " + identifier(resource.table) + " WHERE " + name + " IS NOT NULL";
        if (field.type == "numeric")
            name += "::numeric", from += " AND " + name + " > -1e300 AND " + name +
                                         " < 1e300";  // no infinity, nor what is no number
        if (field.type == "date" || field.type == "timestamp") from += " AND isfinite(" + name + ")";
        if (field.type == "timestamp") name += "::timestamp";
    }
    bool is_date() const { return field.type == "date" || field.type == "timestamp"; }
};

void add_extremes(Transaction& tx, const Counted& column, Json& about) {
    std::string what = "min(" + column.name + "), max(" + column.name + ")";
    if (is_number(column.field))
        what += ", trim_scale(round(avg(" + column.name +
                "), 4)), trim_scale(round((percentile_cont(0.5) WITHIN GROUP (ORDER BY " + column.name +
                "))::numeric, 4))";
    const auto rows = tx.exec("SELECT " + what + column.from);
    const char* keys[] = {"min", "max", "mean", "median"};
    for (std::uint32_t i = 0; i < rows.columns(); ++i)
        if (!rows[0].is_null(i)) about[keys[i]] = rows[0].text(i);
}

void add_frequent(Transaction& tx, const Counted& column, Json& about) {
    const auto rows =
        tx.exec("SELECT value, n, count(*) OVER () FROM (SELECT " + column.name + " AS value, count(*) AS n" +
                column.from + " GROUP BY 1) g ORDER BY n DESC, value LIMIT " + std::to_string(most_top));
    about["distinct"] = rows.empty() ? 0 : rows[0].integer(2);
    Json top = Json::array();
    for (const auto row : rows)
        top.push_back(Json::object({{"value", cut(row.view(0), longest_value)}, {"count", row.integer(1)}}));
    const auto& type = column.field.type;
    const bool named =
        type == "text" || type == "boolean" || (type == "integer" && about.int_or("distinct", 0) <= most_top);
    if (named) about["top"] = std::move(top);
}

Json bins_of(const concejo::Rows& rows) {
    Json bins = Json::array();
    for (const auto row : rows)
        bins.push_back(Json::object({{"from", row.text(0)}, {"to", row.text(1)}, {"count", row.integer(2)}}));
    return bins;
}

void add_steps(Transaction& tx, const Counted& column, Json& about) {
    const auto least = about.string_or("min", ""), most = about.string_or("max", "");
    if (least == most) return;
    const double size =
        (std::strtod(most.c_str(), nullptr) - std::strtod(least.c_str(), nullptr)) / most_bins;
    const auto step = drawing::step_of(column.field.type == "integer" ? std::max(1.0, size) : size).text();
    about["bins"] = bins_of(
        tx.exec("WITH counted AS (SELECT floor(" + column.name +
                    "::numeric / $3::numeric) AS k, count(*) AS n" + column.from +
                    " GROUP BY 1) "
                    "SELECT trim_scale(k * $3::numeric), trim_scale((k + 1) * $3::numeric), coalesce(n, 0) "
                    "FROM generate_series(floor($1::numeric / $3::numeric), floor($2::numeric / "
                    "$3::numeric)) AS k LEFT JOIN counted USING (k) ORDER BY k LIMIT 20",
                least, most, step));
}

void add_periods(Transaction& tx, const Counted& column, Json& about) {
    const auto least = about.string_or("min", ""), most = about.string_or("max", "");
    if (least.size() < 10 || most.size() < 10 || least[4] != '-' || most[4] != '-' || least == most)
        return;  // and none before Christ
    const std::string unit = period_unit(least, most);
    about["unit"] = unit;
    about["bins"] = bins_of(tx.exec("WITH counted AS (SELECT date_trunc($3, " + column.name +
                                        "::timestamp) AS k, count(*) AS n" + column.from +
                                        " GROUP BY 1) "
                                        "SELECT k::date, (k + $4::interval)::date, coalesce(n, 0) "
                                        "FROM generate_series(date_trunc($3, $1::timestamp), $2::timestamp, "
                                        "$4::interval) AS k LEFT JOIN counted USING (k) ORDER BY k LIMIT " +
                                        std::to_string(most_periods),
                                    least, most, unit, period_step(unit)));
}

Json about_column(Transaction& tx, const Resource& resource, const Field& field) {
    Json about = Json::object({{"name", field.name}, {"type", field.type}});
    const auto counts =
        tx.exec("SELECT count(" + identifier(field.name) + "), count(*) FROM " + identifier(resource.table));
    about["values"] = counts[0].integer(0), about["nulls"] = counts[0].integer(1) - counts[0].integer(0);
    if (field.type == "json" || counts[0].integer(0) == 0) return about;
    const Counted column(resource, field);
    add_frequent(tx, column, about);
    if (field.type != "text" && field.type != "boolean") add_extremes(tx, column, about);
    if (about["min"].is_null()) return about;
    if (is_number(field)) add_steps(tx, column, about);
    if (column.is_date()) add_periods(tx, column, about);
    return about;
}

void keep_profile(Transaction& tx, const Resource& resource) {
    tx.exec("UPDATE open_data_version SET profile = $3::jsonb WHERE resource = $1::uuid AND number = $2",
            resource.id, resource.version, profile_of(tx, resource));
}

Json counting_job(const Resource& resource, const std::string& unique, std::int64_t at) {
    return Json::object({{"kind", "perfilar"},
                         {"unique", unique},
                         {"run_at", at},
                         {"payload", Json::object({{"resource", resource.id}})}});
}

}  // namespace

const char* period_unit(const std::string& least, const std::string& most) {
    const auto day = [](const std::string& date) {
        return date.size() < 10 ? 0
                                : std::atoi(date.c_str()) * 365 + std::atoi(date.c_str() + 5) * 30 +
                                      std::atoi(date.c_str() + 8);
    };
    const auto days = day(most) - day(least);
    return days <= 45          ? "day"
           : days <= 4 * 365   ? "month"
           : days <= 60 * 365  ? "year"
           : days <= 600 * 365 ? "decade"
                               : "century";
}

std::string period_step(std::string_view unit) {
    return unit == "decade" ? "10 years" : unit == "century" ? "100 years" : "1 " + std::string(unit);
}

Json profile_of(Transaction& tx, const Resource& resource) {
    Json all = Json::array();
    const auto fields = fields_of(resource);
    for (std::size_t i = 1; i < fields.size(); ++i) all.push_back(about_column(tx, resource, fields[i]));
    return all;
}

void profile_version(const concejo::Call& call, Transaction& tx, const Resource& resource) {
    if (resource.rows <= rows_counted_at_once && resource.columns.size() <= columns_counted_at_once)
        keep_profile(tx, resource);
    else
        call.enqueue(tx, counting_job(resource, resource.id + ":" + std::to_string(resource.version), 0));
}

void profile_later(const concejo::Call& call, Transaction& tx, const Resource& resource) {
    // Once for the changes of each minute, when all that began in it have ended.
    const auto minute =
        std::chrono::duration_cast<std::chrono::minutes>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    call.enqueue(tx,
                 counting_job(resource, resource.id + "@" + std::to_string(minute), (minute + 1) * 60 + 35));
}

std::map<std::string, Json> profiles_of(Transaction& tx, const Dataset& dataset) {
    std::map<std::string, Json> all;
    const auto rows = tx.exec(
        "SELECT v.resource, v.profile FROM open_data_version v JOIN open_data_resource r ON r.id = "
        "v.resource AND r.version = v.number "
        "WHERE r.dataset = $1::uuid AND r.state = 'active' AND v.profile IS NOT NULL",
        dataset.id);
    for (const auto row : rows) all.emplace(row.text(0), Json::parse(row.view(1)));
    return all;
}

void register_profiles(concejo::Kernel& kernel) {
    kernel.job(
        "perfilar",
        [](const concejo::Call& call, const Json& payload, const concejo::Job&) {
            auto tx = call.begin();
            const auto resource = Catalogue(tx).resource(payload.string_or("resource", ""));
            if (!resource || !resource->tabular()) return;
            keep_profile(tx, *resource);
            call.pages_changed(tx);
            tx.commit();
        },
        concejo::JobOptions{.label = N_("Contar lo que hay en las columnas de un recurso")});
}

}  // namespace open_data
