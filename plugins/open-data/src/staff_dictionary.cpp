// What a resource is called and what its columns mean, as staff write it: one language at a time.
#include "harvested.hpp"
#include "seen.hpp"
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

constexpr const char* title_fields = "titulo";
constexpr const char* meaning_fields = "sobre";
constexpr const char* unit_fields = "unidad";

/// What the form holds: what was typed over what is stored.
struct Words {
    struct Column {
        std::string title, meaning, unit;
    };
    std::string name, text;
    std::vector<Column> columns;  ///< of the resource, as many as are described
};

Words dictionary_words(Seen& seen, const Resource& resource, const std::string& language) {
    seen.about(resource);
    Words words{seen.value("nombre", resource.meta["name"].string_or(language, "")),
                seen.value("texto", resource.meta["description"].string_or(language, "")),
                {}};
    if (!resource.columns.is_array()) return words;
    for (const auto& column : resource.columns.as_array()) {
        const auto n = words.columns.size();
        if (n == columns_described) break;
        const auto unit = column.string_or("unit", "");
        words.columns.push_back(
            {seen.column(title_fields, n, column["title"].string_or(language, "")),
             seen.column(meaning_fields, n, column["description"].string_or(language, "")),
             language == "es" ? seen.column(unit_fields, n, unit) : unit});
    }
    return words;
}

Json described_rows(const Resource& resource, const Words& words, const std::vector<Wrong>& wrong,
                    const std::string& language) {
    const auto to_translate = [&](const Json& texts) {
        return language == "es" ? std::string() : texts.string_or("es", "");
    };
    const auto error_of = [&](const std::string& field) {
        const auto found =
            std::find_if(wrong.begin(), wrong.end(), [&](const auto& one) { return one.field == field; });
        return found == wrong.end() ? std::string() : found->text;
    };
    Json rows = Json::array();
    for (std::size_t n = 0; n < words.columns.size(); ++n) {
        const auto& column = resource.columns.as_array()[n];
        const auto& typed = words.columns[n];
        const auto number = std::to_string(n);
        rows.push_back(Json::object({{"n", number},
                                     {"name", column.string_or("name", "")},
                                     {"spanish", to_translate(column["title"])},
                                     {"spanish_meaning", to_translate(column["description"])},
                                     {"title", typed.title},
                                     {"title_error", error_of(title_fields + number)},
                                     {"meaning", typed.meaning},
                                     {"meaning_error", error_of(meaning_fields + number)},
                                     {"unit", typed.unit},
                                     {"unit_error", error_of(unit_fields + number)}}));
    }
    return rows;
}

void show_dictionary(const Request& request, Reply& reply, const std::string& asked,
                     std::vector<Wrong> wrong) {
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
    Seen seen(request);
    const auto words = dictionary_words(seen, resource, language);
    if (!wrong.empty()) reply.status(422);
    if (seen.moved()) wrong.insert(wrong.begin(), {"columnas", seen.moved_text()});
    wrong.insert(wrong.end(), seen.clashes().begin(), seen.clashes().end());
    if (seen.moved() || !seen.clashes().empty()) reply.status(409);
    Fields fields(request, wrong);
    fields.text("nombre", request.tr("Nombre"), words.name, "", language != "es");
    fields.area("texto", request.tr("Descripción"), words.text, "", true);
    reply.page(
        "open-data/gestion/diccionario",
        Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                      {"heading", heading},
                      {"breadcrumb", breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                                                 {portal.title(dataset), back},
                                                 {heading, ""}})},
                      {"errors", fields.errors()},
                      {"gone", seen.gone({title_fields, meaning_fields, unit_fields})},
                      {"tabs", tabs},
                      {"tabs_label", request.tr("Idiomas")},
                      {"language", language},
                      {"in_spanish", language == "es"},
                      {"seen", seen.next()},
                      {"action", here},
                      {"back_href", back},
                      {"fields", fields.take()},
                      {"columns", described_rows(resource, words, wrong, language)}}));
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
    if (clean_line(request.form("nombre").value_or(""), longest_column_title).empty() && language == "es")
        return show_dictionary(request, reply, language, {{"nombre", request.tr("Escriba el nombre.")}});
    auto tx = request.begin();
    Catalogue catalogue(tx);
    auto [dataset, resource] = own_resource(portal, catalogue, request);
    Seen seen(request);
    const auto words = dictionary_words(seen, resource, language);
    if (seen.moved() || !seen.clashes().empty()) return show_dictionary(request, reply, language, {});
    const auto put = [&](Json& texts, const std::string& text) { texts = with_text(texts, language, text); };
    put(resource.meta["name"], clean_line(words.name, longest_column_title));
    put(resource.meta["description"], clean_lines(words.text, longest_meaning));
    for (std::size_t n = 0; n < words.columns.size(); ++n) {
        auto& column = resource.columns.as_array()[n];
        put(column["title"], clean_line(words.columns[n].title, longest_column_title));
        put(column["description"], clean_line(words.columns[n].meaning, longest_meaning));
        if (language == "es") column["unit"] = clean_line(words.columns[n].unit, longest_unit);
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
