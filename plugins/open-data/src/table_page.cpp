// The rows of a resource as a table for people: sorted, filtered, searched and paged by its address.
#include "address.hpp"
#include "dump.hpp"
#include "fields.hpp"
#include "gone.hpp"
#include "resource_pages.hpp"
#include "sql_names.hpp"
#include "table_rows.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::fill;
using concejo::Reply;
using concejo::Request;

constexpr std::int64_t table_rows = 50, most_table_pages = most_pages_of_a_table, most_counted = 100'000,
                       most_searched = 3'000'000;
constexpr std::size_t longest_cell = 300;

std::string table_href(const TableAsked& asked, const std::string& path, const std::string& order,
                       bool descending, std::int64_t page) {
    auto parts = asked.conditions.query();
    parts.emplace_back("orden", order), parts.emplace_back("sentido", descending ? "desc" : "");
    parts.emplace_back("pagina", page > 1 ? std::to_string(page) : "");
    return path + query_of(parts);
}

/// Rows that match; one more than `most_counted` where there are more.
std::int64_t count_rows(concejo::Transaction& tx, const Resource& resource, const RowConditions& conditions) {
    if (!conditions.any()) return resource.rows;
    std::vector<concejo::Param> params;
    const auto where = conditions.where(params, is_long(resource));
    return tx
        .exec_list("SELECT count(*) FROM (SELECT FROM " + identifier(resource.table) + " WHERE " + where +
                       " LIMIT " + std::to_string(most_counted + 1) + ") r",
                   params)[0]
        .integer(0);
}

Json table_head(const Portal& portal, const Resource& resource, const std::vector<Field>& fields,
                const TableAsked& asked, const std::string& path) {
    const auto titles = column_titles(portal, resource);
    Json columns = Json::array();
    for (const auto& field : fields) {
        const bool sorted = field.name == asked.order;
        columns.push_back(Json::object(
            {{"label", titles.at(field.name)},
             {"numeric", is_number(field)},
             {"sort_href", table_href(asked, path, field.name, sorted && !asked.descending, 1)},
             {"sorted", !sorted ? Json() : Json(asked.descending ? "descending" : "ascending")}}));
    }
    return columns;
}

Json table_body(const Portal& portal, concejo::Transaction& tx, const Resource& resource,
                const std::vector<Field>& fields, const TableAsked& asked) {
    const auto titles = column_titles(portal, resource);
    std::vector<concejo::Param> params;
    const auto where = asked.conditions.where(params, is_long(resource));
    const auto found = tx.exec_list(
        "SELECT " + select_list(fields) + " FROM " + identifier(resource.table) + " WHERE " + where +
            " ORDER BY " + table_order(asked.order, asked.descending) + " LIMIT " +
            std::to_string(table_rows) + " OFFSET " + std::to_string((asked.page - 1) * table_rows),
        params);
    Json rows = Json::array();
    for (const auto row : found) {
        Json cells = Json::array();
        for (std::uint32_t i = 0; i < fields.size(); ++i) {
            auto text = shown(portal.call, row.optional(i), fields[i]);
            if (text.size() > longest_cell) text = cut(text, longest_cell) + "…";
            cells.push_back(Json::object({{"label", titles.at(fields[i].name)},
                                          {"text", std::move(text)},
                                          {"numeric", is_number(fields[i])}}));
        }
        rows.push_back(Json::object({{"cells", std::move(cells)}}));
    }
    return rows;
}

/// The conditions that are in force, each with the address without it.
Json condition_chips(const Portal& portal, const Resource& resource, const TableAsked& asked,
                     const std::string& path) {
    const auto titles = column_titles(portal, resource);
    Json list = Json::array();
    for (std::size_t i = 0; i < asked.conditions.all().size(); ++i) {
        const auto& one = asked.conditions.all()[i];
        auto parts = asked.conditions.query(i);
        parts.emplace_back("orden", asked.order),
            parts.emplace_back("sentido", asked.descending ? "desc" : "");
        const bool bare = one.kind == "vacio" || one.kind == "lleno";
        list.push_back(Json::object(
            {{"text", titles.at(one.column) + " " + asked.conditions.kind_label(portal.call, one) +
                          (bare ? "" : " «" + one.value + "»")},
             {"href", path + query_of(parts)}}));
    }
    return list;
}

Json hidden_parts(const TableAsked& asked) {
    auto parts = asked.conditions.query();
    parts.erase(parts.begin());  // the words have their own field
    Json list = Json::array();
    for (const auto& [name, value] : parts)
        if (!value.empty()) list.push_back(Json::object({{"name", name}, {"value", value}}));
    return list;
}

std::string total_text(const concejo::Call& call, std::int64_t total, bool filtered) {
    const auto n = call.number(static_cast<double>(std::min(total, filtered ? most_counted : total)));
    if (filtered && total > most_counted) return fill(call.tr("Más de {n} filas"), {{"n", n}});
    return fill(call.trn("{n} fila", "{n} filas", total), {{"n", n}});
}

std::int64_t pages_of(std::int64_t total) { return (total + table_rows - 1) / table_rows; }

struct FoundRows {
    std::int64_t total = 0;
    Json rows = Json::array();
    bool unfinished = false;  ///< it would have taken too long
};

FoundRows find_rows(const Portal& portal, concejo::Transaction& tx, const Resource& resource,
                    const std::vector<Field>& fields, TableAsked& asked) {
    FoundRows found;
    found.unfinished = resource.rows > most_searched && !asked.conditions.words().empty();
    if (found.unfinished) return found;
    found.total = count_rows(tx, resource, asked.conditions);
    asked.page = std::clamp<std::int64_t>(asked.page, 1, std::max<std::int64_t>(pages_of(found.total), 1));
    if (found.total > 0) found.rows = table_body(portal, tx, resource, fields, asked);
    return found;
}

Json nothing_found(const concejo::Call& call, bool unfinished, const std::string& path) {
    return Json::object(
        {{"heading", unfinished ? call.tr("Se tardaría demasiado") : call.tr("Ninguna fila coincide")},
         {"text", unfinished ? call.tr("Son muchas filas para buscar así: ponga una condición a una columna, "
                                       "o descargue los datos.")
                             : call.tr("Pruebe con menos palabras o quite alguna condición.")},
         {"href", path},
         {"label", call.tr("Ver todas las filas")}});
}

/// The same rows, all of them, as files.
Json selection_view(const Portal& portal, const Resource& resource, const TableAsked& asked,
                    const std::string& path) {
    const bool whole = !asked.conditions.any() && asked.order.empty();
    Json list = Json::array();
    for (const auto& format : dump_formats())
        if (offers(resource, format))
            list.push_back(
                Json::object({{"href", whole ? portal.rows_url(resource, format.name)
                                             : table_href(asked, path + "/seleccion." + format.name,
                                                          asked.order, asked.descending, 1)},
                              {"label", portal.call.tr(format.label)}}));
    return Json::object({{"text", whole ? portal.call.tr("Descargar todas las filas:")
                                        : portal.call.tr("Descargar esta selección:")},
                         {"formats", std::move(list)}});
}

void show_table(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_rows(request, portal, catalogue);
    auto fields = fields_of(resource);
    fields.erase(fields.begin());
    auto asked = table_asked(request, fields);
    const auto path = view_url(portal, dataset, resource, "tabla");
    const auto [total, rows, unfinished] = find_rows(portal, tx, resource, fields, asked);
    const auto pages = pages_of(total);
    std::vector<std::pair<std::string, std::string>> columns{{"", request.tr("Elija una columna")}},
        orders{{"", request.tr("Como se cargaron")}}, kinds;
    const auto titles = column_titles(portal, resource);
    for (const auto& field : fields)
        for (auto* list : {&columns, &orders}) list->emplace_back(field.name, titles.at(field.name));
    for (const auto& [kind, label] : condition_kinds()) kinds.emplace_back(kind, request.tr(label));
    Json problems = Json::array();
    for (const auto& text : asked.conditions.problems())
        problems.push_back(Json::object({{"field", "valor"}, {"text", text}}));
    if (!problems.empty()) reply.status(400);

    auto view = view_frame(portal, dataset, resource, "tabla", request.tr("Tabla"));
    view["errors"] =
        problems.empty()
            ? Json()
            : Json::object({{"heading", request.tr("Hay algo que corregir")}, {"items", problems}});
    view["action"] = path, view["q"] = asked.conditions.words();
    view["column_select"] = select_view("columna", request.tr("Columna"), columns, ""),
    view["kind_select"] = select_view("condicion", request.tr("Condición"), kinds, "contiene");
    // On a phone the table has no head to sort by.
    view["order_select"] = select_view("orden", request.tr("Ordenar por"), orders, asked.order);
    view["direction_select"] =
        select_view("sentido", request.tr("Sentido"),
                    {{"", request.tr("De menor a mayor")}, {"desc", request.tr("De mayor a menor")}},
                    asked.descending ? "desc" : "");
    view["hidden_fields"] = hidden_parts(asked),
    view["chips"] = condition_chips(portal, resource, asked, path);
    view["total"] = unfinished ? std::string() : total_text(request, total, asked.conditions.any());
    view["bound"] =
        pages > most_table_pages
            ? fill(request.tr("Aquí se ven las primeras {n}. Para las demás, filtre o descargue los datos."),
                   {{"n", request.number(static_cast<double>(most_table_pages * table_rows))}})
            : "";
    view["table"] = rows.empty()
                        ? Json()
                        : Json::object({{"id", "filas"},
                                        {"caption", portal.title(resource)},
                                        {"columns", table_head(portal, resource, fields, asked, path)},
                                        {"rows", rows}});
    view["selection"] = rows.empty() ? Json() : selection_view(portal, resource, asked, path);
    view["empty"] = !rows.empty() ? Json() : nothing_found(request, unfinished, path);
    view["pagination"] = pagination_view(
        asked.page, std::min(pages, most_table_pages),
        [&](std::int64_t page) { return table_href(asked, path, asked.order, asked.descending, page); });
    reply.page("open-data/tabla", view);
}

}  // namespace

void register_table(concejo::Kernel& kernel) {
    kernel.page("/datos/:name/tabla/:resource", or_gone(show_table),
                concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
