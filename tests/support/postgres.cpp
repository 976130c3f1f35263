#include "tests/support/postgres.hpp"

#include "kernel/base/random.hpp"
#include "kernel/db/provision.hpp"

#include <unistd.h>
#include <cstdlib>

#include "kernel/db/connection.hpp"

namespace tests {

TestCluster::TestCluster(bool durable) {
    // Not base::TempDir: PostgreSQL's account must be able to enter it, so the folder stands open (0711).
    const char* root = std::getenv("TMPDIR");
    folder_ = std::filesystem::path(root && *root ? root : "/tmp") /
              ("concejo-test-" + kernel::base::random_hex(6));
    std::filesystem::create_directories(folder_ / "run");
    using std::filesystem::perms;
    std::filesystem::permissions(folder_, perms::owner_all | perms::group_exec | perms::others_exec);
    kernel::db::ClusterOptions options;
    options.data_dir = folder_ / "db";
    options.run_dir = folder_ / "run";
    options.durable = durable;
    options.max_connections = 40;
    server_ = std::make_unique<kernel::db::EmbeddedCluster>(options);
    server_->ensure_running();
    kernel::db::provision(server_->owner_dsn());
}

TestCluster::~TestCluster() {
    server_->stop();
    std::error_code ignored;
    const auto socket_dir = server_->socket_dir();
    std::filesystem::remove_all(folder_, ignored);
    std::filesystem::remove(socket_dir, ignored);  // where it had to be a short one elsewhere
}

std::unique_ptr<kernel::db::Pool> TestCluster::pool(std::size_t size) const {
    kernel::db::PoolOptions options;
    options.dsn = app_dsn();
    options.size = size;
    return std::make_unique<kernel::db::Pool>(options);
}

kernel::db::Tenant TestCluster::tenant(const std::string& id, const std::string& ddl) {
    const auto tenant = kernel::db::Tenant::of(id);
    kernel::db::Migrator migrator(owner_dsn());
    migrator.create_tenant(tenant);
    if (!ddl.empty()) {
        kernel::db::Migration migration{1, "test", ddl, kernel::base::random_hex(32), "test.sql"};
        const auto result = migrator.migrate(tenant, {"test_" + kernel::base::random_hex(4), {migration}});
        if (!result.ok()) throw concejo::Error(concejo::ErrorKind::internal, *result.error);
    }
    return tenant;
}

std::string TestCluster::superuser(const std::string& sql) const {
    kernel::db::Connection connection(owner_dsn());
    const auto rows = connection.exec(sql);
    return rows.empty() || rows.columns() == 0 ? std::string() : rows.text(0, 0);
}

TestCluster& cluster() {
    static TestCluster one;
    return one;
}

}  // namespace tests
