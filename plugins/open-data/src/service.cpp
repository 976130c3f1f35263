#include "service.hpp"

#include "save_dataset.hpp"
#include "sql_names.hpp"

#include <algorithm>

namespace open_data {
namespace {

constexpr ServiceKind service_table[] = {
    {"wms", N_("Mapas en imágenes (WMS)"), "http://www.opengis.net/def/serviceType/ogc/wms",
     "service=WMS&request=GetCapabilities"},
    {"wmts", N_("Mapas en teselas (WMTS)"), "http://www.opengis.net/def/serviceType/ogc/wmts",
     "service=WMTS&request=GetCapabilities"},
    {"wfs", N_("Elementos geográficos (WFS)"), "http://www.opengis.net/def/serviceType/ogc/wfs",
     "service=WFS&request=GetCapabilities"},
    {"ogc-features", N_("Elementos geográficos (OGC API Features)"),
     "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0", ""},
    {"rest", N_("API REST, descrita con OpenAPI"), "https://spec.openapis.org/oas/latest.html", ""},
    {"sparql", N_("Consultas SPARQL"), "https://www.w3.org/TR/sparql11-protocol/", ""},
    {"gtfs-rt", N_("Transporte en tiempo real (GTFS Realtime)"),
     "https://gtfs.org/documentation/realtime/reference/", ""},
    {"other", N_("Otro"), "", ""}};

constexpr auto service_columns =
    "SELECT s.id, s.name, s.organization, s.state, s.kind, s.endpoint, s.meta, s.version, open_data_written(s.modified_at), "
    "open_data_written(s.issued_at), (SELECT jsonb_build_object('dir3', o.meta ->> 'dir3', 'name', o.meta -> 'title') FROM "
    "open_data_organization o WHERE o.id = s.organization AND o.meta ->> 'dir3' ~ '^[A-Z][A-Z0-9]{8}$'), "
    "(SELECT coalesce(jsonb_agg(v.dataset), '[]') FROM open_data_served v WHERE v.service = s.id), "
    "(SELECT count(*) FROM open_data_served v JOIN open_data_dataset d ON d.id = v.dataset WHERE v.service = s.id AND "
    "d.state IN ('published', 'withdrawn') AND NOT d.private) FROM open_data_service s ";

/// A page of the staff has this name.
constexpr const char* taken_name = "nuevo";

}  // namespace

std::span<const ServiceKind> service_kinds() { return service_table; }

const ServiceKind* service_kind(std::string_view code) {
    const auto found = std::find_if(std::begin(service_table), std::end(service_table),
                                    [&](const auto& one) { return code == one.code; });
    return found == std::end(service_table) ? nullptr : &*found;
}

std::string Service::described_by() const {
    if (auto said = meta.string_or("described_by", ""); !said.empty()) return said;
    const auto* known = service_kind(kind);
    if (!known || !*known->described || endpoint.empty()) return {};
    const char last = endpoint.back();
    const auto* joint = endpoint.find('?') == std::string::npos ? "?" : last == '?' || last == '&' ? "" : "&";
    return endpoint + joint + known->described;
}

std::vector<Service> Services::read(const std::string& tail, const std::vector<concejo::Param>& params) {
    std::vector<Service> found;
    for (const auto row : tx_.exec_list(service_columns + tail, params)) {
        Service s;
        s.id = row.text(0), s.name = row.text(1), s.organization = row.text(2);
        s.state = parse_state(row.view(3)).value_or(State::draft);
        s.kind = row.text(4), s.endpoint = row.text(5), s.meta = Json::parse(row.view(6));
        s.version = static_cast<int>(row.integer(7)), s.modified = row.text(8), s.issued = row.text(9);
        if (!row.is_null(10)) s.publisher = Json::parse(row.view(10));
        const auto datasets = Json::parse(row.view(11));
        for (const auto& one : datasets.as_array()) s.datasets.push_back(one.as_string());
        s.listed = row.integer(12);
        found.push_back(std::move(s));
    }
    return found;
}

std::optional<Service> Services::find(std::string_view name_or_id) {
    auto found = read(is_uuid(name_or_id) ? "WHERE s.id = $1::uuid" : "WHERE s.name = $1", {name_or_id});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<Service> Services::list(const std::vector<State>& states) {
    std::vector<std::string> names;
    for (const auto one : states) names.emplace_back(open_data::name(one));
    return read("WHERE s.state = ANY($1::text[]) ORDER BY ext.fold(s.meta #>> '{title,es}'), s.name",
                {text_array(names)});
}

std::string Services::free_name(const std::string& title) {
    auto name = slug_of(title);
    if (!is_name(name) || name == taken_name) name = "servicio-" + name;
    const auto wanted = cut(name, 90);
    for (int n = 2; find(name); ++n) name = wanted + "-" + std::to_string(n);
    return name;
}

void Services::serve(const std::string& id, const std::vector<std::string>& datasets) {
    tx_.exec("DELETE FROM open_data_served WHERE service = $1::uuid AND dataset <> ALL($2::uuid[])", id,
             text_array(datasets));
    tx_.exec(
        "INSERT INTO open_data_served (service, dataset) SELECT $1::uuid, d.id FROM open_data_dataset d WHERE d.id = ANY($2::uuid[]) "
        "ON CONFLICT DO NOTHING",
        id, text_array(datasets));
}

Service Services::insert(const Service& s, const std::string& by) {
    const auto id =
        tx_.exec(
               "INSERT INTO open_data_service (name, organization, state, kind, endpoint, meta, created_by) "
               "VALUES ($1, $2::uuid, $3, $4, $5, $6::jsonb, $7) RETURNING id",
               s.name, s.organization, open_data::name(s.state), s.kind, s.endpoint, s.meta, by)[0]
            .text(0);
    serve(id, s.datasets);
    return *find(id);
}

std::optional<Service> Services::update(const Service& s) {
    const auto changed = tx_.exec(
        "UPDATE open_data_service SET organization = $3::uuid, state = $4, kind = $5, endpoint = $6, meta = $7::jsonb, "
        "version = version + 1, modified_at = now(), issued_at = CASE WHEN $4 = 'published' THEN coalesce(issued_at, now()) "
        "ELSE issued_at END WHERE id = $1::uuid AND version = $2",
        s.id, s.version, s.organization, open_data::name(s.state), s.kind, s.endpoint, s.meta);
    if (changed.affected() == 0) return std::nullopt;
    serve(s.id, s.datasets);
    return find(s.id);
}

void Services::remove(const Service& s) {
    tx_.exec("DELETE FROM open_data_service WHERE id = $1::uuid", s.id);
}

Service need_service(const Portal& portal, Services& services, std::string_view name_or_id) {
    auto found = services.find(name_or_id);
    if (!found || (found->state == State::draft && !portal.sees_drafts()))
        throw concejo::Error(concejo::ErrorKind::not_found,
                             N_("No hay ningún servicio de datos con esa dirección."));
    return std::move(*found);
}

std::string service_title(const Portal& portal, const Service& service) {
    auto title = portal.text(service.meta["title"]);
    return title.empty() ? service.name : title;
}

std::string service_page(const Portal& portal, const Service& service) {
    return portal.call.url("/servicios-de-datos/" + service.name);
}

std::string service_uri(const Portal& portal, std::string_view id) {
    return portal.home() + "/service/" + std::string(id);
}

std::vector<dcat::Problem> problems_of(const Portal& portal, const Service& service) {
    const auto catalog = catalog_of(portal);
    return dcat::find_problems(described(portal, catalog, service), service.datasets.size(), catalog);
}

void add_services(const Portal& portal, concejo::Transaction& tx, dcat::Catalog& catalog, bool all) {
    for (const auto& one : Services(tx).list({State::published})) {
        auto made = described(portal, catalog, one);
        // As with datasets: one that would be refused takes the whole catalogue with it.
        if (dcat::has_errors(dcat::find_problems(made, one.datasets.size(), catalog))) continue;
        made.always = all && one.listed == 0;
        catalog.services.push_back(std::move(made));
    }
}

}  // namespace open_data
