// Internal to kernel/db: names and order of migration files.
#pragma once

#include "kernel/db/migrator.hpp"

namespace kernel::db {

/// Throws Error{invalid} for a name that is not NNNN__slug.sql. `shown` stands in messages.
Migration parse_migration(const std::string& name, std::string sql, const std::string& shown);
/// Sorts; throws Error{invalid} unless the versions are 1, 2, 3 …
void check_sequence(std::vector<Migration>& migrations);

}  // namespace kernel::db
