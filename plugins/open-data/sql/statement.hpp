// A SELECT that somebody else wrote, read with PostgreSQL's own parser and let through only where everything
// in it is known.
#pragma once

#include <concejo/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace open_data::sql {

inline constexpr std::size_t longest_statement = 8 << 10;  ///< bytes

struct Statement {
    std::string text;                    ///< as it is to be run: the parser's writing of what was judged
    std::vector<std::string> resources;  ///< the tables that it names, UUIDs in lower case, each once
    std::vector<std::string> members;    ///< names after a dot that it does not declare: they must be columns
};

struct NotAllowed {
    enum class Why { syntax, no_select, table, function, other };
    Why why;
    std::string what;  ///< the parser's message, or the name of the table, function, operator, type or node
};

/// Tables are UUIDs, without a schema. Pure: nothing is looked up. Any thread.
concejo::Result<Statement, NotAllowed> read_statement(std::string_view text);

}  // namespace open_data::sql
