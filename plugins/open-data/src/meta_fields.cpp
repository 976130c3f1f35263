#include "meta_fields.hpp"

#include "following.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "staff.hpp"

#include <algorithm>
#include <sstream>

namespace open_data {
namespace {

using concejo::Request;

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

void put_texts(const Request& request, const Portal& portal, Json& meta) {
    for (const auto& language : languages_of(portal)) {
        const auto put = [&](const char* key, const std::string& text) {
            Json texts = meta[key].is_object() ? meta[key] : Json::object();
            texts[language] = text;
            meta[key] = texts;
        };
        put("title", clean_line(request.form("titulo_" + language).value_or(""), std::string::npos));
        put("notes", clean_lines(request.form("notas_" + language).value_or(""), std::string::npos));
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

/// The municipality's own, which what says no other has.
std::string own_territory(const Portal& portal) {
    const auto all = catalog_of(portal).spatial;
    return all.empty() ? std::string() : all.front();
}

}  // namespace

std::vector<Option> sorted_options(std::vector<Option> options, const std::string& none) {
    std::sort(options.begin(), options.end(), [](const auto& a, const auto& b) { return a.label < b.label; });
    options.insert(options.begin(), {"", none});
    return options;
}

std::string typed_in(const Request& request, const std::string& field, std::string there) {
    return request.form(field).value_or(std::move(there));
}

std::string given_line(const Request& request, const char* field) {
    return clean_line(request.form(field).value_or(""), 200);
}

std::string territory_label(const std::string& uri) {
    const auto* known = dcat::find_territory(uri);
    return known ? std::string(known->label) : uri;
}

void add_texts(const Portal& portal, const Request& request, Fields& fields, const Json& meta,
               const std::string& notes_hint) {
    for (const auto& language : languages_of(portal)) {
        const bool first = language == "es";
        const auto in = first ? std::string() : " (" + language_name(language) + ")";
        fields.text("titulo_" + language, request.tr("Título") + in,
                    typed_in(request, "titulo_" + language, meta["title"].string_or(language, "")), "",
                    !first);
        fields.area("notas_" + language, request.tr("Descripción") + in,
                    typed_in(request, "notas_" + language, meta["notes"].string_or(language, "")),
                    first ? notes_hint : "", !first);
        fields.text(words_field(language), request.tr("Palabras clave") + in,
                    typed_in(request, words_field(language), joined(meta["keywords"][language])),
                    first ? request.tr("Separadas por comas.") : "", true);
    }
}

void add_sector_and_license(const Portal& portal, const Request& request, Fields& fields, const Json& meta) {
    std::vector<Option> sectors, licenses;
    for (const auto& one : dcat::sectors())
        sectors.push_back({std::string(one.term.code()), label_of(portal, one.term)});
    for (const auto& one : dcat::licenses())
        licenses.push_back({std::string(one.term.code()), label_of(portal, one.term)});
    const auto none = request.tr("Elija…");
    fields.select("sector", request.tr("Sector"), typed_in(request, "sector", sector_of(meta)),
                  sorted_options(std::move(sectors), none),
                  request.tr("El de la norma técnica de reutilización; el tema europeo sale de él."));
    fields.select("licencia", request.tr("Licencia"),
                  typed_in(request, "licencia", meta.string_or("license", "CC_BY_4_0")),
                  sorted_options(std::move(licenses), none));
}

void add_territory(const Portal& portal, const Request& request, Fields& fields, const Json& meta) {
    const auto own = own_territory(portal), there = meta.string_or("spatial", "");
    std::vector<Option> options{{"", own.empty() ? request.tr("El del municipio")
                                                 : concejo::fill(request.tr("El del municipio: {territorio}"),
                                                                 {{"territorio", territory_label(own)}})}};
    if (!there.empty() && !dcat::find_territory(there)) options.push_back({there, there});
    std::vector<OptionGroup> groups{{request.tr("País"), {}},
                                    {request.tr("Comunidades y ciudades autónomas"), {}},
                                    {request.tr("Provincias"), {}}};
    for (const auto& one : dcat::territories())
        groups[static_cast<std::size_t>(one.level)].options.push_back(
            {std::string(one.uri), std::string(one.label)});
    const auto* known = dcat::find_territory(there);  // it may be written in another way
    fields.select("territorio", request.tr("Territorio"),
                  typed_in(request, "territorio", known ? std::string(known->uri) : there), options,
                  request.tr("La norma técnica llega hasta la provincia, o la comunidad que solo tiene una."),
                  true, groups);
}

void add_responsible(const Portal& portal, const Request& request, Fields& fields, const Json& meta,
                     Catalogue& catalogue, const std::string& organization, std::string contact_label) {
    if (const auto all = publishers(portal, catalogue); !all.empty())
        fields.select("organismo", request.tr("Quién publica"), typed_in(request, "organismo", organization),
                      all);
    fields.text("contacto", std::move(contact_label),
                typed_in(request, "contacto", meta.string_or("maintainer", "")),
                request.tr("Por ejemplo, Intervención. Si no se dice, el Ayuntamiento."), true);
    fields.text("contacto_correo", request.tr("Su correo electrónico"),
                typed_in(request, "contacto_correo", meta.string_or("maintainer_email", "")), "", true);
}

void check_meta(const Portal& portal, const Request& request, Catalogue& catalogue, const Json& meta,
                std::vector<Wrong>& wrong) {
    if (given_line(request, "titulo_es").empty())
        wrong.push_back({"titulo_es", request.tr("Escriba el título.")});
    for (const auto& language : languages_of(portal)) {
        typed_line(request, "titulo_" + language, longest_title_of_data, wrong);
        typed_lines(request, "notas_" + language, longest_notes_of_data, wrong);
    }
    const auto sector = given_line(request, "sector"), license = given_line(request, "licencia");
    if (!sector.empty() && !dcat::find_sector(sector))
        wrong.push_back({"sector", request.tr("Elija un sector de la lista.")});
    if (!license.empty() && !dcat::find_license(license))
        wrong.push_back({"licencia", request.tr("Elija una licencia de la lista.")});
    if (const auto place = request.form("territorio").value_or("");
        !place.empty() && place != meta.string_or("spatial", "") && !dcat::find_territory(place))
        wrong.push_back({"territorio", request.tr("Elija un territorio de la lista.")});
    if (const auto email = given_line(request, "contacto_correo"); !email.empty() && !mail_address(email))
        wrong.push_back(
            {"contacto_correo", request.tr("Escriba una dirección de correo, como nombre@ejemplo.es.")});
    const auto organism = given_line(request, "organismo");
    const auto all = publishers(portal, catalogue);
    if (!organism.empty() &&
        std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.value == organism; }))
        wrong.push_back({"organismo", request.tr("Elija quién publica de la lista.")});
}

void put_meta(const Portal& portal, const Request& request, Json& meta, std::string& organization) {
    const auto sector = given_line(request, "sector"), first_sector = sector_of(meta);
    put_texts(request, portal, meta);
    if (sector != first_sector)  // others that a program gave it stay with the one that is shown
        meta["sectors"] = sector.empty() ? Json::array() : Json::array({sector});
    meta["license"] = given_line(request, "licencia");
    meta["maintainer"] = given_line(request, "contacto"),
    meta["maintainer_email"] = given_line(request, "contacto_correo");
    if (const auto place = request.form("territorio")) meta["spatial"] = *place;
    if (const auto organism = given_line(request, "organismo"); is_uuid(organism)) organization = organism;
}

}  // namespace open_data
