// The datasets as staff see them, and a new one from a file or an address.
#include "address.hpp"
#include "brought.hpp"
#include "resource_pages.hpp"
#include "review.hpp"
#include "save_dataset.hpp"
#include "staff.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr std::int64_t datasets_listed = 50;

void list_datasets(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    Filter filter;
    filter.states = {State::draft, State::review, State::published, State::withdrawn};
    filter.with_private = true, filter.limit = datasets_listed,
    filter.words = clean_line(request.query("q").value_or(""), 200);
    const bool in_review = request.query("estado").value_or("") == "revision";
    if (in_review) filter.states = {State::review};
    const auto path = request.url(staff_base);
    const auto total = catalogue.count(filter), pages = (total + datasets_listed - 1) / datasets_listed,
               page = page_asked(request, pages);
    filter.offset = (page - 1) * datasets_listed;
    const auto failing = Pulls(tx).failing();
    Json rows = Json::array();
    for (const auto& one : catalogue.list(filter)) {
        std::int64_t count = 0;
        for (const auto& resource : one.resources) count += resource.rows;
        auto state = Json::object({{"label", request.tr("Estado")},
                                   {"text", state_text(request, one)},
                                   {"tone", one.visible()                   ? "ok"
                                            : one.state == State::withdrawn ? "err"
                                                                            : "warn"}});
        if (one.publish_at > 0)
            state["note"] =
                concejo::fill(request.tr("Se publicará el {fecha}."),
                              {{"fecha", request.instant(one.publish_at, concejo::Style::medium)}});
        if (const auto bad = std::find_if(failing.begin(), failing.end(),
                                          [&](const auto& dataset) { return dataset.first == one.id; });
            bad != failing.end())
            state["note"] = concejo::fill(request.trn("Falla la descarga de {n} archivo",
                                                      "Falla la descarga de {n} archivos", bad->second),
                                          {{"n", std::to_string(bad->second)}});
        rows.push_back(Json::object(
            {{"cells", Json::array({Json::object({{"header", true},
                                                  {"href", path + "/" + one.name},
                                                  {"text", portal.title(one)}}),
                                    std::move(state),
                                    Json::object({{"label", request.tr("Filas")},
                                                  {"text", request.number(static_cast<double>(count))},
                                                  {"numeric", true}}),
                                    Json::object({{"label", request.tr("Actualizado")},
                                                  {"text", request.date(one.modified.substr(0, 10),
                                                                        concejo::Style::medium)}})})}}));
    }
    const auto heading = request.tr("Datos abiertos");
    const auto pagination = pagination_view(page, pages, [&](std::int64_t number) {
        return path + query_of({{"q", filter.words},
                                {"estado", in_review ? "revision" : ""},
                                {"pagina", std::to_string(number)}});
    });
    Json empty, table, waiting;
    if (const auto n = Review(portal, tx).waiting(); n > 0 && !in_review && request.may(may_publish))
        waiting = Json::object({{"href", path + "?estado=revision"},
                                {"text", concejo::fill(request.trn("{n} conjunto espera revisión",
                                                                   "{n} conjuntos esperan revisión", n),
                                                       {{"n", request.number(static_cast<double>(n))}})}});
    if (rows.as_array().empty())
        empty = Json::object(
            {{"heading", request.tr("No hay ningún conjunto de datos")},
             {"text",
              request.tr(
                  "Basta un archivo como lo tenga, una hoja de cálculo o un CSV, o la dirección de uno.")},
             {"href", path + "/nuevo"},
             {"label", request.tr("Nuevo conjunto de datos")}});
    else
        table = Json::object(
            {{"id", "conjuntos"},
             {"caption", request.tr("Conjuntos de datos, el último cambiado primero")},
             {"columns", Json::array({Json::object({{"label", request.tr("Conjunto")}}),
                                      Json::object({{"label", request.tr("Estado")}}),
                                      Json::object({{"label", request.tr("Filas")}, {"numeric", true}}),
                                      Json::object({{"label", request.tr("Actualizado")}})})},
             {"rows", rows}});
    reply.page(
        "open-data/gestion/lista",
        Json::object({{"title", heading},
                      {"heading", heading},
                      {"done", request.query("hecho") == "borrado" ? request.tr("El borrador está borrado.")
                                                                   : std::string()},
                      {"breadcrumb", Json::array()},
                      {"new_href", path + "/nuevo"},
                      {"services_href", request.url("/gestion/servicios-de-datos")},
                      {"sources_href", request.url("/gestion/recoleccion")},
                      {"action", path},
                      {"q", filter.words},
                      {"waiting", waiting},
                      {"table", table},
                      {"pagination", pagination},
                      {"empty", empty}}));
}

void new_form(const Request& request, Reply& reply, const std::vector<Wrong>& wrong) {
    Fields fields(request, wrong);
    fields.text("titulo", request.tr("Título"), request.form("titulo").value_or(""),
                request.tr("Por ejemplo: Contratos menores de 2026."));
    ask_for_data(
        request, fields, request.tr("Archivo con los datos"),
        request.tr(
            "CSV, Excel, ODS o JSON, como lo tenga: se entienden títulos, separadores, comas decimales y fechas."));
    const auto heading = request.tr("Nuevo conjunto de datos");
    if (!wrong.empty()) reply.status(422);
    reply.page(
        "open-data/gestion/nuevo",
        Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                      {"heading", heading},
                      {"breadcrumb",
                       breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)}, {heading, ""}})},
                      {"errors", fields.errors()},
                      {"action", request.url(std::string(staff_base) + "/nuevo")},
                      {"back_href", request.url(staff_base)},
                      {"fields", fields.take()}}));
}

void create(const Request& request, Reply& reply) {
    const Portal portal(request);
    std::vector<Wrong> wrong;
    const auto title = clean_line(request.form("titulo").value_or(""), 400);
    if (title.empty()) wrong.push_back({"titulo", request.tr("Escriba el título.")});
    const auto what = brought(request, wrong);
    if (!what.file && what.url.empty())
        wrong.push_back({"archivo", request.tr("Elija el archivo con los datos o escriba su dirección.")});
    if (!wrong.empty()) return new_form(request, reply, wrong);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = create_dataset(portal, catalogue, tx, title);
    const auto next = take_brought(request, portal, tx, dataset, what, wrong);
    if (!next) return new_form(request, reply, wrong);
    tx.commit();
    reply.redirect(*next);
}

}  // namespace

std::string state_text(const concejo::Call& call, const Dataset& dataset) {
    if (dataset.state == State::published)
        return dataset.is_private ? call.tr("Privado") : call.tr("Publicado");
    if (dataset.state == State::withdrawn) return call.tr("Retirado");
    if (dataset.publish_at > 0) return call.tr("Programado");
    return dataset.state == State::review ? call.tr("En revisión") : call.tr("Borrador");
}

void register_staff_list(concejo::Kernel& kernel) {
    const concejo::RouteOptions allowed{.permission = may_edit};
    kernel.staff("/datos", list_datasets, allowed);
    kernel.staff(
        "/datos/nuevo", [](const Request& request, Reply& reply) { new_form(request, reply, {}); }, allowed);
    kernel.staff_post("/datos/nuevo", create,
                      concejo::RouteOptions{
                          .permission = may_edit, .uploads = true, .body_limit = largest_upload + (1 << 20)});
    kernel.menu(Json::object({{"place", "staff"},
                              {"label", N_("Datos abiertos")},
                              {"path", staff_base},
                              {"order", 50},
                              {"permission", may_edit},
                              {"group", N_("Portal")},
                              {"icon", "database"}}));
}

}  // namespace open_data
