// A municipality as the running kernel sees it: its configuration, its place in the database, its modules.
#pragma once

#include "kernel/config/installation.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kernel::tenancy {

struct Tenant {
    config::MunicipioConfig config;
    std::string id;                                            ///< never changes: the INE code or `id:`
    std::string schema;                                        ///< "m_<id>": schema and role in the database
    std::set<std::string> modules;                             ///< plugin ids that serve this municipality
    std::unordered_map<std::string, std::string> unavailable;  ///< plugin id -> why it answers 503 here

    bool has(std::string_view plugin) const { return modules.count(std::string(plugin)) != 0; }
};

/// The municipalities of this generation. Immutable once built: a change is a new generation of workers.
class Tenants {
public:
    explicit Tenants(std::vector<std::unique_ptr<Tenant>> tenants);

    /// By Host header, exact match, lower case without port; nullptr for an unknown host (421).
    const Tenant* by_host(std::string_view host) const;
    const Tenant* by_slug(std::string_view slug) const;
    const Tenant* by_id(std::string_view id) const;
    const std::vector<std::unique_ptr<Tenant>>& all() const { return tenants_; }

private:
    std::vector<std::unique_ptr<Tenant>> tenants_;
    std::unordered_map<std::string, const Tenant*> by_host_;
};

}  // namespace kernel::tenancy
