// The versions of a resource, and each one at an address that may be cited: what it was, its files, how to
// quote it.
#include "dump.hpp"
#include "gone.hpp"
#include "snapshot.hpp"
#include "version.hpp"

#include <concejo/services/evidence.hpp>

#include <charconv>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Reply;
using concejo::Request;

constexpr int versions_shown = 50;

Json cell(std::string label, std::string text, std::string href = {}) {
    return Json::object({{"label", std::move(label)}, {"text", std::move(text)}, {"href", std::move(href)}});
}

/// The dataset and the resource of the address; a resource of another dataset is not found.
std::pair<Dataset, Resource> asked_resource(const Portal& portal, Catalogue& catalogue,
                                            const Request& request) {
    auto found = need_resource(portal, catalogue, request.segment("resource"));
    if (found.first.name != request.segment("name"))
        throw Error(ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    return found;
}

Json steps_to(const Portal& portal, const Dataset& dataset,
              std::vector<std::pair<std::string, std::string>> more) {
    std::vector<std::pair<std::string, std::string>> steps{
        {portal.call.tr("Inicio"), portal.call.url("/")},
        {portal.call.tr("Datos abiertos"), portal.call.url("/datos")},
        {portal.title(dataset), portal.url(dataset)}};
    steps.insert(steps.end(), more.begin(), more.end());
    return breadcrumb(steps);
}

std::string numbered(const concejo::Call& call, int number) {
    return concejo::fill(call.tr("Versión {n}"), {{"n", std::to_string(number)}});
}

std::string state_of(const concejo::Call& call, const Version& version) {
    if (version.erased) return call.tr("Retirada");
    if (!version.csv.empty()) return call.tr("Citable, sellada");
    if (version.cited) return call.tr("Citable");
    return version.is_public ? std::string() : call.tr("No se ha publicado");
}

Json version_row(const Portal& portal, const Dataset& dataset, const Resource& resource,
                 const Version& version, bool compared) {
    const auto& call = portal.call;
    const auto here = version_url(portal, dataset, resource, version.number);
    auto changes =
        compared ? portal.url(dataset) + "/cambios/" + resource.id + "?a=" + std::to_string(version.number)
                 : std::string();
    Json cells = Json::array(
        {Json::object({{"header", true}, {"href", here}, {"text", numbered(call, version.number)}}),
         cell(call.tr("Fecha"), call.instant(version.loaded_at, concejo::Style::medium)),
         Json::object({{"label", call.tr("Filas")},
                       {"text", call.number(static_cast<double>(version.accepted))},
                       {"numeric", true}}),
         cell(call.tr("Cambios"), compared ? call.tr("Qué cambió") : "—", std::move(changes)),
         cell(call.tr("Estado"), state_of(call, version)), cell("SHA-256", version.blob)});
    if (portal.sees_drafts()) cells.push_back(cell(call.tr("Quién la cargó"), person_of(version.loaded_by)));
    return Json::object({{"cells", cells}});
}

void list_versions(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = asked_resource(portal, catalogue, request);
    int before = 0;
    const auto asked = request.query("antes").value_or("");
    std::from_chars(asked.data(), asked.data() + asked.size(), before);
    auto found = Versions(tx).list(resource, portal.sees_drafts(), versions_shown + 1, before);
    const bool more = found.size() > static_cast<std::size_t>(versions_shown);
    if (more) found.pop_back();
    Json rows = Json::array();
    for (std::size_t i = 0; i < found.size(); ++i)
        rows.push_back(version_row(portal, dataset, resource, found[i],
                                   found[i].has_rows() && i + 1 < found.size() && found[i + 1].has_rows()));
    const auto& call = portal.call;
    Json columns = Json::array();
    for (auto label : {call.tr("Versión"), call.tr("Fecha"), call.tr("Filas"), call.tr("Cambios"),
                       call.tr("Estado"), std::string("SHA-256")})
        columns.push_back(Json::object({{"label", label}, {"numeric", label == call.tr("Filas")}}));
    if (portal.sees_drafts()) columns.push_back(Json::object({{"label", call.tr("Quién la cargó")}}));
    Json table, empty;
    if (found.empty())
        empty = Json::object({{"heading", call.tr("No hay ninguna versión")},
                              {"text", call.tr("Este recurso todavía no se ha cargado.")}});
    else
        table = Json::object({{"id", "versiones"},
                              {"caption", call.tr("Versiones, la última primero")},
                              {"columns", columns},
                              {"rows", rows}});
    const auto heading =
        concejo::fill(call.tr("Versiones de {recurso}"), {{"recurso", portal.title(resource)}});
    reply.page("open-data/versiones",
               Json::object({{"title", heading},
                             {"breadcrumb", steps_to(portal, dataset, {{call.tr("Versiones"), ""}})},
                             {"table", table},
                             {"empty", empty},
                             {"next_href", more ? version_url(portal, dataset, resource, 0) +
                                                      "?antes=" + std::to_string(found.back().number)
                                                : ""},
                             {"dataset_href", portal.url(dataset)}}));
}

Json file_links(const Portal& portal, const Dataset& dataset, const Resource& resource,
                const Version& version) {
    const auto& call = portal.call;
    const auto here = version_url(portal, dataset, resource, version.number) + "/";
    Json list = Json::array();
    const auto add = [&](const std::string& file, std::string label, std::string format, std::string size,
                         std::string hash) {
        list.push_back(Json::object({{"href", here + file},
                                     {"label", std::move(label)},
                                     {"format", std::move(format)},
                                     {"size", std::move(size)},
                                     {"hash", std::move(hash)}}));
    };
    if (version.has_file())
        add(slug_of_file(version.file_name), call.tr("El archivo, como se publicó"), resource.format,
            portal.size(version.bytes), version.blob);
    if (!version.dump.empty() && !version.erased)
        add("instantanea.csv", call.tr("Sus filas, en la instantánea"), "CSV",
            portal.size(version.dump_bytes), version.dump);
    return list;
}

Json seal_view(const concejo::Call& call, const std::string& label, const std::string& csv) {
    if (csv.empty()) return {};
    std::string grouped;
    for (std::size_t i = 0; i < csv.size(); ++i)
        grouped += (i > 0 && i % 4 == 0 ? "-" : "") + std::string(1, csv[i]);
    const auto verify = concejo::services::verification_path(csv);
    return Json::object({{"label", label},
                         {"csv", grouped},
                         {"verify_href", call.url(verify)},
                         {"bundle_href", call.url("/verificar/" + csv + "/evidencia")}});
}

void show_version(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto& call = portal.call;
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = asked_resource(portal, catalogue, request);
    const auto version = need_version(portal, tx, resource, request.segment("numero"));
    const auto before = version.has_rows()
                            ? Versions(tx).before(resource, version.number, portal.sees_drafts())
                            : std::nullopt;
    Json facts = Json::array();
    const auto fact = [&](const char* icon, std::string label, std::string text) {
        if (!text.empty())
            facts.push_back(
                Json::object({{"icon", icon}, {"label", std::move(label)}, {"text", std::move(text)}}));
    };
    fact("calendar-event", call.tr("Cargada"), call.instant(version.loaded_at));
    fact("database", call.tr("Filas"), call.number(static_cast<double>(version.accepted)));
    if (version.rejected > 0)
        fact("alert-triangle", call.tr("Filas rechazadas"),
             call.number(static_cast<double>(version.rejected)));
    if (portal.sees_drafts()) fact("user", call.tr("Quién la cargó"), person_of(version.loaded_by));
    Json row_formats = Json::array(), seals = Json::array();
    if (const auto then = as_of(tx, resource, version); version.has_rows())
        for (const auto& format : dump_formats())
            if (offers(then, format))
                row_formats.push_back(
                    Json::object({{"href", version_url(portal, dataset, resource, version.number) +
                                               "/filas." + format.name},
                                  {"label", call.tr(format.label)}}));
    for (auto& one : {seal_view(call, call.tr("El archivo, como se publicó"), version.csv),
                      seal_view(call, call.tr("Sus filas, en la instantánea"), version.dump_csv)})
        if (!one.is_null()) seals.push_back(one);
    const auto title = portal.title(resource) + ": " + numbered(call, version.number);
    reply.page(
        "open-data/version",
        Json::object(
            {{"title", title},
             {"breadcrumb", steps_to(portal, dataset,
                                     {{call.tr("Versiones"), version_url(portal, dataset, resource, 0)},
                                      {numbered(call, version.number), ""}})},
             {"current", version.number == resource.version},
             {"facts", facts},
             {"downloads", file_links(portal, dataset, resource, version)},
             {"row_formats", row_formats},
             {"hidden", !version.is_public},
             {"erased", version.erased ? Json::object({{"text", erased_text(call, version.erased_at)},
                                                       {"reason", call.tr(version.erased_reason)},
                                                       {"hash", version.blob}})
                                       : Json()},
             {"rows_gone", !version.has_rows() && !version.erased},
             {"seals", seals},
             {"cited", version.cited && !version.erased},
             {"unsealed", version.cited && version.csv.empty()},
             {"citation", version.erased ? std::string() : citation_of(portal, dataset, resource, version)},
             {"permanent_href", permanent_url(portal, resource, version.number)},
             {"changes_href", before ? portal.url(dataset) + "/cambios/" + resource.id +
                                           "?a=" + std::to_string(version.number)
                                     : ""},
             {"list_href", version_url(portal, dataset, resource, 0)},
             {"dataset_href", portal.url(dataset)}}));
}

/// The file as it came, its rows in a format while they are kept, or the snapshot's.
void version_file(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto file = request.segment("file");
    const auto nothing = [] {
        return Error(ErrorKind::not_found, N_("Esa versión ya no tiene ese archivo."));
    };
    std::optional<Resource> then;
    Version version;
    std::string media_type;
    {
        auto tx = request.begin();
        Catalogue catalogue(tx);
        const auto [dataset, resource] = asked_resource(portal, catalogue, request);
        version = need_version(portal, tx, resource, request.segment("numero"));
        then = as_of(tx, resource, version);
        const bool had = file.starts_with("filas.") || file == slug_of_file(version.file_name) ||
                         (file == "instantanea.csv" && !version.dump.empty());
        if (version.erased && had)
            throw Gone(dataset, version.erased_reason, version.erased_at,
                       version_url(portal, dataset, resource, version.number));
        if (version.has_file()) media_type = request.describe_blob(tx, version.blob).media_type;
    }
    reply.field("Access-Control-Allow-Origin", "*");
    if (file == "instantanea.csv" && !version.dump.empty() && !version.erased)
        return reply.blob(version.dump, "text/csv; charset=utf-8", file, true);
    if (version.has_file() && file == slug_of_file(version.file_name))
        return reply.blob(version.blob, media_type, version.file_name, true);
    if (!file.starts_with("filas.")) throw nothing();
    const auto* format = dump_format(file.substr(6));
    if (!format)
        throw Error(
            ErrorKind::invalid,
            N_("Ese formato no se ofrece: elija csv, xlsx, hoja.csv, json, ndjson, geojson, tsv o xml."));
    if (!version.has_rows() || !offers(*then, *format)) throw nothing();
    const auto dump = dump_of(request, *then, {*format});
    reply.blob(dump.blob, format->media_type, dump.file_name, true);
}

void permanent(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_resource(portal, catalogue, request.segment("resource"));
    const auto version = need_version(portal, tx, resource, request.segment("numero"));
    reply.redirect(version_url(portal, dataset, resource, version.number));
}

}  // namespace

void register_versions(concejo::Kernel& kernel) {
    const std::string all = "/datos/:name/versiones/:resource", one = all + "/:numero";
    kernel.page(all, or_gone(list_versions), concejo::RouteOptions{.permission = {}, .cached = true});
    kernel.page(one, or_gone(show_version), concejo::RouteOptions{.permission = {}, .cached = true});
    kernel.page(one + "/:file", or_gone(version_file));
    kernel.bare("GET", "/id/datos/:resource/:numero", or_gone(permanent));
}

}  // namespace open_data
