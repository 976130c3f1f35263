// The staff's pages of sources that the configuration does not name any more.
#include "staff_left_sources.hpp"

#include "left_sources.hpp"
#include "staff.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

std::string page_of(const Request& request, const std::string& name) {
    return request.url(std::string(harvest_base) + "/" + name);
}

LeftSource need_left_source(const Request& request, concejo::Transaction& tx) {
    if (auto found = left_source(tx, request.settings(), request.segment("fuente"))) return std::move(*found);
    throw concejo::Error(concejo::ErrorKind::not_found, N_("La configuración no tiene esa fuente."));
}

void ask_to_settle(const Request& request, Reply& reply, bool withdraw) {
    auto tx = request.begin();
    const auto source = need_left_source(request, tx);
    settle_source_soon(request, tx, source.name, withdraw);
    tx.commit();
    reply.redirect(request.url(harvest_base) + "?hecho=" + (withdraw ? "retirar" : "conservar"));
}

}  // namespace

Json left_sources_view(const Request& request, concejo::Transaction& tx) {
    Json rows = Json::array();
    for (const auto& one : left_sources(tx, request.settings()))
        rows.push_back(Json::object(
            {{"cells",
              Json::array(
                  {Json::object({{"header", true}, {"href", page_of(request, one.name)}, {"text", one.name}}),
                   Json::object({{"label", request.tr("Conjuntos que quedan")},
                                 {"text", request.number(static_cast<double>(one.datasets))},
                                 {"numeric", true}})})}}));
    if (rows.empty()) return {};
    return Json::object(
        {{"table",
          Json::object(
              {{"id", "fuentes-idas"},
               {"caption", request.tr("Ya no están en la configuración")},
               {"columns", Json::array({Json::object({{"label", request.tr("Fuente")}, {"numeric", false}}),
                                        Json::object({{"label", request.tr("Conjuntos que quedan")},
                                                      {"numeric", true}})})},
               {"rows", rows}})}});
}

void show_left_source(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto source = need_left_source(request, tx);
    const auto here = page_of(request, source.name);
    const bool may = request.may(may_publish);
    reply.page(
        "open-data/gestion/fuente_ida",
        Json::object(
            {{"title", source.name},
             {"heading", source.name},
             {"breadcrumb", breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                                        {request.tr("Catálogos de otros"), request.url(harvest_base)},
                                        {source.name, ""}})},
             {"count", concejo::fill(request.trn("Queda {n} conjunto de datos que se recogió de ella.",
                                                 "Quedan {n} conjuntos de datos que se recogieron de ella.",
                                                 source.datasets),
                                     {{"n", request.number(static_cast<double>(source.datasets))}})},
             {"withdraw_action", may ? here + "/retirar" : ""},
             {"keep_action", may ? here + "/conservar" : ""}}));
}

void register_staff_left_sources(concejo::Kernel& kernel) {
    const concejo::RouteOptions decide{.permission = may_publish};
    kernel.staff_post(
        "/recoleccion/:fuente/retirar",
        [](const Request& request, Reply& reply) { ask_to_settle(request, reply, true); }, decide);
    kernel.staff_post(
        "/recoleccion/:fuente/conservar",
        [](const Request& request, Reply& reply) { ask_to_settle(request, reply, false); }, decide);
}

}  // namespace open_data
