// What a table's columns are, for programs: CSVW beside each CSV, a Tabular Data Package of each dataset.
#include "gone.hpp"
#include "metadata.hpp"
#include "plugins/open-data/dcat/page_metadata.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

std::vector<dcat::Column> described_columns(const Resource& resource) {
    std::vector<dcat::Column> all;
    if (resource.columns.is_array())
        for (const auto& one : resource.columns.as_array())
            all.push_back({one.string_or("name", ""), one.string_or("type", "text"), texts_of(one["title"]),
                           texts_of(one["description"]), one.string_or("unit", "")});
    return all;
}

std::optional<dcat::Table> described_table(const Portal& portal, const dcat::Dataset& dataset,
                                           const Resource& resource) {
    const auto address = portal.rows_url(resource, "csv", true);
    const auto file = std::find_if(dataset.distributions.begin(), dataset.distributions.end(),
                                   [&](const auto& one) { return one.download_url == address; });
    if (file == dataset.distributions.end()) return std::nullopt;
    return dcat::Table{*file, described_columns(resource)};
}

void give_data_package(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    if (!portal.sees(catalogue, dataset)) throw Gone(dataset);  // its files are not given any more
    const auto made = described(portal, catalog_of(portal), dataset);
    std::vector<dcat::Table> tables;
    for (const auto& resource : dataset.resources)
        if (auto table = described_table(portal, made, resource)) tables.push_back(std::move(*table));
    reply.field("Access-Control-Allow-Origin", "*");
    reply.json(dcat::data_package(made, tables, portal.language));
}

}  // namespace

void give_table_description(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_resource(portal, catalogue, request.segment("id"));
    const auto made = described(portal, catalog_of(portal), dataset);
    const auto table = described_table(portal, made, resource);
    if (!table)
        throw concejo::Error(concejo::ErrorKind::not_found, N_("Ese recurso no tiene filas que descargar."));
    reply.field("Access-Control-Allow-Origin", "*");
    reply.body("application/csvm+json", dcat::csvw_metadata(*table, made).dump());
}

void register_descriptors(concejo::Kernel& kernel) {
    kernel.bare("GET", "/dataset/:name/datapackage.json", or_gone(give_data_package),
                concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
