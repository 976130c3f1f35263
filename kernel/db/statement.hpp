// Which statements may be run for others.
#pragma once

#include <string_view>

namespace kernel::db {

/// Throws Error{invalid} unless the text is one SELECT, WITH, VALUES, TABLE, INSERT, UPDATE, DELETE, MERGE,
/// LOCK or EXPLAIN, or DECLARE, FETCH or CLOSE of a cursor that ends with its transaction (with `copy`: one
/// COPY), and for calls of functions that change the session (set_config, session advisory locks …). No wall
/// against hostile SQL (SET ROLE is none either): it catches mistakes before they leak into another
/// municipality.
void check_statement(std::string_view sql, bool copy = false);

}  // namespace kernel::db
