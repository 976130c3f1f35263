// PostgreSQL's own dump and script programs, run against one database.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kernel::db {

/// A municipality's schema as an SQL script, as it was at `snapshot` (Snapshot::id()). Throws
/// Error{unavailable} with pg_dump's own words.
void dump_schema(const std::string& owner_dsn, const std::string& schema, const std::string& snapshot,
                 const std::filesystem::path& to);

/// Runs the scripts in order as one transaction: all or nothing. Throws Error{conflict} with psql's words.
void run_scripts(const std::string& owner_dsn, const std::vector<std::filesystem::path>& scripts);

}  // namespace kernel::db
