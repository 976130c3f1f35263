#include "kernel/base/tr.hpp"
#include "kernel/tenancy/tenant.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::tenancy {

Tenants::Tenants(std::vector<std::unique_ptr<Tenant>> tenants) : tenants_(std::move(tenants)) {
    for (const auto& tenant : tenants_) {
        for (const auto& host : tenant->config.domains) {
            const auto [at, fresh] = by_host_.emplace(host, tenant.get());
            if (!fresh)
                throw concejo::Error(concejo::ErrorKind::conflict,
                                     base::tr("el dominio {0} es de dos municipios: {1} y {2}", host,
                                              at->second->config.slug, tenant->config.slug));
        }
    }
}

const Tenant* Tenants::by_host(std::string_view host) const {
    const auto found = by_host_.find(std::string(host));
    return found == by_host_.end() ? nullptr : found->second;
}

const Tenant* Tenants::by_slug(std::string_view slug) const {
    for (const auto& tenant : tenants_) {
        if (tenant->config.slug == slug) return tenant.get();
    }
    return nullptr;
}

const Tenant* Tenants::by_id(std::string_view id) const {
    for (const auto& tenant : tenants_) {
        if (tenant->id == id) return tenant.get();
    }
    return nullptr;
}

}  // namespace kernel::tenancy
