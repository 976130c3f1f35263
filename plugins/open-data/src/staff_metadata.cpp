// What describes a dataset, as staff write it.
#include "fields.hpp"
#include "following.hpp"
#include "harvested.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "save_dataset.hpp"
#include "staff.hpp"

#include <algorithm>
#include <sstream>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

std::vector<Option> sorted(std::vector<Option> options, const std::string& none) {
    std::sort(options.begin(), options.end(), [](const auto& a, const auto& b) { return a.label < b.label; });
    options.insert(options.begin(), {"", none});
    return options;
}

std::string joined(const Json& list) {
    std::string text;
    if (list.is_array())
        for (const auto& one : list.as_array())
            if (one.is_string()) text += (text.empty() ? "" : ", ") + one.as_string();
    return text;
}

Json words_of(const std::string& text) {
    Json list = Json::array();
    std::istringstream in(text);
    for (std::string one; std::getline(in, one, ',') && list.as_array().size() < 50;)
        if (one = clean_line(one, 100); !one.empty()) list.push_back(one);
    return list;
}

/// The first of them, which the form shows.
std::string sector_of(const Json& meta) {
    const auto& all = meta["sectors"];
    return all.is_array() && !all.as_array().empty() ? all.as_array().front().as_string() : std::string();
}

/// The field of the keywords in that language.
std::string words_field(const std::string& language) {
    return language == "es" ? "palabras" : "palabras_" + language;
}

/// Who may publish it, where there is more than one.
std::vector<Option> publishers(const Portal& portal, Catalogue& catalogue) {
    std::vector<Option> all;
    for (const auto& one : catalogue.organizations("organization"))
        all.push_back({one.id, portal.text(one.meta["title"])});
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.label < b.label; });
    if (all.size() < 2) all.clear();
    return all;
}

void describe_form(const Request& request, Reply& reply, Catalogue& catalogue, const Dataset& dataset,
                   const std::vector<Wrong>& wrong) {
    const Portal portal(request);
    const auto& meta = dataset.meta;
    const auto typed = [&](const std::string& name, std::string otherwise) {
        return request.form(name).value_or(std::move(otherwise));
    };
    std::vector<Option> sectors, licenses, frequencies;
    for (const auto& one : dcat::sectors())
        sectors.push_back({std::string(one.term.code()), label_of(portal, one.term)});
    for (const auto& one : dcat::licenses())
        licenses.push_back({std::string(one.term.code()), label_of(portal, one.term)});
    for (const auto& one : dcat::frequencies())
        frequencies.push_back({std::string(one.term.code()), label_of(portal, one.term)});
    const auto none = request.tr("Elija…");
    Fields fields(request, wrong);
    for (const auto& language : languages_of(portal)) {
        const bool first = language == "es";
        const auto in = first ? std::string() : " (" + language_name(language) + ")";
        fields.text("titulo_" + language, request.tr("Título") + in,
                    typed("titulo_" + language, meta["title"].string_or(language, "")), "", !first);
        fields.area(
            "notas_" + language, request.tr("Descripción") + in,
            typed("notas_" + language, meta["notes"].string_or(language, "")),
            first ? request.tr("Qué contiene, de dónde sale y qué no contiene; 50 caracteres o más.") : "",
            !first);
        fields.text(words_field(language), request.tr("Palabras clave") + in,
                    typed(words_field(language), joined(meta["keywords"][language])),
                    first ? request.tr("Separadas por comas.") : "", true);
    }
    fields.select("sector", request.tr("Sector"), typed("sector", sector_of(meta)),
                  sorted(std::move(sectors), none),
                  request.tr("El de la norma técnica de reutilización; el tema europeo sale de él."));
    fields.select("licencia", request.tr("Licencia"),
                  typed("licencia", meta.string_or("license", "CC_BY_4_0")),
                  sorted(std::move(licenses), none));
    fields.select("frecuencia", request.tr("Cada cuánto se actualiza"),
                  typed("frecuencia", meta.string_or("frequency", "")), sorted(std::move(frequencies), none),
                  "", true);
    fields.text("desde", request.tr("Primer día de los datos"),
                typed("desde", day_written(meta["temporal"].string_or("start", ""))),
                request.tr("Como dd/mm/aaaa."), true);
    fields.text("hasta", request.tr("Último día de los datos"),
                typed("hasta", day_written(meta["temporal"].string_or("end", ""))),
                request.tr("Como dd/mm/aaaa."), true);
    if (const auto all = publishers(portal, catalogue); !all.empty())
        fields.select("organismo", request.tr("Quién publica"), typed("organismo", dataset.organization),
                      all);
    fields.text("contacto", request.tr("Quién responde de estos datos"),
                typed("contacto", meta.string_or("maintainer", "")),
                request.tr("Por ejemplo, Intervención. Si no se dice, el Ayuntamiento."), true);
    fields.text("contacto_correo", request.tr("Su correo electrónico"),
                typed("contacto_correo", meta.string_or("maintainer_email", "")), "", true);
    const auto heading = request.tr("Descripción del conjunto"),
               here = request.url(std::string(staff_base) + "/" + dataset.name);
    if (!wrong.empty()) reply.status(422);
    reply.page(
        "open-data/gestion/descripcion",
        Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                      {"heading", heading},
                      {"breadcrumb", breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                                                 {portal.title(dataset), here},
                                                 {heading, ""}})},
                      {"errors", fields.errors()},
                      {"action", here + "/descripcion"},
                      {"back_href", here},
                      {"fields", fields.take()}}));
}

void put_texts(const Request& request, const Portal& portal, Json& meta) {
    for (const auto& language : languages_of(portal)) {
        const auto put = [&](const char* key, const std::string& text) {
            Json texts = meta[key].is_object() ? meta[key] : Json::object();
            texts[language] = text;
            meta[key] = texts;
        };
        put("title", clean_line(request.form("titulo_" + language).value_or(""), 400));
        put("notes", clean_lines(request.form("notas_" + language).value_or(""), 10'000));
        Json keywords =
            Json::object();  // a language without any has none of its own: people read the Spanish ones
        if (meta["keywords"].is_object())
            for (const auto& [other, words] : meta["keywords"].as_object())
                if (other != language) keywords[other] = words;
        if (const auto words = words_of(request.form(words_field(language)).value_or("")); !words.empty())
            keywords[language] = words;
        meta["keywords"] = keywords;
    }
}

void save_description(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    need_own(dataset);
    std::vector<Wrong> wrong;
    const auto given = [&](const char* name) { return clean_line(request.form(name).value_or(""), 200); };
    if (given("titulo_es").empty()) wrong.push_back({"titulo_es", request.tr("Escriba el título.")});
    const auto sector = given("sector"), license = given("licencia"), frequency = given("frecuencia"),
               from = day_typed(given("desde")), until = day_typed(given("hasta"));
    if (!sector.empty() && !dcat::find_sector(sector))
        wrong.push_back({"sector", request.tr("Elija un sector de la lista.")});
    if (!license.empty() && !dcat::find_license(license))
        wrong.push_back({"licencia", request.tr("Elija una licencia de la lista.")});
    if (!frequency.empty() && !dcat::find_frequency(frequency))
        wrong.push_back({"frecuencia", request.tr("Elija una frecuencia de la lista.")});
    for (const auto& [field, day] : {std::pair("desde", from), std::pair("hasta", until)})
        if (!day.empty() && !is_day(day))
            wrong.push_back({field, request.tr("Escriba el día como dd/mm/aaaa, por ejemplo 31/01/2026.")});
    const auto contact = given("contacto"), email = given("contacto_correo");
    if (!email.empty() && !mail_address(email))
        wrong.push_back(
            {"contacto_correo", request.tr("Escriba una dirección de correo, como nombre@ejemplo.es.")});
    if (wrong.empty() && !from.empty() && !until.empty() && until < from)
        wrong.push_back({"hasta", request.tr("El último día va después del primero.")});
    const auto organism = given("organismo"), first_sector = sector_of(dataset.meta);
    if (const auto all = publishers(portal, catalogue); !organism.empty()) {
        if (std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.value == organism; }))
            wrong.push_back({"organismo", request.tr("Elija quién publica de la lista.")});
        else
            dataset.organization = organism;
    }
    if (!wrong.empty()) return describe_form(request, reply, catalogue, dataset, wrong);
    put_texts(request, portal, dataset.meta);
    if (sector != first_sector)  // others that a program gave it stay with the one that is shown
        dataset.meta["sectors"] = sector.empty() ? Json::array() : Json::array({sector});
    dataset.meta["license"] = license, dataset.meta["frequency"] = frequency;
    dataset.meta["maintainer"] = contact, dataset.meta["maintainer_email"] = email;
    dataset.meta["temporal"] =
        from.empty() && until.empty() ? Json() : Json::object({{"start", from}, {"end", until}});
    catalogue.update(dataset);
    request.audit(tx, "open-data.cambiar", dataset.id);
    request.pages_changed(tx);
    tx.commit();
    reply.redirect(request.url(std::string(staff_base) + "/" + dataset.name) + "?hecho=guardado");
}

}  // namespace

std::vector<std::string> languages_of(const Portal& portal) {
    std::vector<std::string> all;
    if (const auto& listed = portal.municipality["languages"]; listed.is_array())
        for (const auto& one : listed.as_array()) all.push_back(one.as_string());
    if (all.empty()) all.emplace_back("es");
    return all;
}

std::string language_name(const std::string& code) {
    for (const auto& [known, name] : {std::pair{"es", "Castellano"},
                                      {"ca", "Català"},
                                      {"gl", "Galego"},
                                      {"eu", "Euskara"},
                                      {"en", "English"}})
        if (code == known) return name;
    return code;
}

void register_staff_metadata(concejo::Kernel& kernel) {
    const concejo::RouteOptions allowed{.permission = may_edit};
    kernel.staff(
        "/datos/:name/descripcion",
        [](const Request& request, Reply& reply) {
            const Portal portal(request);
            auto tx = request.begin();
            Catalogue catalogue(tx);
            describe_form(request, reply, catalogue, need_dataset(portal, catalogue, request.segment("name")),
                          {});
        },
        allowed);
    kernel.staff_post("/datos/:name/descripcion", save_description, allowed);
}

}  // namespace open_data
