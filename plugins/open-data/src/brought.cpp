#include "brought.hpp"

#include "download.hpp"
#include "kept_file.hpp"
#include "load_later.hpp"
#include "staff.hpp"

#include <algorithm>
#include <filesystem>
#include <tuple>

namespace open_data {

using concejo::Request;

namespace {

constexpr std::size_t longest_resource_title = 200;

std::string frequency_text(const concejo::Call& call, std::string_view every) {
    return every == "once"   ? call.tr("Una sola vez")
           : every == "hour" ? call.tr("Cada hora")
           : every == "day"  ? call.tr("Cada día")
           : every == "week" ? call.tr("Cada semana")
                             : call.tr("Cada mes");
}

std::optional<Received> received(const Request& request) {
    for (auto& one : request.uploads())
        if (one.field == "archivo" && (one.bytes > 0 || !one.filename.empty()))
            return Received{
                one.path,
                clean_line(one.filename.substr(one.filename.find_last_of("/\\") + 1), longest_resource_title),
                one.media_type};
    return std::nullopt;
}

void ask_what_it_is(const Request& request, Fields& fields, const Brought& before, bool sent) {
    fields.text("nombre", request.tr("Nombre del archivo para las personas"),
                sent ? request.form("nombre").value_or("") : before.title,
                request.tr("Vacío, sale del nombre del archivo: gastos_2026.csv será «Gastos 2026»."), true);
    fields.check(
        "tal_cual", request.tr("Guardarlo tal cual, sin leerlo como tabla"),
        sent ? request.form("tal_cual").has_value() : before.as_it_is,
        request.tr("Para documentos, planos o imágenes (PDF, ZIP…): se ofrece para descargar, sin tabla, "
                   "gráficos ni mapa."));
}

/// Why not, in the reader's language; empty: it is loaded, or waits to be.
std::string load_received(const Portal& portal, concejo::Transaction& tx, const Dataset& dataset,
                          const Brought& what) {
    const auto& file = *what.file;
    Catalogue catalogue(tx);
    std::optional<Resource> resource;
    for (const auto& one : dataset.resources)
        if (one.file_name == file.name) resource = one;
    if (!resource) {
        Resource fresh;
        fresh.dataset = dataset.id;
        fresh.meta = Json::object(
            {{"name", Json::object({{"es", what.title.empty() ? title_of_file(file.name) : what.title}})}});
        resource = catalogue.insert(fresh);
    } else if (!what.title.empty()) {
        Json names = resource->meta["name"].is_object() ? resource->meta["name"] : Json::object();
        names["es"] = what.title, resource->meta["name"] = names;
        resource = catalogue.update(*resource);
    }
    const Incoming incoming{file.path, file.name, file.media_type, {}, {}};
    if (what.as_it_is) {
        if (std::filesystem::file_size(file.path) == 0) return portal.call.tr("El archivo está vacío.");
        const auto kept = keep_file(portal.call, tx, *resource, with_media_type(incoming));
        portal.call.audit(tx, "open-data.cargar", kept.id, "ok", Json::object({{"sha256", kept.blob}}));
        portal.call.pages_changed(tx);
        return {};
    }
    if (std::filesystem::file_size(file.path) > loaded_at_once) {
        load_later(portal.call, tx, *resource, incoming, portal.by());
        return {};
    }
    try {
        LoadFile(portal.call, tx, portal.by())(*resource, incoming);
    } catch (const concejo::Error& error) {
        if (error.kind() != concejo::ErrorKind::invalid && error.kind() != concejo::ErrorKind::unavailable)
            throw;
        auto why = as_sentence(portal.call.tr(error.what()));
        if (!is_table(ending_of(file.name)))
            why += ". " + portal.call.tr("Si es un documento para descargar, marque que se guarde tal cual.");
        return why;
    }
    return {};
}

/// Its page; nothing where the dataset has what comes from there.
std::optional<std::string> begin_fetch(const Request& request, const Portal& portal, concejo::Transaction& tx,
                                       const Dataset& dataset, const Brought& what,
                                       std::vector<Wrong>& wrong) {
    auto resource = Pulls(tx).at(dataset, what.url);
    if (resource && resource->state == "active") {
        wrong.push_back(
            {"direccion", concejo::fill(request.tr("Ese archivo ya está en el conjunto: es «{nombre}». "
                                                   "Se vuelve a descargar desde su página."),
                                        {{"nombre", portal.title(*resource)}})});
        return std::nullopt;
    }
    Catalogue catalogue(tx);
    if (!resource) {
        Resource fresh;
        fresh.dataset = dataset.id, fresh.state = "waiting";
        resource = catalogue.insert(fresh);
    }
    if (!what.title.empty()) {
        resource->meta["name"] = Json::object({{"es", what.title}});
        resource = catalogue.update(*resource);
    }
    Pulls(tx).save(resource->id, what.url, what.every, what.as_it_is);
    pull_now(request, tx, resource->id);
    request.audit(tx, "open-data.cambiar", dataset.id, "ok",
                  Json::object({{"recurso", resource->id}, {"descarga", what.url}, {"cada", what.every}}));
    return fetch_path(request, dataset, *resource);
}

}  // namespace

void ask_for_data(const Request& request, Fields& fields, std::string label, std::string hint) {
    fields.file("archivo", std::move(label), std::move(hint), true, largest_upload);
    fields.text("direccion", request.tr("O la dirección de la que se descarga"),
                request.form("direccion").value_or(""),
                request.tr("La del archivo, como https://ejemplo.es/gastos.csv, en un servidor de los que "
                           "permite el municipio."),
                true);
    ask_how_often(request, fields, request.tr("Cada cuánto se descarga, si es una dirección"), "once");
    ask_what_it_is(request, fields, {}, true);
}

void ask_for_address(const Request& request, Fields& fields, const Brought& before) {
    const bool sent = request.form("direccion").has_value();
    fields.text("direccion", request.tr("Dirección del archivo"),
                request.form("direccion").value_or(before.url));
    ask_how_often(request, fields, request.tr("Cada cuánto se descarga"), before.every);
    ask_what_it_is(request, fields, before, sent);
}

void ask_how_often(const Request& request, Fields& fields, std::string label, const std::string& now) {
    std::vector<Option> options;
    for (const auto* one : how_often) options.push_back({one, frequency_text(request, one)});
    fields.select("cada", std::move(label), request.form("cada").value_or(now), options);
}

std::pair<std::string, std::string> typed_pull(const Request& request, std::vector<Wrong>& wrong) {
    auto url = clean_line(request.form("direccion").value_or(""), longest_url + 1),
         every = request.form("cada").value_or("");
    if (!url.empty() && !is_web_address(url))
        wrong.push_back(
            {"direccion",
             request.tr("Escriba una dirección que empiece por https:// o http://, sin espacios.")});
    if (std::find(std::begin(how_often), std::end(how_often), every) == std::end(how_often))
        wrong.push_back({"cada", request.tr("Elija una frecuencia de la lista.")});
    return {std::move(url), std::move(every)};
}

Brought brought(const Request& request, std::vector<Wrong>& wrong) {
    Brought what;
    what.file = received(request);
    std::tie(what.url, what.every) = typed_pull(request, wrong);
    what.as_it_is = request.form("tal_cual").has_value();
    what.title = typed_line(request, "nombre", longest_resource_title, wrong);
    if (what.file && !what.url.empty())
        wrong.push_back(
            {"direccion", request.tr("Elija un archivo o escriba una dirección, no las dos cosas.")});
    return what;
}

std::optional<std::string> take_brought(const Request& request, const Portal& portal,
                                        concejo::Transaction& tx, const Dataset& dataset, const Brought& what,
                                        std::vector<Wrong>& wrong) {
    if (!what.file) return begin_fetch(request, portal, tx, dataset, what, wrong);
    if (auto why = load_received(portal, tx, dataset, what); !why.empty()) {
        wrong.push_back({"archivo", std::move(why)});
        return std::nullopt;
    }
    return request.url(std::string(staff_base) + "/" + dataset.name) +
           "?hecho=" + (what.as_it_is ? "archivado" : "cargado");
}

}  // namespace open_data
