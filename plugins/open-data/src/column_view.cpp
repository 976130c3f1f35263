#include "column_view.hpp"

#include "plugins/open-data/drawing/charts.hpp"
#include "shown.hpp"

#include <algorithm>
#include <cstdlib>

namespace open_data {
namespace {

using concejo::fill;

constexpr std::size_t frequent_shown = 5;

std::string count_text(const concejo::Call& call, std::int64_t count) {
    return call.number(static_cast<double>(count));
}

/// A step of numbers, or a period.
std::string bin_label(const concejo::Call& call, const Field& field, const Json& bin,
                      const std::string& unit) {
    const auto from = bin.string_or("from", ""), to = bin.string_or("to", "");
    if (!unit.empty()) return period_text(call, from, unit);
    if (field.type == "integer" && std::strtod(to.c_str(), nullptr) - std::strtod(from.c_str(), nullptr) == 1)
        return from;
    return fill(call.tr("de {desde} a menos de {hasta}"),
                {{"desde", shown_number(call, from)}, {"hasta", shown_number(call, to)}});
}

Json column_facts(const concejo::Call& call, const Field& field, const Json& about) {
    Json list = Json::array();
    const auto add = [&](std::string label, std::string text) {
        list.push_back(Json::object({{"label", std::move(label)}, {"text", std::move(text)}}));
    };
    const auto nulls = about.int_or("nulls", 0);
    add(call.tr("Con valor"),
        count_text(call, about.int_or("values", 0)) +
            (nulls > 0
                 ? " (" + fill(call.trn("{n} vacío", "{n} vacíos", nulls), {{"n", count_text(call, nulls)}}) +
                       ")"
                 : ""));
    if (about["distinct"].is_int()) add(call.tr("Distintos"), count_text(call, about.int_or("distinct", 0)));
    if (about["min"].is_null()) return list;
    const auto value = [&](const char* key) { return shown(call, about.string_or(key, ""), field); };
    add(is_number(field) ? call.tr("Mínimo") : call.tr("Primero"), value("min"));
    add(is_number(field) ? call.tr("Máximo") : call.tr("Último"), value("max"));
    for (const auto& [key, label] : {std::pair{"mean", N_("Media")}, std::pair{"median", N_("Mediana")}})
        if (const auto text = about.string_or(key, ""); !text.empty())
            add(call.tr(label),
                shown_rounded(
                    call, text,
                    text.starts_with("0.") || text.starts_with("-0.") ? 4 : std::min(2, decimals_of(text))));
    return list;
}

Json cell(std::string label, std::string text, bool numeric = false) {
    return Json::object({{"label", std::move(label)}, {"text", std::move(text)}, {"numeric", numeric}});
}

/// The drawing, and the same in a table.
void add_distribution(const Portal& portal, const Field& field, const std::string& title, const Json& about,
                      Json& view) {
    const auto& call = portal.call;
    const auto unit = about.string_or("unit", "");
    drawing::Chart chart;
    Json rows = Json::array();
    const auto& bins = about["bins"];
    for (const auto& bin : bins.as_array()) {
        const auto label = bin_label(call, field, bin, unit), text = count_text(call, bin.int_or("count", 0));
        chart.marks.push_back({label, static_cast<double>(bin.int_or("count", 0)), text});
        rows.push_back(Json::object({{"cells", Json::array({Json::object({{"header", true}, {"text", label}}),
                                                            cell(call.tr("Filas"), text, true)})}}));
    }
    const auto first = unit.empty() ? shown_number(call, bins.as_array().front().string_or("from", ""))
                                    : chart.marks.front().label;
    const auto last = unit.empty() ? shown_number(call, bins.as_array().back().string_or("to", ""))
                                   : chart.marks.back().label;
    chart.label = fill(call.tr("Cómo se reparten las filas por «{columna}», de {desde} a {hasta}"),
                       {{"columna", title}, {"desde", first}, {"hasta", last}});
    view["drawing"] = Json::object({{"body_html", drawing::distribution(chart, first, last).take()}});
    view["table"] = Json::object(
        {{"id", view.string_or("id", "") + "-t"},
         {"caption", chart.label},
         {"columns", Json::array({Json::object({{"label", title}}),
                                  Json::object({{"label", call.tr("Filas")}, {"numeric", true}})})},
         {"rows", rows}});
}

Json frequent_values(const concejo::Call& call, const Field& field, const Json& about) {
    Json items = Json::array();
    const auto& top = about["top"];
    if (!top.is_array() || top.empty() ||
        (about.int_or("distinct", 0) == about.int_or("values", 0) && top.size() > 1))
        return items;  // all different: no value is frequent
    const auto all = std::to_string(about.int_or("values", 1));
    for (const auto& one : top.as_array()) {
        if (items.size() == frequent_shown) break;
        items.push_back(Json::object({{"label", shown(call, one.string_or("value", ""), field)},
                                      {"text", count_text(call, one.int_or("count", 0))},
                                      {"value", std::to_string(one.int_or("count", 0))},
                                      {"max", all}}));
    }
    return items;
}

}  // namespace

std::string period_text(const concejo::Call& call, std::string_view from, std::string_view unit) {
    const auto year = std::string(from.substr(0, 4));
    if (from.size() < 10 || unit == "year") return year;
    if (unit == "day") return call.date(from, concejo::Style::short_);
    if (unit == "month") return std::string(from.substr(5, 2)) + "/" + year;
    return year + "–" + std::to_string(std::atoi(year.c_str()) + (unit == "decade" ? 9 : 99));
}

Json about_of(const Json& profile, std::string_view column) {
    if (profile.is_array())
        for (const auto& one : profile.as_array())
            if (one.string_or("name", "") == column) return one;
    return {};
}

Json columns_view(const Portal& portal, const Resource& resource, const Json& profile) {
    const auto& call = portal.call;
    Json list = Json::array();
    if (!resource.columns.is_array()) return list;
    int n = 0;
    for (const auto& column : resource.columns.as_array()) {
        const Field field{column.string_or("name", ""), column.string_or("type", "text")};
        const auto title = column_title(column, portal.language);
        Json view = Json::object({{"id", "c" + std::to_string(n++) + "-" + resource.id},
                                  {"name", title},
                                  {"code", title == field.name ? std::string() : field.name},
                                  {"type", call.tr(type_label(field.type))},
                                  {"about", portal.text(column["description"])},
                                  {"facts", Json::array()},
                                  {"frequent", Json::array()},
                                  {"drawing", Json()},
                                  {"table", Json()}});
        const auto about = about_of(profile, field.name);
        if (about.is_object() && about.string_or("type", "") == field.type) {
            view["facts"] = column_facts(call, field, about);
            view["frequent"] = frequent_values(call, field, about);
            if (about["bins"].is_array() && about["bins"].size() > 1)
                add_distribution(portal, field, title, about, view);
        }
        list.push_back(std::move(view));
    }
    return list;
}

}  // namespace open_data
