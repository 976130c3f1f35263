// The data services as citizens find them.
#include "meta_fields.hpp"
#include "plugins/open-data/dcat/page_metadata.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "service.hpp"
#include "shown.hpp"

#include <tuple>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr const char* services_base = "/servicios-de-datos";
constexpr std::int64_t catalogue_in_site_map = 20'000;

Json service_item(const Portal& portal, const Service& service) {
    const auto& call = portal.call;
    const auto* kind = service_kind(service.kind);
    const auto n = service.listed;
    auto summary = portal.text(service.meta["notes"]);
    return Json::object(
        {{"href", service_page(portal, service)},
         {"label", service_title(portal, service)},
         {"summary", summary.substr(0, summary.find('\n'))},
         {"kind", kind ? call.tr(kind->label) : service.kind},
         {"note", n == 0 ? std::string()
                         : concejo::fill(call.trn("{n} conjunto de datos", "{n} conjuntos de datos", n),
                                         {{"n", call.number(static_cast<double>(n))}})}});
}

void show_services(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Json items = Json::array();
    for (const auto& one : Services(tx).list({State::published})) items.push_back(service_item(portal, one));
    const auto n = static_cast<std::int64_t>(items.size());
    const auto title = request.tr("Servicios de datos");
    reply.page(
        "open-data/servicios",
        Json::object(
            {{"title", title},
             {"description", request.tr("Direcciones a las que los programas piden datos del municipio: "
                                        "mapas, transporte en tiempo real, otras API.")},
             {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                        {request.tr("Datos abiertos"), request.url("/datos")},
                                        {title, ""}})},
             {"count_text", n == 0 ? request.tr("Todavía no hay ninguno publicado.")
                                   : concejo::fill(request.trn("{n} servicio", "{n} servicios", n),
                                                   {{"n", request.number(static_cast<double>(n))}})},
             {"items", std::move(items)},
             {"api_label", "OpenAPI"},
             {"api_href", portal.home() + "/api/3/openapi.json"},
             {"catalogue_href", request.url("/datos")}}));
}

/// [{"icon","label","text"}] of what is known.
Json service_facts(const Portal& portal, concejo::Transaction& tx, const Service& service) {
    const auto& call = portal.call;
    const auto& meta = service.meta;
    Json list = Json::array();
    const auto add = [&](const char* icon, std::string label, std::string text) {
        if (!text.empty())
            list.push_back(
                Json::object({{"icon", icon}, {"label", std::move(label)}, {"text", std::move(text)}}));
    };
    const auto* kind = service_kind(service.kind);
    add("world", call.tr("Tipo de servicio"), kind ? call.tr(kind->label) : service.kind);
    add("building-bank", call.tr("Publica"),
        portal.text(Catalogue(tx).organization_title(service.organization)));
    if (const auto& sectors = meta["sectors"]; sectors.is_array() && !sectors.empty())
        if (const auto* known = dcat::find_sector(sectors.as_array().front().as_string()))
            add("folder", call.tr("Sector"), label_of(portal, known->term));
    add("map-pin", call.tr("Territorio"), territory_label(meta.string_or("spatial", "")));
    const auto contact = meta.string_or("maintainer", ""), email = meta.string_or("maintainer_email", "");
    add("user", call.tr("Quién responde de este servicio"),
        contact + (contact.empty() || email.empty() ? "" : ", ") + email);
    const auto license = meta.string_or("license", "");
    const auto* known = dcat::find_license(license);
    add("certificate", call.tr("Licencia"), known ? label_of(portal, known->term) : license);
    if (const auto* right = dcat::find_access_right(meta.string_or("access_right", "")))
        add("lock", call.tr("Quién puede usarlo"), access_label(portal, *right));
    return list;
}

void show_service(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Services services(tx);
    const auto service = need_service(portal, services, request.segment("name"));
    if (request.segment("name") != service.name) return reply.redirect(service_page(portal, service), 301);
    const bool withdrawn = service.state == State::withdrawn, seen = service.state == State::published;
    Json datasets = Json::array();
    for (const auto& one : Catalogue(tx).find_all(service.datasets))
        if (one.visible())
            datasets.push_back(Json::object({{"href", portal.url(one)}, {"title", portal.title(one)}}));
    const auto title = service_title(portal, service), own = portal.home() + "/service/" + service.name;
    std::string json_ld;
    Json descriptions = Json::array();
    if (seen) {
        const auto catalog = catalog_of(portal);
        json_ld = "<script type=\"application/ld+json\">" +
                  dcat::for_script(
                      dcat::schema_org(described(portal, catalog, service), catalog, portal.language)) +
                  "</script>";
        for (const auto& [label, extension, type] : {std::tuple("Turtle", ".ttl", "text/turtle"),
                                                     {"RDF/XML", ".rdf", "application/rdf+xml"},
                                                     {"JSON-LD", ".jsonld", "application/ld+json"}})
            descriptions.push_back(
                Json::object({{"label", label}, {"href", own + extension}, {"type", type}}));
    }
    if (withdrawn) reply.status(410);
    const auto notes = portal.text(service.meta["notes"]);
    reply.page(
        "open-data/servicio",
        Json::object(
            {{"title", title},
             {"description", notes},
             {"paragraphs", lines_of_text(notes)},
             {"draft", service.state == State::draft},
             {"withdrawn", withdrawn
                               ? Json::object({{"reason", service.meta["withdrawn"].string_or("reason", "")}})
                               : Json()},
             {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                        {request.tr("Datos abiertos"), request.url("/datos")},
                                        {request.tr("Servicios de datos"), request.url(services_base)},
                                        {title, ""}})},
             {"facts", service_facts(portal, tx, service)},
             {"use", withdrawn ? Json()
                               : Json::object({{"endpoint", service.endpoint},
                                               {"described_by", service.described_by()},
                                               {"documentation", service.meta.string_or("page", "")}})},
             {"datasets", std::move(datasets)},
             {"descriptions", std::move(descriptions)},
             {"json_ld", std::move(json_ld)},
             {"services_href", request.url(services_base)}}));
}

/// What everybody finds: the site map of the portal.
Json portal_site_map(const concejo::Call& call, const Json& asked) {
    const Portal portal(call);
    auto tx = call.begin();
    Json pages = Json::array();
    const auto add = [&](const std::string& path, const std::string& title, const std::string& modified) {
        auto page = Json::object({{"path", path}, {"title", title}});
        if (!modified.empty()) page["modified"] = modified.substr(0, 10);
        pages.push_back(std::move(page));
    };
    add("/datos", call.tr("Datos abiertos"), "");
    add(services_base, call.tr("Servicios de datos"), "");
    for (const auto& one : Services(tx).list({State::published}))
        add(services_base + ("/" + one.name), service_title(portal, one), one.modified);
    Filter filter;
    filter.limit = asked.int_or("limit", 0);
    if (filter.limit <= 0) filter.limit = catalogue_in_site_map;
    for (const auto& one : Catalogue(tx).list(filter, true))
        add("/datos/" + one.name, portal.title(one), one.modified);
    return pages;
}

}  // namespace

std::string access_label(const Portal& portal, const dcat::Term& right) {
    const auto& call = portal.call;
    const auto code = right.code();
    return code == "PUBLIC"       ? call.tr("Cualquiera")
           : code == "RESTRICTED" ? call.tr("Quien cumpla unas condiciones")
           : code == "NON_PUBLIC" ? call.tr("Solo la administración")
                                  : label_of(portal, right);
}

void register_services(concejo::Kernel& kernel) {
    const concejo::RouteOptions open{.permission = {}, .cached = true};
    kernel.page(services_base, show_services, open);
    kernel.page(services_base + std::string("/:name"), show_service, open);
    kernel.site_map(portal_site_map);
}

}  // namespace open_data
