// From an empty cluster to one that the platform can use: database, roles, extensions, kernel tables.
#pragma once

#include <string>

namespace kernel::db {

/// Repeatable; does only what is missing. `owner_dsn` is a superuser, or a role with CREATEROLE that owns the
/// database (or has CREATEDB). Creates, under an advisory lock:
/// - database "concejo" where the string names none or one that does not exist
/// - roles concejo_owner (DDL), concejo_kernel (the kernel's tables), concejo_app (login, NOINHERIT, no
/// rights)
/// - schema ext: unaccent, pg_trgm, text search configurations es ca gl eu en, fold(text)
/// - schema concejo by the kernel's migrations
/// Throws DbError; Error{forbidden} names the right that is missing; Error{invalid} where a pooler stands between.
void provision(const std::string& owner_dsn);

/// Whether every kernel migration of this program is done there. Throws DbError where it cannot be asked.
bool provisioned(const std::string& owner_dsn);

/// The string that workers use with an external database: the same login, but with the role concejo_app from
/// the first moment, so that nothing can be read outside a transaction of a tenant.
std::string app_dsn_of(const std::string& owner_dsn);

}  // namespace kernel::db
