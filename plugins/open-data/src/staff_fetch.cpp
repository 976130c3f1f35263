// A resource whose first file is being fetched: how it stands, and what was typed, to be put right where it fails.
#include "brought.hpp"
#include "harvested.hpp"
#include "removal.hpp"
#include "staff.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr const char* seconds_between_looks = "3";

struct Fetch {
    Dataset dataset;
    Resource resource;
    Pull pull;
};

/// Nothing where it is there already, or was taken away.
std::optional<Fetch> waiting_fetch(const Request& request, const Portal& portal, concejo::Transaction& tx) {
    Catalogue catalogue(tx);
    auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    auto resource = catalogue.resource(request.segment("resource"), "waiting");
    if (!resource || resource->dataset != dataset.id) return std::nullopt;
    auto pull = Pulls(tx).find(resource->id);
    if (!pull) return std::nullopt;
    return Fetch{std::move(dataset), std::move(*resource), std::move(*pull)};
}

/// Where somebody who asks for it finds what became of it.
void go_to_dataset(const Request& request, Reply& reply, concejo::Transaction& tx) {
    const Portal portal(request);
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    const auto found = catalogue.resource(request.segment("resource"));
    if (!found || found->dataset != dataset.id)
        throw concejo::Error(concejo::ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    reply.redirect(request.url(std::string(staff_base) + "/" + dataset.name) + "?hecho=descargado");
}

std::string title_or_address(const Portal& portal, const Resource& resource, const Pull& pull) {
    const auto title = portal.text(resource.meta["name"]);
    return title.empty() ? pull.url : title;
}

void show_fetch(const Request& request, Reply& reply, const std::vector<Wrong>& wrong) {
    const Portal portal(request);
    auto tx = request.begin();
    const auto found = waiting_fetch(request, portal, tx);
    if (!found) return go_to_dataset(request, reply, tx);
    const auto& [dataset, resource, pull] = *found;
    const auto state = pull_state(request, tx, resource.id, pull);
    const bool failed = state.stage == PullState::failed || state.stage == PullState::again,
               form = failed || !wrong.empty();
    const auto back = request.url(std::string(staff_base) + "/" + dataset.name),
               here = fetch_path(request, dataset, resource), heading = request.tr("Descarga de un archivo");
    Fields fields(request, wrong);
    if (form)
        ask_for_address(request, fields,
                        {{}, pull.url, pull.every, pull.as_it_is, portal.text(resource.meta["name"])});
    else
        reply.field("Refresh", seconds_between_looks);
    if (!wrong.empty()) reply.status(422);
    reply.page(
        "open-data/gestion/descarga",
        Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                      {"heading", heading},
                      {"breadcrumb", breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                                                 {portal.title(dataset), back},
                                                 {heading, ""}})},
                      {"errors", fields.errors()},
                      {"failed", failed},
                      {"text", state.text},
                      {"advice", state.advice},
                      {"url", pull.url},
                      {"again_href", here},
                      {"back_href", back},
                      {"form", form},
                      {"action", here},
                      {"remove_action", here + "/quitar"},
                      {"fields", fields.take()}}));
}

void save_fetch(const Request& request, Reply& reply) {
    const Portal portal(request);
    std::vector<Wrong> wrong;
    auto what = brought(request, wrong);
    if (what.url.empty() && wrong.empty())
        wrong.push_back({"direccion", request.tr("Escriba la dirección del archivo.")});
    if (!wrong.empty()) return show_fetch(request, reply, wrong);
    auto tx = request.begin();
    const auto found = waiting_fetch(request, portal, tx);
    if (!found) return go_to_dataset(request, reply, tx);
    need_own(found->dataset);
    if (const auto other = Pulls(tx).at(found->dataset, what.url); other && other->id != found->resource.id)
        return show_fetch(request, reply,
                          {{"direccion", concejo::fill(request.tr("Esa dirección ya es la de «{nombre}»."),
                                                       {{"nombre", portal.title(*other)}})}});
    auto resource = found->resource;
    resource.meta["name"] = what.title.empty() ? Json() : Json::object({{"es", what.title}});
    cancel_pull(request, tx, resource.id);
    Catalogue(tx).update(resource);
    Pulls(tx).save(resource.id, what.url, what.every, what.as_it_is);
    pull_now(request, tx, resource.id);
    request.audit(tx, "open-data.cambiar", found->dataset.id, "ok",
                  Json::object({{"recurso", resource.id}, {"descarga", what.url}, {"cada", what.every}}));
    const auto here = fetch_path(request, found->dataset, resource);
    tx.commit();
    reply.redirect(here);
}

void give_up_fetch(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    const auto found = waiting_fetch(request, portal, tx);
    if (!found) return go_to_dataset(request, reply, tx);
    need_own(found->dataset);
    cancel_pull(request, tx, found->resource.id);
    Pulls(tx).remove(found->resource.id);
    remove_resource(request, tx, found->resource);
    request.audit(tx, "open-data.cambiar", found->dataset.id, "ok",
                  Json::object({{"recurso", found->resource.id}}));
    tx.commit();
    reply.redirect(request.url(std::string(staff_base) + "/" + found->dataset.name) + "?hecho=guardado");
}

}  // namespace

std::string fetch_path(const Request& request, const Dataset& dataset, const Resource& resource) {
    return request.url(std::string(staff_base) + "/" + dataset.name) + "/descargas/" + resource.id;
}

Json fetches_view(const Request& request, concejo::Transaction& tx, const Dataset& dataset) {
    const Portal portal(request);
    Json list = Json::array();
    for (const auto& one : Catalogue(tx).waiting(dataset))
        if (const auto pull = Pulls(tx).find(one.id)) {
            const auto state = pull_state(request, tx, one.id, *pull);
            list.push_back(Json::object({{"name", title_or_address(portal, one, *pull)},
                                         {"text", state.text},
                                         {"href", fetch_path(request, dataset, one)}}));
        }
    return list;
}

void register_staff_fetch(concejo::Kernel& kernel) {
    const concejo::RouteOptions edit{.permission = may_edit};
    const std::string one = "/datos/:name/descargas/:resource";
    kernel.staff(
        one, [](const Request& request, Reply& reply) { show_fetch(request, reply, {}); }, edit);
    kernel.staff_post(one, save_fetch, edit);
    kernel.staff_post(one + "/quitar", give_up_fetch, edit);
}

}  // namespace open_data
