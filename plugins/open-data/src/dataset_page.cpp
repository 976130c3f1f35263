// A dataset: what it is, what is in it, how to take it.
#include "address.hpp"
#include "api_examples.hpp"
#include "column_view.hpp"
#include "contributions.hpp"
#include "drawn_pages.hpp"
#include "dump.hpp"
#include "following.hpp"
#include "gone.hpp"
#include "harvested.hpp"
#include "meta_fields.hpp"
#include "plugins/open-data/dcat/page_metadata.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "portal.hpp"
#include "profile.hpp"
#include "relationships.hpp"
#include "resource_pages.hpp"
#include "shown.hpp"
#include "sql_names.hpp"
#include "version.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr int previewed = 10;
constexpr std::size_t most_bytes_drawn = 16u << 20;

Json preview(const Portal& portal, concejo::Transaction& tx, const Resource& resource) {
    auto fields = fields_of(resource);
    fields.erase(fields.begin());
    const auto titles = column_titles(portal, resource);
    Json columns = Json::array(), rows = Json::array();
    for (const auto& field : fields)
        columns.push_back(Json::object({{"label", titles.at(field.name)}, {"numeric", is_number(field)}}));
    const auto found = tx.exec("SELECT " + select_list(fields) + " FROM " + identifier(resource.table) +
                               " ORDER BY _id LIMIT " + std::to_string(previewed));
    for (const auto row : found) {
        Json cells = Json::array();
        for (std::uint32_t i = 0; i < fields.size(); ++i)
            cells.push_back(Json::object({{"label", titles.at(fields[i].name)},
                                          {"text", shown(portal.call, row.optional(i), fields[i])},
                                          {"numeric", is_number(fields[i])}}));
        rows.push_back(Json::object({{"cells", std::move(cells)}}));
    }
    return Json::object({{"id", "vista-" + resource.id},
                         {"caption", concejo::fill(portal.call.tr("Primeras filas de {nombre}"),
                                                   {{"nombre", portal.title(resource)}})},
                         {"columns", std::move(columns)},
                         {"rows", std::move(rows)}});
}

Json downloads(const Portal& portal, const Resource& resource) {
    const auto& call = portal.call;
    Json list = Json::array();
    const auto file = portal.file_url(resource);
    if (!file.empty())
        list.push_back(Json::object(
            {{"href", file},
             {"label",
              resource.blob.empty() ? call.tr("Abrir donde está") : call.tr("El archivo, como se publicó")},
             {"format", resource.format},
             {"size", resource.bytes ? portal.size(*resource.bytes) : call.tr("tamaño desconocido")},
             {"hash", resource.blob}}));
    return list;
}

Json row_formats(const Portal& portal, const Resource& resource) {
    Json list = Json::array();
    for (const auto& format : dump_formats())
        if (offers(resource, format))
            list.push_back(Json::object(
                {{"href", portal.rows_url(resource, format.name)}, {"label", portal.call.tr(format.label)}}));
    return list;
}

Json resource_view(const Portal& portal, concejo::Transaction& tx, const Dataset& dataset,
                   const Resource& resource, const Json& profile) {
    Json view = Json::object({{"id", resource.id},
                              {"name", portal.title(resource)},
                              {"text", portal.text(resource.meta["description"])},
                              {"format", resource.format},
                              {"downloads", downloads(portal, resource)},
                              {"api_href", ""},
                              {"versions_href", ""},
                              {"columns", Json::array()},
                              {"views", Json::array()}});
    if (!resource.tabular()) return view;
    view["rows_text"] =
        concejo::fill(portal.call.trn("{n} fila, también en", "{n} filas, también en", resource.rows),
                      {{"n", portal.call.number(static_cast<double>(resource.rows))}});
    view["row_formats"] = row_formats(portal, resource);
    view["preview"] = Json::object({{"table", preview(portal, tx, resource)}});
    view["versions_href"] = version_url(portal, dataset, resource, 0);
    view["columns"] = columns_view(portal, resource, profile);
    view["views"] = view_links(portal, dataset, resource);
    view["api_href"] =
        portal.home() + "/api/3/action/datastore_search?resource_id=" + resource.id + "&limit=5";
    view["openapi_href"] = portal.home() + "/api/3/openapi.json";
    view["examples"] = api_examples(portal, resource);
    const auto own = portal.home() + "/dataset/" + dataset.name;
    Json descriptions = Json::array();
    for (const auto& [label, href] : {std::pair("Turtle", own + ".ttl"),
                                      {"RDF/XML", own + ".rdf"},
                                      {"JSON-LD", own + ".jsonld"},
                                      {"Frictionless", own + "/datapackage.json"},
                                      {"CSVW", portal.rows_url(resource, "csv-metadata.json", true)}})
        descriptions.push_back(Json::object({{"label", label}, {"href", href}}));
    view["descriptions"] = std::move(descriptions);
    return view;
}

/// [{"label","text"}] of what is known.
Json facts(const Portal& portal, Catalogue& catalogue, const Dataset& dataset) {
    const auto& call = portal.call;
    Json list = Json::array();
    const auto add = [&](const char* icon, std::string label, std::string text) {
        if (!text.empty())
            list.push_back(
                Json::object({{"icon", icon}, {"label", std::move(label)}, {"text", std::move(text)}}));
    };
    add("building-bank", call.tr("Publica"), portal.text(catalogue.organization_title(dataset.organization)));
    if (!dataset.issued.empty())
        add("calendar-event", call.tr("Publicado"), call.date(dataset.issued.substr(0, 10)));
    add("history", call.tr("Actualizado"), call.date(dataset.modified.substr(0, 10)));
    const auto& meta = dataset.meta;
    if (const auto* known = dcat::find_frequency(meta.string_or("frequency", "")))
        add("progress-check", call.tr("Cada cuánto se actualiza"), label_of(portal, known->term));
    for (const auto& [key, label] :
         {std::pair("start", N_("Primer día de los datos")), {"end", N_("Último día de los datos")}})
        if (const auto day = meta["temporal"].string_or(key, ""); is_day(day))
            add("calendar-event", call.tr(label), call.date(day));
    std::string sectors;
    if (const auto& given = meta["sectors"]; given.is_array())
        for (const auto& one : given.as_array())
            if (const auto* known = dcat::find_sector(one.is_string() ? one.as_string() : ""))
                sectors += (sectors.empty() ? "" : ", ") + label_of(portal, known->term);
    add("folder", call.tr("Sector"), std::move(sectors));
    if (const auto* category = dcat::find_hvd_category(meta.string_or("hvd", "")))
        add("flag", call.tr("Datos de alto valor"), label_of(portal, *category));
    add("map-pin", call.tr("Territorio"), territory_label(meta.string_or("spatial", "")));
    const auto contact = meta.string_or("maintainer", ""), email = meta.string_or("maintainer_email", "");
    add("user", call.tr("Quién responde de estos datos"),
        contact + (contact.empty() || email.empty() ? "" : ", ") + email);
    const auto license = meta.string_or("license", "");
    const auto* known = dcat::find_license(license);
    add("certificate", call.tr("Licencia"), known ? label_of(portal, known->term) : license);
    return list;
}

/// [{"text","href"}]: each with what else of the catalogue has it.
Json keyword_links(const Portal& portal, const Dataset& dataset) {
    const auto& all = dataset.meta["keywords"];
    const auto& keywords = all[portal.language].is_array() ? all[portal.language] : all["es"];
    Json list = Json::array();
    if (!keywords.is_array()) return list;
    for (const auto& one : keywords.as_array()) {
        const auto word = one.is_string() ? one.as_string() : std::string();
        // The catalogue counts those in Spanish; others are words like any.
        const char* parameter = &keywords == &all["es"] ? "etiqueta" : "q";
        list.push_back(Json::object(
            {{"text", word}, {"href", portal.call.url("/datos") + query_of({{parameter, word}})}}));
    }
    return list;
}

/// [{"title","href"}]: the services that give its data.
Json services_view(const Portal& portal, const Dataset& dataset) {
    Json list = Json::array();
    if (dataset.services.is_array())
        for (const auto& one : dataset.services.as_array()) {
            const auto name = one.string_or("name", "");
            auto title = portal.text(one["title"]);
            list.push_back(Json::object({{"title", title.empty() ? name : std::move(title)},
                                         {"href", portal.call.url("/servicios-de-datos/" + name)}}));
        }
    return list;
}

/// What "open-data/conjunto" shows of it.
Json drawn(const Portal& portal, concejo::Transaction& tx, Catalogue& catalogue, const Dataset& dataset) {
    const auto& call = portal.call;
    Json resources = Json::array();
    auto profiles = profiles_of(tx, dataset);
    const bool withdrawn = dataset.state == State::withdrawn;
    if (!withdrawn || portal.sees(catalogue, dataset))
        for (const auto& one : dataset.resources)
            resources.push_back(resource_view(portal, tx, dataset, one, profiles[one.id]));
    const auto title = portal.title(dataset), own = portal.home() + "/dataset/" + dataset.name;
    std::string json_ld;  // schema.org, where search engines look for it; nothing of it could end the element
    if (dataset.visible()) {
        const auto catalog = catalog_of(portal);
        json_ld = "<script type=\"application/ld+json\">" +
                  dcat::for_script(
                      dcat::schema_org(described(portal, catalog, dataset), catalog, portal.language)) +
                  "</script>";
    }
    const auto comments = comments_view(portal, tx, dataset);
    auto main = call.render_text(
        "open-data/ficha",
        Json::object(
            {{"title", title},
             {"paragraphs", lines_of_text(portal.text(dataset.meta["notes"]))},
             {"draft", !dataset.visible() && !withdrawn},
             {"withdrawn", withdrawn
                               ? Json::object({{"text", withdrawn_text(call, dataset)},
                                               {"reason", dataset.meta["withdrawn"].string_or("reason", "")}})
                               : Json()},
             {"quality_href", portal.url(dataset) + "/calidad"},
             {"quality", concejo::fill(call.tr("Calidad de los metadatos: {puntos} de 405"),
                                       {{"puntos", call.number(quality_of(portal, dataset).points)}})},
             {"origin", origin_view(portal, dataset)},
             {"facts", facts(portal, catalogue, dataset)},
             {"tags", keyword_links(portal, dataset)},
             {"comments", comments},
             {"comments_href",
              comments.as_array().size() < Contributions::listed ? "" : portal.url(dataset) + "/comentarios"},
             {"follow_href",
              dataset.visible() && offers_following(portal) ? portal.url(dataset) + "/seguir" : ""},
             {"comment_href", dataset.visible() ? portal.url(dataset) + "/comentar" : ""},
             {"resources", std::move(resources)},
             {"services", services_view(portal, dataset)},
             {"related", related_view(portal, tx, dataset)},
             {"catalogue_href", call.url("/datos")}}));
    return Json::object({{"title", title},
                         {"description", portal.text(dataset.meta["notes"])},
                         {"breadcrumb", breadcrumb({{call.tr("Inicio"), call.url("/")},
                                                    {call.tr("Datos abiertos"), call.url("/datos")},
                                                    {title, ""}})},
                         {"json_ld", std::move(json_ld)},
                         {"atom_href", portal.url(dataset) + "/atom.xml"},
                         {"turtle_href", own + ".ttl"},
                         {"rdf_href", own + ".rdf"},
                         {"body_html", std::move(main)}});
}

/// Which rows of which tables drawn() reads of a dataset that everybody sees, each in the state it is in: whatever
/// drawn() begins to read has to be here too. Empty for any other dataset. Rows of its resources' tables change
/// together with their resource.
std::string rows_read(concejo::Transaction& tx, const std::string& name) {
    const auto rows = tx.exec(
        "SELECT concat(current_schema(), ' ', d.id, ' ', d.xmin, ' ', o.xmin, '|', "
        "(SELECT string_agg(concat(r.id, ' ', r.xmin, ' ', v.xmin), ',') FROM open_data_resource r LEFT JOIN open_data_version v "
        "ON v.resource = r.id AND v.number = r.version WHERE r.dataset = d.id AND r.state = 'active'), '|', "
        "(SELECT string_agg(concat(c.id, ' ', c.xmin), ',') FROM open_data_contribution c "
        "WHERE c.dataset = d.id AND c.kind = 'comment' AND c.state = 'shown'), '|', "
        "(SELECT string_agg(concat(l.id, ' ', l.xmin, ' ', s.xmin, ' ', t.xmin), ',') FROM open_data_relationship l "
        "JOIN open_data_dataset s ON s.id = l.subject JOIN open_data_dataset t ON t.id = l.object "
        "WHERE l.subject = d.id OR l.object = d.id), '|', "
        "(SELECT string_agg(concat(s.name, ' ', s.xmin), ',') FROM open_data_served g JOIN open_data_service s ON s.id = g.service WHERE g.dataset = d.id), '|', "
        "(SELECT string_agg(concat(f.resource, ' ', f.version, ' ', f.format, ' ', f.xmin), ',') FROM open_data_dump f "
        "JOIN open_data_resource r ON r.id = f.resource WHERE r.dataset = d.id)) "
        "FROM open_data_dataset d LEFT JOIN open_data_organization o ON o.id = d.organization "
        "WHERE d.name = $1 AND d.state = 'published' AND NOT d.private",
        name);
    return rows.empty() ? std::string() : rows[0].text(0);
}

/// For whom nothing depends on who asks, and where templates are not being written.
bool draws_once(const Portal& portal) {
    return portal.call.who().kind == "anonymous" && portal.municipality.string_or("mode", "") != "desarrollo";
}

void show_dataset(const Request& request, Reply& reply) {
    static DrawnPages pages(most_bytes_drawn);
    const Portal portal(request);
    auto tx = request.begin();
    const auto name = request.segment("name");
    auto of = draws_once(portal) ? rows_read(tx, name) : std::string();
    if (!of.empty()) of += '|' + portal.language;
    if (const auto known = pages.find(of)) return reply.page_of("open-data/conjunto", *known);
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, name);
    if (name != dataset.name) return reply.redirect(portal.url(dataset), 301);
    if (dataset.state == State::withdrawn) reply.status(410);
    const auto view = pages.keep(of, drawn(portal, tx, catalogue, dataset).dump());
    reply.page_of("open-data/conjunto", *view);
}

}  // namespace

void register_dataset(concejo::Kernel& kernel) {
    kernel.page("/datos/:name", show_dataset, concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
