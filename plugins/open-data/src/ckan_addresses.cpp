// Addresses that the pages of a CKAN have, which its clients show to people, and those that the metadata names resources by.
#include "address.hpp"
#include "gone.hpp"
#include "portal.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

/// The catalogue's page, with what was looked for.
void to_catalogue(const Request& request, Reply& reply) {
    const auto asked = [&](const char* name) { return request.query(name).value_or(""); };
    reply.redirect(request.url("/datos") + query_of({{"q", asked("q")},
                                                     {"organizacion", asked("organization")},
                                                     {"etiqueta", asked("tags")},
                                                     {"formato", asked("res_format")}}),
                   303);
}

void to_organization(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto found = Catalogue(tx).organization(request.segment("name"));
    if (!found || found->state != "active")
        throw concejo::Error(concejo::ErrorKind::not_found,
                             N_("No hay ninguna organización con esa dirección."));
    reply.redirect(request.url("/datos") + query_of({{"organizacion", found->name}}), 303);
}

/// The dataset's own address says it to people or to programs, whichever asks.
void to_resource(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_resource(portal, catalogue, request.segment("resource"));
    const auto named = request.segment("dataset");
    if (named != dataset.id && named != dataset.name)
        throw concejo::Error(concejo::ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    reply.redirect(portal.home() + "/dataset/" + dataset.name + "#r-" + resource.id, 303);
}

}  // namespace

void register_ckan_addresses(concejo::Kernel& kernel) {
    for (const auto* address : {"/dataset", "/organization"}) kernel.bare("GET", address, to_catalogue);
    kernel.bare("GET", "/organization/:name", to_organization);
    kernel.bare("GET", "/dataset/:dataset/resource/:resource", or_gone(to_resource));
}

}  // namespace open_data
