#include "chart_query.hpp"

#include "column_view.hpp"
#include "coordinates.hpp"
#include "profile.hpp"
#include "sql_names.hpp"

#include <algorithm>
#include <cstdlib>

namespace open_data {
namespace {

constexpr int most_whole_numbers = 60;  ///< years, weeks of a year: more of them are a measure

const Field* field_named(const std::vector<Field>& fields, std::string_view name) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const auto& one) { return one.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

/// How well a chart by this column would tell something: 0 is not at all.
int suits(const Field& field, const Json& about) {
    const auto distinct = about.int_or("distinct", 0);
    if (field.type == "date" || field.type == "timestamp")
        return about["bins"].is_array() && about["bins"].size() > 2 ? 5 : 1;
    if (distinct < 2) return 1;
    if (field.type == "text" || field.type == "boolean") return distinct <= most_categories ? 4 : 2;
    return distinct <= most_categories ? 3 : 1;
}

std::string unit_of(concejo::Transaction& tx, const Resource& resource, const Field& by) {
    const auto name = identifier(by.name);
    const auto rows = tx.exec("SELECT min(" + name + ")::text, max(" + name + ")::text FROM " +
                              identifier(resource.table) + " WHERE isfinite(" + name + ")");
    return period_unit(rows[0].text(0), rows[0].text(1));
}

/// The values that are added up: no infinity, nor what is no number.
std::string summed(const ChartAsked& asked) {
    if (asked.measure == "filas") return "NULL::numeric";
    const auto name = identifier(asked.of.name) + "::numeric";
    return "CASE WHEN " + name + " > -1e300 AND " + name + " < 1e300 THEN " + name + " END";
}

/// Of columns n (rows), s (sum) and v (how many were added).
std::string measured(const ChartAsked& asked) {
    if (asked.measure == "suma") return "trim_scale(sum(s))";
    if (asked.measure == "media") return "trim_scale(round(sum(s) / nullif(sum(v), 0), 4))";
    return "sum(n)";
}

std::vector<ChartPoint> points_by_period(const Portal& portal, concejo::Transaction& tx,
                                         const Resource& resource, ChartAsked asked) {
    if (asked.unit.empty()) asked.unit = unit_of(tx, resource, asked.by);
    const auto name = identifier(asked.by.name);
    const auto rows = tx.exec(
        "WITH g AS (SELECT date_trunc($1, " + name +
            "::timestamp) AS k, count(*) AS n, sum(x) AS s, count(x) AS v FROM (SELECT " + name + ", " +
            summed(asked) + " AS x FROM " + identifier(resource.table) + " WHERE isfinite(" + name +
            ")) t GROUP BY 1), "
            "every AS (SELECT generate_series(min(k), max(k), $2::interval) AS k FROM g LIMIT " +
            std::to_string(most_periods) +
            ") "
            "SELECT k::date, " +
            measured(asked) + ", coalesce(sum(n), 0) FROM every LEFT JOIN g USING (k) GROUP BY k ORDER BY k",
        asked.unit, period_step(asked.unit));
    std::vector<ChartPoint> points;
    for (const auto row : rows) {
        ChartPoint one{period_text(portal.call, row.view(0), asked.unit), std::nullopt, row.integer(2),
                       false};
        if (!row.is_null(1))
            one.value = row.text(1);
        else if (asked.measure != "media")
            one.value = "0";  // nothing happened; a mean of nothing there is not
        points.push_back(std::move(one));
    }
    return points;
}

std::vector<ChartPoint> points_by_category(const Portal& portal, concejo::Transaction& tx,
                                           const Resource& resource, const ChartAsked& asked) {
    const auto name = identifier(asked.by.name);
    const auto rank = asked.measure == "filas" ? "n" : asked.measure == "suma" ? "s" : "s / nullif(v, 0)";
    const auto rows = tx.exec("WITH g AS (SELECT " + name +
                                  "::text AS k, count(*) AS n, sum(x) AS s, count(x) AS v FROM (SELECT " +
                                  name + ", " + summed(asked) + " AS x FROM " + identifier(resource.table) +
                                  ") t GROUP BY 1), r AS (SELECT *, row_number() OVER (ORDER BY " + rank +
                                  " DESC NULLS LAST, k) AS place FROM g) "
                                  "SELECT min(k), least(place, $1::int + 1), " +
                                  measured(asked) + ", sum(n), count(*) FROM r GROUP BY 2 ORDER BY 2",
                              most_categories);
    std::vector<ChartPoint> points;
    for (const auto row : rows) {
        ChartPoint one{"", std::nullopt, row.integer(3), row.integer(1) > most_categories};
        if (one.others)
            one.label = concejo::fill(portal.call.trn("{n} más", "Otros {n}", row.integer(4)),
                                      {{"n", portal.call.number(static_cast<double>(row.integer(4)))}});
        else
            one.label = row.is_null(0) ? portal.call.tr("(sin valor)")
                                       : shown(portal.call, row.optional(0), asked.by);
        if (!row.is_null(2)) one.value = row.text(2);
        points.push_back(std::move(one));
    }
    const bool by_number = asked.by.type == "integer" && (points.empty() || !points.back().others);
    if (by_number)
        std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
            return std::atoll(a.label.c_str()) < std::atoll(b.label.c_str());
        });
    return points;
}

}  // namespace

std::vector<Field> chart_categories(const Resource& resource, const Json& profile) {
    std::vector<Field> all;
    for (const auto& field : fields_of(resource)) {
        const bool whole = field.type == "integer" && field.name != "_id" &&
                           about_of(profile, field.name).int_or("distinct", 0) <= most_whole_numbers;
        if (whole || field.type == "text" || field.type == "boolean" || field.type == "date" ||
            field.type == "timestamp")
            all.push_back(field);
    }
    return all;
}

std::vector<Field> chart_measures(const Resource& resource) {
    const auto where = coordinates_of(resource);
    std::vector<Field> all;
    for (const auto& field : fields_of(resource))
        if (is_number(field) && field.name != "_id" &&
            !(where && (field.name == where->x || field.name == where->y)))
            all.push_back(field);
    return all;
}

std::optional<ChartAsked> chart_asked(const concejo::Request& request, const Resource& resource,
                                      const Json& profile) {
    const auto categories = chart_categories(resource, profile), measures = chart_measures(resource);
    if (categories.empty()) return std::nullopt;
    ChartAsked asked;
    const auto* by = field_named(categories, request.query("por").value_or(""));
    if (!by)
        by = &*std::max_element(categories.begin(), categories.end(), [&](const auto& a, const auto& b) {
            return suits(a, about_of(profile, a.name)) < suits(b, about_of(profile, b.name));
        });
    asked.by = *by;
    asked.measure = request.query("medida").value_or("");
    const auto* of = field_named(measures, request.query("de").value_or(""));
    if (asked.measure != "filas" && asked.measure != "suma" && asked.measure != "media") {
        // Amounts have decimals; whole numbers may be years or codes, which nobody adds up.
        const auto amount = std::find_if(measures.begin(), measures.end(),
                                         [](const auto& one) { return one.type == "numeric"; });
        if (!of && amount != measures.end()) of = &*amount;
        asked.measure = of ? "suma" : "filas";
    }
    if (asked.measure != "filas" && !of && !measures.empty()) of = &measures.front();
    if (!of) asked.measure = "filas";
    if (of && asked.measure != "filas") asked.of = *of;
    asked.unit = about_of(profile, asked.by.name).string_or("unit", "");
    const auto shape = request.query("forma").value_or("");
    asked.line = asked.dated() ? shape != "barras" : asked.by.type == "integer" && shape == "lineas";
    return asked;
}

std::vector<ChartPoint> chart_points(const Portal& portal, concejo::Transaction& tx, const Resource& resource,
                                     const ChartAsked& asked) {
    return asked.dated() ? points_by_period(portal, tx, resource, asked)
                         : points_by_category(portal, tx, resource, asked);
}

}  // namespace open_data
