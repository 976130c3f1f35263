#include "table_rows.hpp"

#include "resource_pages.hpp"
#include "sql_names.hpp"

#include <algorithm>

namespace open_data {

Json TableAsked::selection() const {
    auto told = conditions.told();
    told["order"] = order, told["descending"] = descending;
    return told;
}

TableAsked table_asked(const concejo::Request& request, const std::vector<Field>& fields) {
    TableAsked asked{RowConditions(request, fields), request.query("orden").value_or(""),
                     request.query("sentido").value_or("") == "desc"};
    const bool known = std::any_of(fields.begin(), fields.end(),
                                   [&](const auto& field) { return field.name == asked.order; });
    if (!known) asked.order.clear(), asked.descending = false;
    asked.page = page_asked(request, most_pages_of_a_table);
    return asked;
}

std::string table_order(const std::string& order, bool descending) {
    return (order.empty() ? std::string()
                          : identifier(order) + (descending ? " DESC" : "") + " NULLS LAST, ") +
           "_id";
}

RowsQuery rows_of_table(const Resource& resource, const Json& selection) {
    RowsQuery query;
    query.fields = fields_of(resource);
    query.fields.erase(query.fields.begin());
    const auto wanted = selection.string_or("order", "");
    const bool known = std::any_of(query.fields.begin(), query.fields.end(),
                                   [&](const auto& field) { return field.name == wanted; });
    const auto where = RowConditions(selection, query.fields).where(query.parameters, is_long(resource));
    query.statement = "SELECT " + select_list(query.fields) + " FROM " + identifier(resource.table) +
                      " WHERE " + where + " ORDER BY " +
                      table_order(known ? wanted : std::string(), selection.bool_or("descending", false));
    return query;
}

}  // namespace open_data
