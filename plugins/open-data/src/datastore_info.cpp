// datastore_info: a table's columns, indexes and sizes.
#include "datastore_search.hpp"

#include "sql_names.hpp"

#include <map>

namespace open_data::ckan {
namespace {

struct Index {
    std::string name;
    bool unique = false;
};

/// By column; of several, a unique one.
std::map<std::string, Index> indexes_of(Ask& ask, const std::string& table) {
    std::map<std::string, Index> all;
    const auto rows = ask.tx.exec(
        "SELECT a.attname, c.relname, i.indisunique AND i.indnkeyatts = 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) WHERE i.indrelid = to_regclass($1) ORDER BY 3",
        identifier(table));
    for (const auto row : rows) all[row.text(0)] = {row.text(1), row.boolean(2)};
    return all;
}

const char* native_type(const Column& column) {
    if (column.kind == "json") return "nested";
    if (column.ckan == "int4") return "integer";
    if (column.sql == "timestamp") return "timestamp without time zone";
    if (column.sql == "timestamptz") return "timestamp with time zone";
    return column.sql == "time" ? "time without time zone" : column.sql.c_str();
}

std::string datastore_info(Ask& ask) {
    const auto id = ask.args.text("id").empty() ? ask.args.text("resource_id") : ask.args.text("id");
    if (id.empty()) throw missing("id");
    const auto resource = need_table(ask, id).second;
    const auto sizes = ask.tx.exec(
        "SELECT pg_table_size(t), pg_total_relation_size(t), pg_indexes_size(t) FROM to_regclass($1) t",
        identifier(resource.table));
    const auto indexes = indexes_of(ask, resource.table);
    Json fields = Json::array();
    const auto columns = columns_of_table(resource);
    for (std::size_t i = 1; i < columns.size(); ++i) {
        auto shown = shown_column(columns[i]);
        const auto index = indexes.find(columns[i].name);
        const bool indexed = index != indexes.end();
        shown["schema"] = Json::object({{"native_type", native_type(columns[i])},
                                        {"notnull", false},
                                        {"index_name", indexed ? Json(index->second.name) : Json()},
                                        {"is_index", indexed},
                                        {"uniquekey", indexed && index->second.unique}});
        fields.push_back(std::move(shown));
    }
    // How large the whole database is, is the installation's affair: this is the table with all that is its own.
    return Json::object({{"meta", Json::object({{"id", resource.id},
                                                {"count", resource.rows},
                                                {"table_type", "BASE TABLE"},
                                                {"size", sizes[0].integer(0)},
                                                {"db_size", sizes[0].integer(1)},
                                                {"idx_size", sizes[0].integer(2)},
                                                {"aliases", Json::array()}})},
                         {"fields", std::move(fields)}})
        .dump();
}

}  // namespace

std::vector<Action> datastore_reads() {
    return {datastore_search_action(),
            datastore_sql_action(),
            {"datastore_info", datastore_info, false, "id resource_id include_meta include_fields_schema",
             "Return what columns a resource's rows have."}};
}

}  // namespace open_data::ckan
