// The catalogue as people look for something in it.
#include "address.hpp"
#include "following.hpp"
#include "metadata.hpp"
#include "plugins/open-data/dcat/page_metadata.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "portal.hpp"
#include "resource_pages.hpp"

#include <algorithm>
#include <tuple>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr std::int64_t per_page = 20, most_pages = 1000;
constexpr std::size_t longest_words = 200;
constexpr int most_suggested = 100;

struct Facet {
    const char* parameter;
    const char* label;    ///< msgid
    const char* counted;  ///< as Catalogue::count_by names it
    std::string Filter::*member;
};
const Facet facets[] = {{"organizacion", N_("Quién publica"), "organization", &Filter::organization},
                        {"sector", N_("Sector"), "sectors", &Filter::sector},
                        {"formato", N_("Formato"), "formats", &Filter::format},
                        {"etiqueta", N_("Etiqueta"), "tags", &Filter::tag}};

struct Asked {
    Filter filter;
    std::int64_t page = 1;
    std::string order;
};

Asked read_query(const Request& request) {
    Asked asked;
    const auto text = [&](const char* name) {
        return request.query(name).value_or("").substr(0, longest_words);
    };
    asked.filter.words = text("q");
    for (const auto& facet : facets) asked.filter.*facet.member = text(facet.parameter);
    asked.order = text("orden");
    asked.filter.sort = asked.order == "titulo"                              ? "title"
                        : asked.order.empty() && !asked.filter.words.empty() ? "relevance"
                                                                             : "modified";
    asked.page = page_asked(request, most_pages);
    asked.filter.limit = per_page, asked.filter.offset = (asked.page - 1) * per_page;
    return asked;
}

/// The address with one parameter changed; the page begins again.
std::string with(const Asked& asked, const std::string& path, std::string_view name, std::string_view value) {
    std::vector<std::pair<std::string, std::string>> all{{"q", asked.filter.words}};
    for (const auto& facet : facets) all.emplace_back(facet.parameter, asked.filter.*facet.member);
    all.emplace_back("orden", asked.order);
    all.emplace_back("pagina", "");
    for (auto& [key, text] : all)
        if (key == name) text = value;
    return path + query_of(all);
}

Json facet_links(const Portal& portal, Catalogue& catalogue, const Asked& asked, const std::string& path) {
    Json list = Json::array();
    std::vector<Organization> organizations;
    for (const auto& facet : facets) {
        auto without = asked.filter;
        const auto chosen = asked.filter.*facet.member;
        (without.*facet.member).clear();
        const auto counts = catalogue.count_by(facet.counted, without, 20);
        if (counts.empty()) continue;
        if (facet.member == &Filter::organization) organizations = catalogue.organizations("organization");
        Json options = Json::array(
            {Json::object({{"label", portal.call.tr("Todos")},
                           {"href", with(asked, path, facet.parameter, "")},
                           {"count", portal.call.number(static_cast<double>(catalogue.count(without)))},
                           {"current", chosen.empty()}})});
        for (const auto& one : counts) {
            auto label = one.value;
            if (const auto* sector = facet.member == &Filter::sector ? dcat::find_sector(one.value) : nullptr)
                label = label_of(portal, sector->term);
            for (const auto& organization : organizations)
                if (facet.member == &Filter::organization && organization.name == one.value)
                    label = portal.text(organization.meta["title"]);
            options.push_back(Json::object({{"label", label},
                                            {"href", with(asked, path, facet.parameter, one.value)},
                                            {"count", portal.call.number(static_cast<double>(one.count))},
                                            {"current", chosen == one.value}}));
        }
        list.push_back(Json::object({{"label", portal.call.tr(facet.label)}, {"options", options}}));
    }
    return list;
}

Json item(const Portal& portal, const Dataset& dataset) {
    Json tags = Json::array(), notes = Json::array();
    std::vector<std::string> formats;
    for (const auto& one : dataset.resources)
        if (!one.format.empty() && std::find(formats.begin(), formats.end(), one.format) == formats.end())
            formats.push_back(one.format);
    for (const auto& format : formats) tags.push_back(Json::object({{"text", format}}));
    std::int64_t rows = 0;
    for (const auto& one : dataset.resources) rows += one.rows;
    if (rows > 0)
        notes.push_back(concejo::fill(portal.call.trn("{n} fila", "{n} filas", rows),
                                      {{"n", portal.call.number(static_cast<double>(rows))}}));
    notes.push_back(concejo::fill(portal.call.tr("Actualizado el {fecha}"),
                                  {{"fecha", portal.call.date(dataset.modified.substr(0, 10))}}));
    auto summary = portal.text(dataset.meta["notes"]);
    return Json::object({{"href", portal.url(dataset)},
                         {"label", portal.title(dataset)},
                         {"summary", summary.substr(0, summary.find('\n'))},
                         {"tags", tags},
                         {"notes", notes}});
}

Json pages(const Asked& asked, std::int64_t total, const std::string& path) {
    return pagination_view(asked.page, (total + per_page - 1) / per_page, [&](std::int64_t page) {
        return with(asked, path, "pagina", std::to_string(page));
    });
}

void show_catalogue(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto asked = read_query(request);
    const auto path = request.url("/datos");
    const auto total = catalogue.count(asked.filter);
    Json items = Json::array(), meant = Json::array(), known = Json::array();
    for (const auto& word : catalogue.searchable(most_suggested)) known.push_back(word);
    for (const auto& one : catalogue.list(asked.filter)) items.push_back(item(portal, one));
    Json empty;
    if (total == 0) {
        if (!asked.filter.words.empty())
            for (const auto& title : catalogue.suggestions(asked.filter.words))
                meant.push_back(Json::object({{"label", title}, {"href", path + "?q=" + encoded(title)}}));
        const bool any = asked.filter.words.empty() && with(asked, "", "", "").empty();
        empty =
            Json::object({{"heading", any ? request.tr("Todavía no hay datos publicados")
                                          : request.tr("Ningún conjunto de datos coincide")},
                          {"text", any ? request.tr("Cuando el municipio publique alguno, aparecerá aquí.")
                                       : request.tr("Pruebe con menos palabras o quite algún filtro.")},
                          {"href", any ? "" : path},
                          {"label", request.tr("Quitar los filtros")}});
    }
    Json descriptions = Json::array();
    const auto own = portal.home() + "/catalogo/dcat-ap-es";
    for (const auto& [label, extension, type] : {std::tuple("RDF/XML", ".rdf", "application/rdf+xml"),
                                                 {"Turtle", ".ttl", "text/turtle"},
                                                 {"JSON-LD", ".jsonld", "application/ld+json"}})
        descriptions.push_back(Json::object({{"label", label}, {"href", own + extension}, {"type", type}}));
    reply.page(
        "open-data/catalogo",
        Json::object(
            {{"title", request.tr("Datos abiertos")},
             {"description", request.tr("Los datos del municipio, para leer, descargar y reutilizar.")},
             {"breadcrumb",
              breadcrumb({{request.tr("Inicio"), request.url("/")}, {request.tr("Datos abiertos"), ""}})},
             {"services_href", request.url("/servicios-de-datos")},
             {"requests_href", request.url("/peticiones-de-datos")},
             {"reuses_href", request.url("/reutilizaciones")},
             {"follow_href", offers_following(portal)
                                 ? request.url("/seguir-datos") + query_of({{"sector", asked.filter.sector}})
                                 : ""},
             {"descriptions", descriptions},
             {"api", Json::object({{"label", "OpenAPI"}, {"href", portal.home() + "/api/3/openapi.json"}})},
             {"json_ld", "<script type=\"application/ld+json\">" +
                             dcat::for_script(dcat::schema_org(catalog_of(portal), portal.language)) +
                             "</script>"},
             {"action", path},
             {"q", asked.filter.words},
             {"atom_href", with(asked, path + "/atom.xml", "pagina", "")},
             {"count_text",
              concejo::fill(request.trn("{n} conjunto de datos", "{n} conjuntos de datos", total),
                            {{"n", request.number(static_cast<double>(total))}})},
             {"items", items},
             {"known", known},
             {"meant", meant},
             {"empty", empty},
             {"filters", facet_links(portal, catalogue, asked, path)},
             {"pagination", pages(asked, total, path)}}));
}

}  // namespace

void register_catalogue(concejo::Kernel& kernel) {
    kernel.page("/datos", show_catalogue, concejo::RouteOptions{.permission = {}, .cached = true});
    kernel.menu(Json::object(
        {{"place", "main"}, {"label", N_("Datos abiertos")}, {"path", "/datos"}, {"order", 60}}));
}

}  // namespace open_data
