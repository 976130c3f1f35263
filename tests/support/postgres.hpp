// A private PostgreSQL for a test program: provisioned, in a folder of its own, gone at the end.
#pragma once

#include "kernel/db/cluster.hpp"
#include "kernel/db/migrator.hpp"
#include "kernel/db/pool.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tests {

class TestCluster {
public:
    /// Not durable (no fsync) unless asked for.
    explicit TestCluster(bool durable = false);
    ~TestCluster();

    kernel::db::EmbeddedCluster& server() { return *server_; }
    std::string app_dsn() const { return server_->app_dsn(); }
    std::string owner_dsn() const { return server_->owner_dsn(); }
    const std::filesystem::path& folder() const { return folder_; }

    /// A pool of its own for the caller.
    std::unique_ptr<kernel::db::Pool> pool(std::size_t size = 8) const;
    /// Schema and role, with these statements run by the owner in the schema (DML rights granted afterwards).
    kernel::db::Tenant tenant(const std::string& id, const std::string& ddl = {});
    /// One statement as superuser in database concejo; the first value of the first row.
    std::string superuser(const std::string& sql) const;

private:
    std::filesystem::path folder_;
    std::unique_ptr<kernel::db::EmbeddedCluster> server_;
};

/// One for the whole program, made at the first call.
TestCluster& cluster();

}  // namespace tests
