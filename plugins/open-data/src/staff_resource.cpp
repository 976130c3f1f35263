// One resource as staff see it: its versions, what tells its rows apart, and where its file is asked for.
#include "brought.hpp"
#include "comparison.hpp"
#include "coordinates.hpp"
#include "dump.hpp"
#include "geometry.hpp"
#include "harvested.hpp"
#include "kept_file.hpp"
#include "load_later.hpp"
#include "resource_pages.hpp"
#include "shown.hpp"
#include "snapshot.hpp"
#include "staff.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr int versions_for_staff = 100;
constexpr std::size_t most_key_columns = 10, most_columns_offered = 2000;

std::string resource_path(const Request& request, const Dataset& dataset, const Resource& resource) {
    return request.url(std::string(staff_base) + "/" + dataset.name) + "/recursos/" + resource.id;
}

std::pair<Dataset, Resource> staff_resource(const Portal& portal, Catalogue& catalogue,
                                            const Request& request) {
    auto found = need_resource(portal, catalogue, request.segment("resource"));
    if (found.first.name != request.segment("name"))
        throw concejo::Error(concejo::ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    return found;
}

Json text_cell(std::string label, std::string text) {
    return Json::object({{"label", std::move(label)}, {"text", std::move(text)}});
}

Json versions_table(const Portal& portal, const Dataset& dataset, const Resource& resource,
                    const std::vector<Version>& versions) {
    const auto& call = portal.call;
    if (versions.empty()) return {};
    Json rows = Json::array(), columns = Json::array();
    for (const auto& one : versions) {
        const auto rejected =
            one.rejected > 0
                ? counted(call, call.trn("{n} rechazada", "{n} rechazadas", one.rejected), one.rejected)
                : std::string();
        Json count = Json::object({{"label", call.tr("Filas")},
                                   {"text", call.number(static_cast<double>(one.accepted))},
                                   {"numeric", true},
                                   {"note", rejected}});
        rows.push_back(Json::object(
            {{"cells",
              Json::array(
                  {Json::object({{"header", true},
                                 {"href", version_url(portal, dataset, resource, one.number)},
                                 {"text", std::to_string(one.number)}}),
                   text_cell(call.tr("Fecha"), call.instant(one.loaded_at, concejo::Style::medium)),
                   text_cell(call.tr("Quién la cargó"), person_of(one.loaded_by)), std::move(count),
                   text_cell(call.tr("Estado"), one.erased      ? call.tr("Retirada")
                                                : one.cited     ? call.tr("Citable")
                                                : one.is_public ? call.tr("Publicada")
                                                                : call.tr("No se ha publicado"))})}}));
    }
    for (const auto& label : {call.tr("Versión"), call.tr("Fecha"), call.tr("Quién la cargó"),
                              call.tr("Filas"), call.tr("Estado")})
        columns.push_back(Json::object({{"label", label}, {"numeric", label == call.tr("Filas")}}));
    return Json::object({{"id", "versiones"},
                         {"caption", call.tr("Versiones, la última primero")},
                         {"columns", columns},
                         {"rows", rows}});
}

Json version_options(const Portal& portal, const std::vector<Version>& versions,
                     const std::function<bool(const Version&)>& wanted) {
    Json list = Json::array();
    for (const auto& one : versions)
        if (wanted(one))
            list.push_back(
                Json::object({{"value", std::to_string(one.number)},
                              {"label", std::to_string(one.number) + " · " +
                                            portal.call.instant(one.loaded_at, concejo::Style::medium)}}));
    return list;
}

/// What the form says, by the columns' names: another file may have them in another order, or not have them.
std::vector<std::string> sent_key(const Request& request) {
    std::vector<std::string> key;
    for (std::size_t n = 0; n < most_columns_offered; ++n)
        if (auto name = request.form("clave" + std::to_string(n))) key.push_back(std::move(*name));
    return key;
}

/// As they were chosen, where what was sent is shown again.
Json key_choices(const Request& request, const Resource& resource) {
    auto key = sent_key(request);
    if (key.empty()) key = key_columns(resource);
    Json list = Json::array();
    int n = 0;
    for (const auto& column : resource.columns.as_array()) {
        const auto name = column.string_or("name", "");
        list.push_back(Json::object({{"n", std::to_string(n++)},
                                     {"label", name},
                                     {"checked", std::find(key.begin(), key.end(), name) != key.end()}}));
    }
    return list;
}

Json pull_view(const concejo::Call& call, const Resource& resource, const std::optional<Pull>& pull) {
    if (!pull) return {};
    const auto when = pull->asked_at > 0 ? call.instant(pull->asked_at) : std::string();
    auto text = pull->outcome == "loaded" && is_kept(resource)
                    ? concejo::fill(call.tr("{fecha}: el archivo era nuevo y es el que se ofrece."),
                                    {{"fecha", when}})
                : pull->outcome == "loaded"
                    ? concejo::fill(call.tr("{fecha}: el archivo había cambiado y es una versión nueva."),
                                    {{"fecha", when}})
                : pull->outcome == "same"
                    ? concejo::fill(call.tr("{fecha}: el archivo era el mismo."), {{"fecha", when}})
                : pull->outcome.empty()
                    ? call.tr("Todavía no se ha descargado.")
                    : concejo::fill(call.tr("{fecha}: no se pudo descargar. {motivo}"),
                                    {{"fecha", when}, {"motivo", as_sentence(call.tr(pull->error))}});
    if (pull->outcome == "failed" && !pull->advice.empty()) text += " " + call.tr(pull->advice);
    if (pull->failures > 1)
        text += " " + concejo::fill(call.tr("Ha fallado {n} veces seguidas."),
                                    {{"n", std::to_string(pull->failures)}});
    return Json::object(
        {{"text", text},
         {"failed", pull->outcome == "failed"},
         {"next", pull->next_at == 0 ? std::string()
                                     : concejo::fill(call.tr("La próxima vez: {fecha}."),
                                                     {{"fecha", call.instant(pull->next_at)}})}});
}

/// Of which plane its metres are; empty where it has none.
Json reference_view(const Request& request, const Resource& resource) {
    const auto fields = fields_of(resource);
    if (!resource.tabular() || (!place_columns(fields) && !plane_columns(fields))) return {};
    const auto* now = system_of(resource);
    std::vector<std::pair<std::string, std::string>> options{{"", request.tr("Sin indicar")}};
    for (const auto& one : reference_systems) options.emplace_back(one.code, request.tr(one.label));
    return select_view("sistema", request.tr("De qué sistema son los metros"), options,
                       now ? std::string(now->code) : "");
}

void show_resource(const Request& request, Reply& reply, const std::vector<Wrong>& wrong) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = staff_resource(portal, catalogue, request);
    const auto versions = Versions(tx).list(resource, true, versions_for_staff);
    const auto pull = Pulls(tx).find(resource.id);
    auto load = load_state(request, tx, resource);
    if (load.is_object()) load["retry"] = load.string_or("state", "") == "failed";
    const auto here = resource_path(request, dataset, resource), heading = portal.title(resource);
    Fields fields(request, wrong);
    fields.text(
        "direccion", request.tr("Dirección del archivo"),
        request.form("direccion").value_or(pull ? pull->url : ""),
        request.tr("Vacía: no se descarga. El servidor debe estar entre los de salida del municipio."), true);
    ask_how_often(request, fields, request.tr("Cada cuánto"), pull ? pull->every : "day");
    const auto done = request.query("hecho").value_or("");
    if (!wrong.empty()) reply.status(422);
    const bool publishes = request.may(may_publish);
    reply.page(
        "open-data/gestion/recurso",
        Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                      {"heading", heading},
                      {"breadcrumb", breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                                                 {portal.title(dataset),
                                                  request.url(std::string(staff_base) + "/" + dataset.name)},
                                                 {heading, ""}})},
                      {"errors", fields.errors()},
                      {"done", done == "guardado"  ? request.tr("Los cambios están guardados.")
                               : done == "citable" ? request.tr("La versión ya se puede citar.")
                               : done == "pedido"  ? request.tr("Se va a descargar ahora mismo.")
                                                   : std::string()},
                      {"load", std::move(load)},
                      {"again_action", here + "/cargar"},
                      {"table", versions_table(portal, dataset, resource, versions)},
                      {"citable", version_options(portal, versions,
                                                  [&](const Version& one) {
                                                      return publishes && dataset.visible() &&
                                                             one.is_public && !one.cited && one.has_file();
                                                  })},
                      {"cite_action", here + "/citar"},
                      {"erasable", version_options(portal, versions,
                                                   [&](const Version& one) {
                                                       return publishes && one.number != resource.version &&
                                                              !one.erased;
                                                   })},
                      {"erase_action", here + "/retirar-version"},
                      {"key", resource.tabular() ? key_choices(request, resource) : Json::array()},
                      {"key_action", here + "/clave"},
                      {"changes_href", portal.url(dataset) + "/cambios/" + resource.id},
                      {"reference", reference_view(request, resource)},
                      {"reference_action", here + "/coordenadas"},
                      {"pull", pull_view(request, resource, pull)},
                      {"pull_action", here + "/descarga"},
                      {"pull_now_action", pull ? here + "/descargar" : ""},
                      {"fields", fields.take()},
                      {"back_href", request.url(std::string(staff_base) + "/" + dataset.name)}}));
}

/// The version that the form chose; shows the page with what is wrong, and nothing, where there is none.
std::optional<Version> chosen_version(const Request& request, concejo::Transaction& tx, const Portal& portal,
                                      const Resource& resource) {
    const auto number = request.form("version").value_or("");
    if (number.empty()) return std::nullopt;
    return need_version(portal, tx, resource, number);
}

void cite(const Request& request, Reply& reply) {
    const Portal portal(request);
    std::optional<std::pair<Dataset, Resource>> found;
    std::optional<Version> version;
    {
        auto tx = request.begin();
        Catalogue catalogue(tx);
        found = staff_resource(portal, catalogue, request);
        version = chosen_version(request, tx, portal, found->second);
    }
    if (!version) return show_resource(request, reply, {{"version", request.tr("Elija una versión.")}});
    make_snapshot(portal, found->first, found->second, *version);
    reply.redirect(resource_path(request, found->first, found->second) + "?hecho=citable");
}

void erase(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto reason = clean_line(request.form("motivo").value_or(""), 1000);
    if (reason.empty())
        return show_resource(request, reply,
                             {{"motivo", request.tr("Escriba por qué se retira: se publica.")}});
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = staff_resource(portal, catalogue, request);
    const auto version = chosen_version(request, tx, portal, resource);
    if (!version) throw concejo::Error(concejo::ErrorKind::invalid, N_("Elija una versión."));
    erase_version(portal, tx, resource, *version, reason);
    tx.commit();
    reply.redirect(resource_path(request, dataset, resource) + "?hecho=guardado");
}

bool has_column(const Resource& resource, const std::string& name) {
    const auto& all = resource.columns.as_array();
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& column) { return column.string_or("name", "") == name; });
}

void save_key(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    auto [dataset, resource] = staff_resource(portal, catalogue, request);
    Json key = Json::array();
    for (const auto& name : sent_key(request)) {
        if (!has_column(resource, name))
            return show_resource(
                request, reply,
                {{"clave",
                  concejo::fill(request.tr("El archivo cambió mientras tanto y ya no tiene la columna "
                                           "«{columna}»: compruebe las demás y guarde otra vez."),
                                {{"columna", name}})}});
        if (key.as_array().size() < most_key_columns) key.push_back(name);
    }
    resource.meta["key"] = key;
    catalogue.update(resource);
    forget_comparisons(tx, resource);
    request.audit(tx, "open-data.cambiar", dataset.id, "ok",
                  Json::object({{"recurso", resource.id}, {"clave", key}}));
    tx.commit();
    reply.redirect(resource_path(request, dataset, resource) + "?hecho=guardado");
}

void save_reference(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    auto [dataset, resource] = staff_resource(portal, catalogue, request);
    need_own(dataset);
    const auto code = request.form("sistema").value_or("");
    if (!code.empty() && !reference_system(code))
        return show_resource(request, reply, {{"sistema", request.tr("Elija un sistema de la lista.")}});
    resource.meta["crs"] = code;
    resource = catalogue.update(resource);
    forget_dumps(request, tx, resource.id, resource.version);
    prepare_files(request, tx, resource);
    request.audit(tx, "open-data.cambiar", dataset.id, "ok",
                  Json::object({{"recurso", resource.id}, {"sistema", code}}));
    request.pages_changed(tx);
    tx.commit();
    reply.redirect(resource_path(request, dataset, resource) + "?hecho=guardado");
}

void save_pull(const Request& request, Reply& reply) {
    const Portal portal(request);
    std::vector<Wrong> wrong;
    const auto [url, every] = typed_pull(request, wrong);
    if (!wrong.empty()) return show_resource(request, reply, wrong);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = staff_resource(portal, catalogue, request);
    need_own(dataset);
    if (url.empty())
        Pulls(tx).remove(resource.id);
    else {
        Pulls(tx).save(resource.id, url, every);
        pull_now(request, tx, resource.id);
    }
    request.audit(tx, "open-data.cambiar", dataset.id, "ok",
                  Json::object({{"recurso", resource.id}, {"descarga", url}, {"cada", every}}));
    tx.commit();
    reply.redirect(resource_path(request, dataset, resource) +
                   "?hecho=" + (url.empty() ? "guardado" : "pedido"));
}

/// Something that is asked of a resource, and nothing else.
concejo::Handler asks(void (*what)(const concejo::Call&, concejo::Transaction&, const Resource&),
                      const char* done) {
    return [=](const Request& request, Reply& reply) {
        const Portal portal(request);
        auto tx = request.begin();
        Catalogue catalogue(tx);
        const auto [dataset, resource] = staff_resource(portal, catalogue, request);
        what(request, tx, resource);
        tx.commit();
        reply.redirect(resource_path(request, dataset, resource) + "?hecho=" + done);
    };
}

}  // namespace

void register_staff_resource(concejo::Kernel& kernel) {
    const concejo::RouteOptions edit{.permission = may_edit}, decide{.permission = may_publish};
    const std::string one = "/datos/:name/recursos/:resource";
    kernel.staff(
        one, [](const Request& request, Reply& reply) { show_resource(request, reply, {}); }, edit);
    kernel.staff_post(one + "/citar", cite, decide);
    kernel.staff_post(one + "/retirar-version", erase, decide);
    kernel.staff_post(one + "/clave", save_key, edit);
    kernel.staff_post(one + "/coordenadas", save_reference, edit);
    kernel.staff_post(one + "/descarga", save_pull, edit);
    kernel.staff_post(one + "/descargar",
                      asks([](const concejo::Call& call, concejo::Transaction& tx,
                              const Resource& resource) { pull_now(call, tx, resource.id); },
                           "pedido"),
                      edit);
    kernel.staff_post(one + "/cargar",
                      asks([](const concejo::Call& call, concejo::Transaction& tx,
                              const Resource& resource) { load_again(call, tx, resource); },
                           "guardado"),
                      edit);
}

}  // namespace open_data
