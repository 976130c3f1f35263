// What a resource is called and what its columns mean, as staff write it: one language at a time.
#include "fields.hpp"
#include "harvested.hpp"
#include "staff.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr std::size_t columns_described = 500;  ///< three fields each: a form has not many more
constexpr std::size_t longest_column_title = 200, longest_meaning = 2000, longest_unit = 50;

std::pair<Dataset, Resource> own_resource(const Portal& portal, Catalogue& catalogue,
                                          const Request& request) {
    auto found = need_resource(portal, catalogue, request.segment("resource"));
    if (found.first.name != request.segment("name"))
        throw concejo::Error(concejo::ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    need_own(found.first);
    return found;
}

/// That the page or the form asks for; the first where it is none of the municipality's.
std::string language_asked(const Portal& portal, const std::string& asked) {
    const auto all = languages_of(portal);
    return std::find(all.begin(), all.end(), asked) == all.end() ? "es" : asked;
}

/// `texts` with what was written in one language; no text, no entry.
Json with_text(const Json& texts, const std::string& language, const std::string& text) {
    Json all = Json::object();
    if (texts.is_object())
        for (const auto& [other, there] : texts.as_object())
            if (other != language) all[other] = there;
    if (!text.empty()) all[language] = text;
    return all;
}

/// What is in that field of the form, or else what there is already.
std::string typed_or(const Request& request, const std::string& field, const std::string& there) {
    return request.form(field).value_or(there);
}

Json described_rows(const Request& request, const Resource& resource, const std::string& language) {
    const auto to_translate = [&](const Json& texts) {
        return language == "es" ? std::string() : texts.string_or("es", "");
    };
    Json rows = Json::array();
    if (!resource.columns.is_array()) return rows;
    std::size_t n = 0;
    for (const auto& column : resource.columns.as_array()) {
        if (n == columns_described) break;
        const auto field = std::to_string(n++);
        rows.push_back(Json::object(
            {{"n", field},
             {"name", column.string_or("name", "")},
             {"spanish", to_translate(column["title"])},
             {"spanish_meaning", to_translate(column["description"])},
             {"title", typed_or(request, "titulo" + field, column["title"].string_or(language, ""))},
             {"meaning", typed_or(request, "sobre" + field, column["description"].string_or(language, ""))},
             {"unit", typed_or(request, "unidad" + field, column.string_or("unit", ""))}}));
    }
    return rows;
}

void show_dictionary(const Request& request, Reply& reply, const std::string& asked,
                     const std::vector<Wrong>& wrong) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = own_resource(portal, catalogue, request);
    const auto language = language_asked(portal, asked);
    const auto back = request.url(std::string(staff_base) + "/" + dataset.name),
               here = back + "/recursos/" + resource.id + "/descripcion";
    const auto heading = concejo::fill(request.tr("Qué es {nombre} y qué significa cada columna"),
                                       {{"nombre", portal.title(resource)}});
    Json tabs = Json::array();
    const auto languages = languages_of(portal);
    if (languages.size() > 1)
        for (const auto& one : languages)
            tabs.push_back(Json::object({{"href", here + (one == "es" ? "" : "?idioma=" + one)},
                                         {"label", language_name(one)},
                                         {"current", one == language},
                                         {"count", Json()}}));
    Fields fields(request, wrong);
    fields.text("nombre", request.tr("Nombre"),
                typed_or(request, "nombre", resource.meta["name"].string_or(language, "")), "",
                language != "es");
    fields.area("texto", request.tr("Descripción"),
                typed_or(request, "texto", resource.meta["description"].string_or(language, "")), "", true);
    if (!wrong.empty()) reply.status(422);
    reply.page(
        "open-data/gestion/diccionario",
        Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                      {"heading", heading},
                      {"breadcrumb", breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                                                 {portal.title(dataset), back},
                                                 {heading, ""}})},
                      {"errors", fields.errors()},
                      {"tabs", tabs},
                      {"tabs_label", request.tr("Idiomas")},
                      {"language", language},
                      {"in_spanish", language == "es"},
                      {"version", std::to_string(resource.version)},
                      {"action", here},
                      {"back_href", back},
                      {"fields", fields.take()},
                      {"columns", described_rows(request, resource, language)}}));
}

/// Of a column that a program described too, what it said, brought up to date.
void tell_programs(Json& column) {
    if (!column["info"].is_object()) return;
    Json info = column["info"];
    info["label"] = column["title"].string_or("es", ""),
    info["notes"] = column["description"].string_or("es", "");
    column["info"] = info;
}

void save_dictionary(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto language = language_asked(portal, request.form("idioma").value_or("es"));
    const auto given = [&](const std::string& field, std::size_t limit) {
        return clean_line(request.form(field).value_or(""), limit);
    };
    const auto name = given("nombre", longest_column_title);
    if (name.empty() && language == "es")
        return show_dictionary(request, reply, language, {{"nombre", request.tr("Escriba el nombre.")}});
    auto tx = request.begin();
    Catalogue catalogue(tx);
    auto [dataset, resource] = own_resource(portal, catalogue, request);
    if (request.form("version").value_or("") != std::to_string(resource.version))
        throw concejo::Error(
            concejo::ErrorKind::conflict,
            N_("El archivo de este recurso cambió mientras tanto: revise las columnas de ahora."));
    resource.meta["name"] = with_text(resource.meta["name"], language, name);
    resource.meta["description"] =
        with_text(resource.meta["description"], language,
                  clean_lines(request.form("texto").value_or(""), longest_meaning));
    std::size_t n = 0;
    if (resource.columns.is_array())
        for (auto& column : resource.columns.as_array()) {
            if (n == columns_described) break;
            const auto field = std::to_string(n++);
            column["title"] =
                with_text(column["title"], language, given("titulo" + field, longest_column_title));
            column["description"] =
                with_text(column["description"], language, given("sobre" + field, longest_meaning));
            if (language == "es") column["unit"] = given("unidad" + field, longest_unit);
            tell_programs(column);
        }
    catalogue.update(resource);
    request.audit(tx, "open-data.cambiar", dataset.id, "ok",
                  Json::object({{"recurso", resource.id}, {"idioma", language}}));
    request.pages_changed(tx);
    tx.commit();
    reply.redirect(request.url(std::string(staff_base) + "/" + dataset.name) + "?hecho=guardado");
}

}  // namespace

void register_staff_dictionary(concejo::Kernel& kernel) {
    const concejo::RouteOptions edit{.permission = may_edit};
    const std::string path = "/datos/:name/recursos/:resource/descripcion";
    kernel.staff(
        path,
        [](const Request& request, Reply& reply) {
            show_dictionary(request, reply, request.query("idioma").value_or("es"), {});
        },
        edit);
    kernel.staff_post(path, save_dictionary, edit);
}

}  // namespace open_data
