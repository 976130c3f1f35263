// The rows that an address of the table page asks for, page by page or as a file.
#pragma once

#include "row_conditions.hpp"

namespace open_data {

inline constexpr std::int64_t most_pages_of_a_table = 200;

struct TableAsked {
    RowConditions conditions;
    std::string order;  ///< a column; empty: as they were loaded
    bool descending = false;
    std::int64_t page = 1;

    /// What a file of them is made of, and kept by: RowConditions::told(), "order" and "descending".
    Json selection() const;
};
/// `fields`: of the resource, without its numbers.
TableAsked table_asked(const concejo::Request&, const std::vector<Field>& fields);

/// What stands after ORDER BY.
std::string table_order(const std::string& order, bool descending);
/// All the rows of a selection(), in its order.
RowsQuery rows_of_table(const Resource&, const Json& selection);

}  // namespace open_data
