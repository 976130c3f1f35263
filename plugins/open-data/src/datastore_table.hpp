// A resource's rows as CKAN's datastore has them: its columns, their types in three tongues, and conditions on them.
#pragma once

#include "ckan_access.hpp"
#include "ckan_sql.hpp"
#include "records.hpp"

namespace open_data::ckan {

struct Column {
    std::string name;
    std::string kind;  ///< as records.hpp knows it; "json" besides
    std::string ckan;  ///< as the API calls it: int8, text, bool …
    std::string sql;
    Json info;  ///< {"label","notes"} and whatever else was said of it; null where nothing was
};
/// `_id` first.
std::vector<Column> columns_of_table(const Resource&);
/// Nothing else gets into a statement as a name. Null: there is no such column.
const Column* find_column(const std::vector<Column>&, std::string_view name);

/// Of what clients may say when they make a column: "int4", "float" … Nullopt: there is no such type.
std::optional<Column> column_of_type(const std::string& name, std::string_view type);
/// As it is kept in Resource::columns.
Json kept_column(const Column&);
/// {"id","type","info"}.
Json shown_column(const Column&);

/// {"año": [2020, 2021], "importe": {"gte": 1}, "$or": [{…}, {…}]} as a condition; throws for what is no column.
std::string condition_of_filters(const std::vector<Column>&, const Json& filters, Parameters&);
/// "CAST of a parameter" to the column's type.
std::string typed(const Column&, const Json& value, Parameters&);

/// The same, of which only what its rows are read by is filled: id, dataset, table, rows, columns. One statement.
Resource need_rows(Ask&, const std::string& id);
/// The resource that a datastore action is about, with rows; CKAN's refusals else.
std::pair<Dataset, Resource> need_table(Ask&, const std::string& id);

}  // namespace open_data::ckan
