#include "kernel/runtime/database_keeper.hpp"

#include "kernel/db/provision.hpp"
#include "kernel/runtime/databases.hpp"

namespace kernel::runtime {
namespace {

class Keeper : public supervisor::DatabaseKeeper {
public:
    explicit Keeper(std::unique_ptr<db::EmbeddedCluster> cluster) : cluster_(std::move(cluster)) {}
    void ensure_running() override { cluster_->ensure_running(); }
    bool alive() override { return cluster_->alive(); }
    void stop() override { cluster_->stop_if_last(); }

private:
    std::unique_ptr<db::EmbeddedCluster> cluster_;
};

}  // namespace

std::unique_ptr<supervisor::DatabaseKeeper> database_keeper(const paths::Paths& paths,
                                                            const config::PlatformConfig& platform) {
    if (!uses_embedded_cluster(platform)) return nullptr;
    return std::make_unique<Keeper>(embedded_cluster(paths, platform));
}

void provision_databases(const paths::Paths& paths, const config::PlatformConfig& platform) {
    for (const auto& [name, database] : platform.databases) {
        const auto dsn = dsn_of(paths, platform, name);
        bool ready = false;
        try {
            ready = db::provisioned(dsn.owner);
        } catch (const concejo::Error&) {
            // A database that does not exist yet cannot be asked: provision() makes it, or says what is
            // wrong.
        }
        if (!ready) db::provision(dsn.owner);
    }
}

DatabaseSession::DatabaseSession(const paths::Paths& paths, const config::PlatformConfig& platform) {
    if (uses_embedded_cluster(platform)) {
        cluster_ = embedded_cluster(paths, platform);
        cluster_->ensure_running();
    }
    provision_databases(paths, platform);
}

DatabaseSession::~DatabaseSession() {
    if (cluster_) cluster_->stop_if_last();
}

}  // namespace kernel::runtime
