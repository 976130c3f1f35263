// Statements of strangers. `SET ROLE` is no wall against SQL that somebody else wrote: each municipality has
// a login for them (r_<id>, made by the Migrator), which may read the views that it was shown and nothing
// else.
#pragma once

#include "kernel/db/pool.hpp"

#include <functional>
#include <span>
#include <vector>

namespace kernel::db {

/// "r_<id>": name of the login and of the schema of its views.
std::string reader_name(const Tenant&);

struct ReaderLimits {
    std::size_t rows = 32'000;
    std::size_t bytes = 64u << 20;  ///< of all values; past it Error{invalid}
    std::chrono::milliseconds statement{5'000};
};
struct ReaderColumn {
    std::string name;
    std::string type;  ///< as pg_type has it: "int8", "text"
};
struct ReaderTakes {
    std::function<void(const std::vector<ReaderColumn>&)> columns;  ///< once, before the first row
    std::function<void(std::span<const std::optional<std::string_view>>)> row;
};

/// One SELECT, in a session and a read-only transaction of its own, gone afterwards. Throws DbError as the
/// server says it (a statement that is none or changes anything is invalid), and Error{unavailable} where too
/// many are being answered.
void read_for_stranger(Pool& application, const Tenant&, std::string_view sql, const ReaderLimits&,
                       const ReaderTakes&);

}  // namespace kernel::db
