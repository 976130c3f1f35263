#include "kernel/runtime/databases.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/db/provision.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kernel::runtime {

bool uses_embedded_cluster(const config::PlatformConfig& platform) {
    return std::any_of(platform.databases.begin(), platform.databases.end(),
                       [](const auto& entry) { return entry.second.embedded(); });
}

std::unique_ptr<db::EmbeddedCluster> embedded_cluster(const paths::Paths& paths,
                                                      const config::PlatformConfig& platform) {
    db::ClusterOptions options;
    options.data_dir = platform.data / "postgresql";
    options.run_dir = paths.run();
    options.os_user = platform.user;
    // Two generations of workers beside each other, the job workers, the command line and some room.
    const auto per_worker = platform.databases.begin()->second.connections;
    options.max_connections = 2 * (platform.http.workers + platform.job_workers) * (per_worker + 2) + 20;
    return std::make_unique<db::EmbeddedCluster>(std::move(options));
}

Dsn dsn_of(const paths::Paths& paths, const config::PlatformConfig& platform, const std::string& database) {
    const auto found = platform.databases.find(database);
    if (found == platform.databases.end())
        throw concejo::Error(concejo::ErrorKind::internal,
                             base::tr("platform.yaml no tiene la base de datos «{}»", database));
    if (found->second.embedded()) {
        const auto cluster = embedded_cluster(paths, platform);
        return {cluster->app_dsn(), cluster->owner_dsn()};
    }
    const auto& owner = found->second.dsn.reveal();
    return {db::app_dsn_of(owner), owner};
}

Databases::Databases(const paths::Paths& paths, const config::PlatformConfig& platform,
                     const std::string& application)
    : default_(platform.default_database) {
    for (const auto& [name, database] : platform.databases) {
        db::PoolOptions options;
        options.dsn = dsn_of(paths, platform, name).app;
        options.size = database.connections;
        options.application = application;
        options.name = name;
        pools_.emplace(name, std::make_unique<db::Pool>(std::move(options)));
    }
}

db::Pool& Databases::named(const std::string& database) {
    const auto found = pools_.find(database.empty() ? default_ : database);
    if (found == pools_.end())
        throw concejo::Error(concejo::ErrorKind::internal,
                             base::tr("no hay ninguna base de datos «{}»", database));
    return *found->second;
}

db::Pool& Databases::of(const tenancy::Tenant& tenant) { return named(tenant.config.database); }

}  // namespace kernel::runtime
