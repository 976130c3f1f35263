#pragma once

#include "datastore_table.hpp"

namespace open_data::ckan {

Action datastore_search_action();
Action datastore_sql_action();

/// What CKAN calls by this name in place of a resource: the list of those that have rows.
inline constexpr const char* list_of_tables = "_table_metadata";
/// {"fields","records","total"} of it, as objects or lists: those that everybody may read.
Json shown_tables(Ask&, std::int64_t limit, std::int64_t offset, bool as_objects);

/// The parameters of datastore_search that say which rows, which columns and in which order.
inline constexpr const char* selecting_parameters =
    "filters q full_text distinct plain language limit offset fields sort";
/// All the rows that they select, without a limit but theirs; without "fields", all columns, `numbered`: with _id. Throws Failure.
RowsQuery query_of(const Arguments&, concejo::Transaction&, const Resource&, bool numbered);

}  // namespace open_data::ckan
