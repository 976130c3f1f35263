// The embedded cluster in the supervisor's hands, and databases made ready before workers use them.
#pragma once

#include "kernel/config/platform_config.hpp"
#include "kernel/db/cluster.hpp"
#include "kernel/paths/paths.hpp"
#include "kernel/supervisor/supervisor.hpp"

#include <memory>

namespace kernel::runtime {

/// Null where every database is external.
std::unique_ptr<supervisor::DatabaseKeeper> database_keeper(const paths::Paths&,
                                                            const config::PlatformConfig&);

/// Roles, extensions and kernel tables on every database of platform.yaml. Repeatable.
void provision_databases(const paths::Paths&, const config::PlatformConfig&);

/// For the command line: the embedded cluster runs while this lives; it is stopped at the end where nobody
/// else uses it.
class DatabaseSession {
public:
    DatabaseSession(const paths::Paths&, const config::PlatformConfig&);
    ~DatabaseSession();

private:
    std::unique_ptr<db::EmbeddedCluster> cluster_;
};

}  // namespace kernel::runtime
