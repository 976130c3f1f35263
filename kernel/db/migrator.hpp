// Schemas of municipalities and the migrations of plugins in them.
#pragma once

#include "kernel/db/transaction.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kernel::db {

/// migrations/0001__slug.sql
struct Migration {
    int version = 0;
    std::string slug;
    std::string sql;
    std::string sha256;  ///< of the file's bytes, hexadecimal
    std::string file;    ///< for messages
};

/// In order of version, 1, 2, 3 … Throws Error{invalid} naming the files for gaps, duplicates, foreign names.
/// A folder that does not exist has none.
std::vector<Migration> read_migrations(const std::filesystem::path& folder);

struct PluginMigrations {
    std::string plugin;
    std::vector<Migration> migrations;
};

struct MigrationResult {
    std::string tenant, plugin;
    int applied = 0;                   ///< by this call
    std::optional<std::string> error;  ///< why this plugin answers 503 for this tenant; others go on
    bool ok() const noexcept { return !error; }
};

class Migrator {
public:
    explicit Migrator(std::string owner_dsn);
    ~Migrator();

    /// Schema and role m_<id>, and the row in concejo.tenants. Repeatable.
    void create_tenant(const Tenant& tenant);
    bool tenant_exists(const Tenant& tenant);

    /// Applies what is missing, each in its own transaction. Stops at the first that fails; the ones before
    /// it stay. Never throws for what is this tenant's or this plugin's own trouble; DbError where the
    /// database is away.
    MigrationResult migrate(const Tenant& tenant, const PluginMigrations& plugin);
    /// Creates the tenants, then each plugin in each.
    std::vector<MigrationResult> migrate_all(const std::vector<Tenant>& tenants,
                                             const std::vector<PluginMigrations>& plugins);
    /// How many of these are not done yet; -1 where the tenant does not exist.
    int pending(const Tenant& tenant, const PluginMigrations& plugin);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kernel::db
