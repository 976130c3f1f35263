// One pool for each cluster that municipalities are placed on.
#pragma once

#include "kernel/config/platform_config.hpp"
#include "kernel/db/cluster.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/paths/paths.hpp"
#include "kernel/plugins/services.hpp"

#include <map>
#include <memory>
#include <string>

namespace kernel::runtime {

/// Connection strings of one database of platform.yaml.
struct Dsn {
    std::string app;    ///< the workers' login, without rights of its own
    std::string owner;  ///< provisions and migrates
};

/// The embedded cluster of the installation; its settings come from platform.yaml.
std::unique_ptr<db::EmbeddedCluster> embedded_cluster(const paths::Paths&, const config::PlatformConfig&);
bool uses_embedded_cluster(const config::PlatformConfig&);
Dsn dsn_of(const paths::Paths&, const config::PlatformConfig&, const std::string& database);

class Databases : public plugins::Databases {
public:
    /// Connects to nothing yet. `application` as pg_stat_activity shows it.
    Databases(const paths::Paths&, const config::PlatformConfig&, const std::string& application);

    db::Pool& of(const tenancy::Tenant&) override;
    db::Pool& named(const std::string& database);
    const std::map<std::string, std::unique_ptr<db::Pool>>& all() const { return pools_; }

private:
    std::map<std::string, std::unique_ptr<db::Pool>> pools_;
    std::string default_;
};

}  // namespace kernel::runtime
