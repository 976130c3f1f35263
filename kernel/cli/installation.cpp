#include "kernel/cli/installation.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/runtime/installation_keys.hpp"
#include "kernel/runtime/privileges.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::cli {

using concejo::Error;
using concejo::ErrorKind;

Installation::Installation(const Context& context)
    : paths_(context.paths()), configuration_(runtime::read_configuration(paths_, paths_.config())) {
    if (!configuration_.installation.usable)
        throw Error(ErrorKind::invalid, base::tr("la configuración de {0} tiene errores:\n{1}",
                                                 paths_.config().string(), problems().text()));
    runtime::hand_over_folders(paths_, platform());
    runtime::drop_privileges(platform());
    database_ = std::make_unique<runtime::DatabaseSession>(paths_, platform());
    databases_ = std::make_unique<runtime::Databases>(paths_, platform(), "concejo");
    std::vector<std::unique_ptr<tenancy::Tenant>> placed;
    for (const auto& municipio : municipios()) {
        placed.push_back(std::make_unique<tenancy::Tenant>());
        placed.back()->config = municipio;
        placed.back()->id = municipio.id;
        placed.back()->schema = db::Tenant::of(municipio.id).schema;
    }
    tenants_ = std::make_unique<tenancy::Tenants>(std::move(placed));
    blobs_ = runtime::open_store(platform(), *tenants_, *databases_);
}

const config::MunicipioConfig& Installation::municipio(const std::string& slug) const {
    if (const auto* found = configuration_.installation.find(slug)) return *found;
    std::string known;
    for (const auto& municipio : municipios()) known += (known.empty() ? "" : ", ") + municipio.slug;
    throw Error(ErrorKind::invalid, base::tr("no hay ningún municipio «{0}»; los que hay: {1}", slug, known));
}

runtime::Dsn Installation::dsn_of(const config::MunicipioConfig& municipio) const {
    return runtime::dsn_of(paths_, platform(),
                           municipio.database.empty() ? platform().default_database : municipio.database);
}

std::vector<std::string> Installation::owner_dsns() const {
    std::vector<std::string> all{runtime::dsn_of(paths_, platform(), platform().default_database).owner};
    for (const auto& [name, database] : platform().databases)
        if (name != platform().default_database)
            all.push_back(runtime::dsn_of(paths_, platform(), name).owner);
    return all;
}

identity::Keys Installation::keys() const { return runtime::installation_keys(platform()); }

}  // namespace kernel::cli
