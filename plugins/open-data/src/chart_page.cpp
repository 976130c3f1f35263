// A chart made of the rows of a resource: chosen by a form, kept by its address, drawn here.
#include "address.hpp"
#include "chart_query.hpp"
#include "gone.hpp"
#include "plugins/open-data/drawing/charts.hpp"
#include "profile.hpp"
#include "resource_pages.hpp"

#include <algorithm>
#include <cstdlib>

namespace open_data {
namespace {

using concejo::fill;
using concejo::Reply;
using concejo::Request;

constexpr int most_decimals = 2;

/// "Suma de Importe por Tipo".
std::string chart_title(const Portal& portal, const Resource& resource, const ChartAsked& asked) {
    const auto titles = column_titles(portal, resource);
    const auto by = titles.at(asked.by.name),
               of = asked.of.name.empty() ? std::string() : titles.at(asked.of.name);
    const char* text = asked.measure == "suma"    ? N_("Suma de {de}, por {por}")
                       : asked.measure == "media" ? N_("Media de {de}, por {por}")
                                                  : N_("Número de filas, por {por}");
    return fill(portal.call.tr(text), {{"de", of}, {"por", by}});
}

/// All of them with as many decimals, few enough to be read.
std::string value_text(const concejo::Call& call, const ChartPoint& point,
                       const std::vector<ChartPoint>& points) {
    int decimals = 0;
    for (const auto& one : points)
        if (one.value) decimals = std::max(decimals, decimals_of(*one.value));
    return point.value ? shown_rounded(call, *point.value, std::min(decimals, most_decimals)) : "—";
}

drawing::Chart chart_of(const Portal& portal, std::string title, const std::vector<ChartPoint>& points) {
    drawing::Chart chart;
    chart.label = std::move(title);
    chart.number = [&call = portal.call](double value, int decimals) { return call.number(value, decimals); };
    for (const auto& one : points)
        chart.marks.push_back(
            {one.label, one.value ? std::optional(std::strtod(one.value->c_str(), nullptr)) : std::nullopt,
             value_text(portal.call, one, points)});
    return chart;
}

drawing::Svg drawn(const drawing::Chart& chart, const ChartAsked& asked, drawing::Width width) {
    const char* css = width == drawing::Width::wide ? "wide" : "narrow";
    return asked.line ? drawing::curve(chart, width, css) : drawing::bars(chart, width, css);
}

Json points_table(const Portal& portal, const Resource& resource, const ChartAsked& asked,
                  const std::string& title, const std::vector<ChartPoint>& points) {
    const auto& call = portal.call;
    const bool counted = asked.measure == "filas";
    Json columns =
             Json::array({Json::object({{"label", column_titles(portal, resource).at(asked.by.name)}})}),
         rows = Json::array();
    const auto value = asked.measure == "media" ? call.tr("Media") : call.tr("Suma");
    if (!counted) columns.push_back(Json::object({{"label", value}, {"numeric", true}}));
    columns.push_back(Json::object({{"label", call.tr("Filas")}, {"numeric", true}}));
    for (const auto& one : points) {
        Json cells = Json::array({Json::object({{"header", true}, {"text", one.label}})});
        if (!counted)
            cells.push_back(
                Json::object({{"label", value}, {"text", value_text(call, one, points)}, {"numeric", true}}));
        cells.push_back(Json::object({{"label", call.tr("Filas")},
                                      {"text", call.number(static_cast<double>(one.rows))},
                                      {"numeric", true}}));
        rows.push_back(Json::object({{"cells", cells}}));
    }
    return Json::object({{"id", "numeros"}, {"caption", title}, {"columns", columns}, {"rows", rows}});
}

std::vector<std::pair<std::string, std::string>> named(const Portal& portal, const Resource& resource,
                                                       const std::vector<Field>& fields) {
    const auto titles = column_titles(portal, resource);
    std::vector<std::pair<std::string, std::string>> options;
    for (const auto& field : fields) options.emplace_back(field.name, titles.at(field.name));
    return options;
}

Json chart_form(const Portal& portal, const Resource& resource, const Json& profile,
                const ChartAsked& asked) {
    const auto& call = portal.call;
    const auto measures = named(portal, resource, chart_measures(resource));
    Json fields = Json::array({select_view(
        "por", call.tr("Por"), named(portal, resource, chart_categories(resource, profile)), asked.by.name)});
    if (measures.empty()) return fields;
    fields.push_back(select_view("medida", call.tr("Medida"),
                                 {{"filas", call.tr("Número de filas")},
                                  {"suma", call.tr("Suma de una columna")},
                                  {"media", call.tr("Media de una columna")}},
                                 asked.measure));
    fields.push_back(select_view("de", call.tr("Columna que se suma"), measures, asked.of.name));
    return fields;
}

std::vector<std::pair<std::string, std::string>> chart_query(const ChartAsked& asked) {
    return {{"por", asked.by.name},
            {"medida", asked.measure},
            {"de", asked.of.name},
            {"forma", asked.line ? "lineas" : "barras"}};
}

/// What the address asks for: whose rows, and which chart of them, if they give any.
struct ChartOfRows {
    Dataset dataset;
    Resource resource;
    Json profile;
    std::optional<ChartAsked> chart;
};

ChartOfRows chart_in(const Request& request, const Portal& portal, concejo::Transaction& tx) {
    Catalogue catalogue(tx);
    auto [dataset, resource] = need_rows(request, portal, catalogue);
    auto profiles = profiles_of(tx, dataset);
    auto profile = profiles[resource.id];  // null where it is not counted yet
    auto chart = chart_asked(request, resource, profile);
    return {std::move(dataset), std::move(resource), std::move(profile), std::move(chart)};
}

void show_chart(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    const auto [dataset, resource, profile, asked] = chart_in(request, portal, tx);
    const auto path = view_url(portal, dataset, resource, "grafico");
    auto view = view_frame(portal, dataset, resource, "grafico", request.tr("Gráfico"));
    view["action"] = path, view["selects"] = Json::array(), view["shapes"] = Json::array();
    for (const auto* absent : {"empty", "table", "chart"}) view[absent] = Json();
    const auto points = asked ? chart_points(portal, tx, resource, *asked) : std::vector<ChartPoint>();
    if (asked) view["selects"] = chart_form(portal, resource, profile, *asked);
    if (points.empty()) {
        view["empty"] = Json::object(
            {{"heading", request.tr("No hay nada que dibujar")},
             {"text",
              request.tr(
                  "Un gráfico necesita una columna de textos, fechas o números enteros que se repitan.")},
             {"href", view_url(portal, dataset, resource, "tabla")},
             {"label", request.tr("Ver la tabla")}});
        return reply.page("open-data/grafico", view);
    }
    const auto title = chart_title(portal, resource, *asked);
    const auto chart = chart_of(portal, title, points);
    view["chart"] = Json::object({{"title", title},
                                  {"body_html", drawn(chart, *asked, drawing::Width::wide).take() +
                                                    drawn(chart, *asked, drawing::Width::narrow).take()},
                                  {"svg_href", path + "/svg" + query_of(chart_query(*asked))}});
    view["table"] = points_table(portal, resource, *asked, title, points);
    if (asked->dated() || asked->by.type == "integer")
        for (const bool line : {true, false}) {
            auto other = *asked;
            other.line = line;
            view["shapes"].push_back(
                Json::object({{"label", line ? request.tr("Línea") : request.tr("Barras")},
                              {"href", path + query_of(chart_query(other))},
                              {"current", line == asked->line}}));
        }
    reply.page("open-data/grafico", view);
}

void give_chart(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    const auto [dataset, resource, profile, asked] = chart_in(request, portal, tx);
    if (!asked)
        throw concejo::Error(concejo::ErrorKind::not_found,
                             N_("Ninguna columna de este recurso sirve para un gráfico."));
    const auto chart =
        chart_of(portal, chart_title(portal, resource, *asked), chart_points(portal, tx, resource, *asked));
    reply.field("Content-Disposition", "attachment; filename=\"" + dataset.name + ".svg\"");
    reply.body("image/svg+xml", drawn(chart, *asked, drawing::Width::wide).take_standalone());
}

}  // namespace

void register_charts(concejo::Kernel& kernel) {
    const concejo::RouteOptions open{.permission = {}, .cached = true};
    kernel.page("/datos/:name/grafico/:resource", or_gone(show_chart), open);
    kernel.page("/datos/:name/grafico/:resource/svg", or_gone(give_chart), open);
}

}  // namespace open_data
