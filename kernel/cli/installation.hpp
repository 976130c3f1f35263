// For commands that work on the data of an installation without its plugins: its configuration, and its
// databases running for as long as it lives.
#pragma once

#include "kernel/cli/commands.hpp"
#include "kernel/identity/keys.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/database_keeper.hpp"
#include "kernel/runtime/databases.hpp"
#include "kernel/runtime/files.hpp"

namespace kernel::cli {

class Installation {
public:
    /// Throws Error{invalid} where the configuration cannot serve.
    explicit Installation(const Context&);

    const paths::Paths& paths() const { return paths_; }
    const config::PlatformConfig& platform() const { return configuration_.installation.platform; }
    const std::vector<config::MunicipioConfig>& municipios() const {
        return configuration_.installation.municipios;
    }
    /// Throws Error{invalid} naming those that there are.
    const config::MunicipioConfig& municipio(const std::string& slug) const;
    const config::Problems& problems() const { return configuration_.installation.problems; }
    runtime::Dsn dsn_of(const config::MunicipioConfig&) const;
    std::vector<std::string> owner_dsns() const;  ///< the default database's first
    identity::Keys keys() const;
    /// The store of contents that the configuration names.
    blobs::Store& blobs() { return *blobs_; }

private:
    paths::Paths paths_;
    runtime::Configuration configuration_;
    std::unique_ptr<runtime::DatabaseSession> database_;
    std::unique_ptr<runtime::Databases> databases_;
    std::unique_ptr<tenancy::Tenants> tenants_;
    std::unique_ptr<blobs::Store> blobs_;
};

}  // namespace kernel::cli
