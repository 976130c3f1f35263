// What a search of rows asks for, as parts of one statement.
#pragma once

#include "datastore_table.hpp"

namespace open_data::ckan {

inline constexpr std::int64_t usual_records = 100, most_records = 32'000;

/// What rows are selected by, and where the answer comes from.
struct Wanted {
    const Arguments& args;
    concejo::Transaction& tx;
    const concejo::Call* call =
        nullptr;  ///< asks for an index of words where it is worth one; or goes without
};

/// What one request asks for, as parts of a statement.
struct Selection {
    std::vector<Column> columns;                             ///< those of the table
    std::vector<Column> shown;                               ///< those of the answer
    std::vector<std::string> expressions;                    ///< one for each shown
    std::vector<std::pair<std::string, std::string>> ranks;  ///< name, expression
    std::string where = "true", order, from;
    Parameters parameters;
    bool filtered = false, distinct = false;
    std::int64_t limit = usual_records, offset = 0;
};

/// Throws Failure where a field, an order or a filter is of no column.
Selection selection_of(const Wanted&, const Resource&);
/// The statement without its page; `listed`: expressions as they stand in it.
std::string statement_of(const Selection&);
std::string listed(const std::vector<std::string>& expressions);

}  // namespace open_data::ckan
