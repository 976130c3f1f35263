// The catalogue as harvesters take it: DCAT-AP-ES and NTI-RISP, page by page.
#include "accept.hpp"
#include "metadata.hpp"
#include "plugins/open-data/dcat/catalog_writer.hpp"
#include "relationships.hpp"
#include "service.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr std::int64_t datasets_in_a_page = 100;

struct Syntax {
    const char* extension;
    dcat::Syntax syntax;
};
constexpr Syntax syntaxes[] = {
    {"rdf", dcat::Syntax::rdf_xml}, {"ttl", dcat::Syntax::turtle}, {"jsonld", dcat::Syntax::json_ld}};

Filter in_the_catalogue() {
    Filter filter;
    filter.states = {State::published, State::withdrawn};
    filter.sort = "name";
    return filter;
}

void give(Reply& reply, dcat::Syntax syntax, const std::string& document) {
    reply.field("Access-Control-Allow-Origin", "*");
    reply.body(std::string(dcat::media_type(syntax)) + "; charset=utf-8", document);
}

dcat::Page page_of(const std::string& address, std::int64_t number, std::int64_t total) {
    const auto last = std::max<std::int64_t>(1, (total + datasets_in_a_page - 1) / datasets_in_a_page);
    const auto at = [&](std::int64_t page) {
        return address + (page == 1 ? std::string() : "?page=" + std::to_string(page));
    };
    dcat::Page page;
    page.url = at(number), page.first = at(1), page.last = at(last);
    if (number > 1) page.previous = at(number - 1);
    if (number < last) page.next = at(number + 1);
    page.items_per_page = static_cast<std::uint64_t>(datasets_in_a_page),
    page.total_items = static_cast<std::uint64_t>(total);
    return page;
}

/// One body has one name on every page, whatever each source calls it: the oldest dataset's.
std::map<std::string, dcat::Texts> names_of_publishers(concejo::Transaction& tx, const dcat::Agent& ours) {
    std::map<std::string, dcat::Texts> names;
    for (
        const auto row : tx.exec(
            "SELECT DISTINCT ON (code) meta #>> '{origin,publisher,dir3}' AS code, meta #> '{origin,publisher,name}' FROM open_data_dataset "
            "WHERE state IN ('published', 'withdrawn') AND NOT private AND meta #>> '{origin,publisher,dir3}' <> '' "
            "AND meta #>> '{origin,publisher,name,es}' <> '' ORDER BY code, serial"))
        names.emplace(row.text(0), texts_of(Json::parse(row.view(1))));
    names[ours.dir3] = ours.name;
    return names;
}

/// Since when it is and when it was last changed: all of it, whatever a document holds of it.
dcat::Catalog dated(concejo::Transaction& tx, dcat::Catalog catalog) {
    const auto dates = tx.exec(
        "SELECT open_data_written(min(coalesce(issued_at, created_at))), open_data_written(greatest(max(modified_at), max(issued_at), "
        "(SELECT max(modified_at) FROM open_data_service WHERE state <> 'draft'))) "
        "FROM open_data_dataset WHERE state IN ('published', 'withdrawn') AND NOT private");
    catalog.issued = instant_of(dates[0].text(0)), catalog.modified = instant_of(dates[0].text(1));
    return catalog;
}

/// `path`: where this document is, without host. Pages past the end are not found: equal ones would stop a harvest.
void catalogue_document(const Request& request, Reply& reply, const std::string& path, dcat::Profile profile,
                        dcat::Syntax syntax) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    std::int64_t number = 1;
    const auto asked = request.query("page").value_or("1");
    const auto [end, error] = std::from_chars(asked.data(), asked.data() + asked.size(), number);
    auto filter = in_the_catalogue();
    const auto total = catalogue.count(filter);
    if (error != std::errc{} || end != asked.data() + asked.size() || number < 1 ||
        (number > 1 && (number - 1) * datasets_in_a_page >= total))
        throw concejo::Error(concejo::ErrorKind::not_found, N_("El catálogo no tiene esa página."));
    filter.limit = datasets_in_a_page, filter.offset = (number - 1) * datasets_in_a_page;
    auto catalog = catalog_of(portal);
    add_services(portal, tx, catalog, number == 1);
    // A day ahead: clocks of nodes differ, and what was changed this second is not in the future.
    const auto now =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::hours(24);
    auto names = names_of_publishers(tx, catalog.publisher);
    std::vector<dcat::Dataset> datasets;
    const auto listed = catalogue.list(filter);
    std::vector<std::string> ids;
    for (const auto& one : listed) ids.push_back(one.id);
    auto related = related_uris(tx, portal, ids);
    for (const auto& one : listed) {
        auto made = described(portal, catalog, one);
        made.related = std::move(related[one.id]);
        if (made.publisher)
            made.publisher->name =
                names.try_emplace(made.publisher->dir3, made.publisher->name).first->second;
        // One that would be refused takes the whole catalogue with it: what the API published is not looked at before.
        if (made.distributions.empty() || dcat::has_errors(dcat::find_problems(made, catalog, now))) continue;
        datasets.push_back(std::move(made));
    }
    catalog = dated(tx, std::move(catalog));
    give(reply, syntax,
         dcat::write_catalog(catalog, datasets,
                             {profile, syntax, page_of(portal.home() + path, number, total)}));
}

/// Of the three, where the client would rather have one than a page for people.
const Syntax* wanted(const Request& request) {
    std::vector<std::string_view> offered{"text/html", "application/xhtml+xml"};
    for (const auto& one : syntaxes) offered.push_back(dcat::media_type(one.syntax));
    const auto chosen = preferred(request.field("accept").value_or(""), offered);
    return chosen < 2 ? nullptr : &syntaxes[chosen - 2];
}

/// The catalogue's own address: a page for people, its metadata for programs.
void catalogue_address(const Request& request, Reply& reply) {
    const auto* syntax = wanted(request);
    reply.field("Vary", "Accept");
    reply.redirect(
        syntax ? Portal(request).home() + "/catalogo/dcat-ap-es." + syntax->extension : request.url("/datos"),
        303);
}

/// "arbolado.ttl" is the metadata of "arbolado" in Turtle; without an ending, whatever its own address leads to.
struct Named {
    std::string name;
    const Syntax* syntax = nullptr;
};

Named named_in(const Request& request) {
    Named asked{request.segment("name")};
    for (const auto& one : syntaxes)
        if (asked.name.ends_with(std::string(".") + one.extension))
            asked.syntax = &one, asked.name.resize(asked.name.rfind('.'));
    return asked;
}

/// To the page for people, or to the metadata for programs, which end as their syntax: `own` and that.
void lead_on(const Request& request, Reply& reply, const std::string& own, const std::string& page) {
    const auto* better = wanted(request);
    reply.field("Vary", "Accept");
    reply.redirect(better ? Portal(request).home() + own + "." + better->extension : page, 303);
}

/// The dataset's own address.
void dataset_address(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [name, syntax] = named_in(request);
    const auto dataset = need_dataset(portal, catalogue, name);
    if (!syntax) return lead_on(request, reply, "/dataset/" + name, portal.url(dataset));
    auto catalog = dated(tx, catalog_of(portal));
    add_services(portal, tx, catalog, false);
    dcat::Dataset made[] = {described(portal, catalog, dataset)};
    made[0].related = std::move(related_uris(tx, portal, {dataset.id})[dataset.id]);
    give(reply, syntax->syntax,
         dcat::write_catalog(catalog, made, {dcat::Profile::dcat_ap_es, syntax->syntax, {}}));
}

/// The service's own address: itself with the datasets of the catalogue that it serves.
void service_address(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Services services(tx);
    const auto [name, syntax] = named_in(request);
    const auto service = need_service(portal, services, name);
    if (!syntax || service.state == State::withdrawn)
        return lead_on(request, reply, "/service/" + name, service_page(portal, service));
    auto catalog = dated(tx, catalog_of(portal));
    auto own = described(portal, catalog, service);
    own.always = true;
    catalog.services = {catalog.services.front(), std::move(own)};
    std::vector<dcat::Dataset> datasets;
    for (const auto& one : Catalogue(tx).find_all(service.datasets))
        if (one.visible() || (one.state == State::withdrawn && !one.is_private))
            datasets.push_back(described(portal, catalog, one));
    give(reply, syntax->syntax,
         dcat::write_catalog(catalog, datasets, {dcat::Profile::dcat_ap_es, syntax->syntax, {}}));
}

}  // namespace

void register_metadata(concejo::Kernel& kernel) {
    const auto serve = [&](std::string path, dcat::Profile profile, dcat::Syntax syntax) {
        kernel.bare(
            "GET", path,
            [=](const Request& request, Reply& reply) {
                catalogue_document(request, reply, path, profile, syntax);
            },
            concejo::RouteOptions{.permission = {}, .cached = true});
    };
    for (const auto& one : syntaxes) {
        serve(std::string("/catalogo/dcat-ap-es.") + one.extension, dcat::Profile::dcat_ap_es, one.syntax);
        serve(std::string("/catalogo/nti.") + one.extension, dcat::Profile::nti_risp, one.syntax);
        serve(std::string("/catalog.") + one.extension, dcat::Profile::dcat_ap_es,
              one.syntax);  // where ckanext-dcat has it
    }
    kernel.bare("GET", "/catalogo", catalogue_address);
    kernel.bare("GET", "/dataset/:name", dataset_address,
                concejo::RouteOptions{.permission = {}, .cached = true});
    kernel.bare("GET", "/service/:name", service_address,
                concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
