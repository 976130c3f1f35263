#include "datastore_table.hpp"

#include "sql_names.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

struct TypeNames {
    std::string_view asked;
    const char *kind, *ckan, *sql;
};
constexpr TypeNames type_names[] = {{"int", "integer", "int4", "bigint"},
                                    {"int4", "integer", "int4", "bigint"},
                                    {"integer", "integer", "int4", "bigint"},
                                    {"int8", "integer", "int8", "bigint"},
                                    {"bigint", "integer", "int8", "bigint"},
                                    {"text", "text", "text", "text"},
                                    {"numeric", "numeric", "numeric", "numeric"},
                                    {"float", "numeric", "float8", "double precision"},
                                    {"float8", "numeric", "float8", "double precision"},
                                    {"bool", "boolean", "bool", "boolean"},
                                    {"boolean", "boolean", "bool", "boolean"},
                                    {"date", "date", "date", "date"},
                                    {"time", "time", "time", "time"},
                                    {"timestamp", "timestamp", "timestamp", "timestamp"},
                                    {"timestamptz", "timestamp", "timestamptz", "timestamptz"},
                                    {"json", "json", "json", "jsonb"},
                                    {"jsonb", "json", "json", "jsonb"}};

constexpr int deepest_filter = 8;
constexpr std::size_t longest_list = 10'000;

/// Of a table that was loaded from a file.
Column loaded_column(const std::string& name, const std::string& kind) {
    for (const auto& one : type_names)
        if (kind == one.kind) return {name, kind, kind == "integer" ? "int8" : one.ckan, one.sql, {}};
    return {name, "text", "text", "text", {}};
}

Json info_of(const Json& column) {
    if (column["info"].is_object() && !column["info"].empty()) return column["info"];
    Json info = Json::object();
    if (const auto label = text_in(column["title"], "es"); !label.empty()) info["label"] = label;
    auto notes = text_in(column["description"], "es");
    if (const auto unit = column.string_or("unit", ""); !unit.empty())
        notes += (notes.empty() ? "" : " ") + ("(" + unit + ")");
    if (!notes.empty()) info["notes"] = notes;
    return info.empty() ? Json() : info;
}

std::string value_text(const Column& column, const Json& value) {
    return column.kind == "json" ? value.dump() : text_of(value).value_or(value.dump());
}

std::string any_of_list(const Column& column, const Json& list, Parameters& parameters) {
    if (list.size() > longest_list) throw invalid("filters", "Too many values");
    std::vector<std::string> values;
    bool nothing = false;
    for (const auto& one : list.as_array())
        one.is_null() ? void(nothing = true) : values.push_back(value_text(column, one));
    const auto name = identifier(column.name);
    const auto condition =
        name + " = ANY(" + parameters.place(text_array(values)) + "::" + column.sql + "[])";
    return nothing ? "(" + condition + " OR " + name + " IS NULL)" : condition;
}

/// {"gte": 1, "lt": 9}; an object that says anything else is a value of a column of JSON.
std::optional<std::string> range_of(const Column& column, const Json& value, Parameters& parameters) {
    static constexpr std::pair<std::string_view, const char*> comparisons[] = {
        {"gte", ">="}, {"gt", ">"}, {"lte", "<="}, {"lt", "<"}, {"eq", "="}, {"ne", "IS DISTINCT FROM"}};
    if (value.empty()) return std::nullopt;
    std::string condition;
    for (const auto& [key, bound] : value.as_object()) {
        condition += condition.empty() ? "(" : " AND ";
        if (key == "in" && bound.is_array()) {
            condition += any_of_list(column, bound, parameters);
            continue;
        }
        const auto* known = std::find_if(std::begin(comparisons), std::end(comparisons),
                                         [&](const auto& one) { return one.first == key; });
        if (known == std::end(comparisons)) return std::nullopt;
        condition += identifier(column.name) + " " + known->second + " " + typed(column, bound, parameters);
    }
    return condition + ")";
}

std::string one_filter(const Column& column, const Json& value, Parameters& parameters) {
    const auto name = identifier(column.name);
    if (value.is_null()) return name + " IS NULL";
    if (value.is_array() && column.kind != "json") return any_of_list(column, value, parameters);
    if (value.is_object()) {
        if (auto range = range_of(column, value, parameters)) return *range;
        if (column.kind != "json") throw invalid("filters", "invalid value for \"" + column.name + "\"");
    }
    return name + " = " + typed(column, value, parameters);
}

std::string all_filters(const std::vector<Column>& columns, const Json& filters, Parameters& parameters,
                        int depth) {
    if (!filters.is_object()) throw invalid("filters", "Must be a JSON object");
    if (depth > deepest_filter) throw invalid("filters", "nested too deep");
    std::string condition = "true";
    for (const auto& [key, value] : filters.as_object()) {
        if (key == "$or" || key == "$and") {
            if (!value.is_array() || value.empty()) throw invalid("filters", "invalid value \"" + key + "\"");
            std::string inner;
            for (const auto& one : value.as_array())
                inner += (inner.empty()  ? ""
                          : key == "$or" ? " OR "
                                         : " AND ") +
                         ("(" + all_filters(columns, one, parameters, depth + 1) + ")");
            condition += " AND (" + inner + ")";
            continue;
        }
        const auto* column = find_column(columns, key);
        if (!column) throw invalid("filters", "invalid value \"" + key + "\"");
        condition += " AND " + one_filter(*column, value, parameters);
    }
    return condition;
}

}  // namespace

std::vector<Column> columns_of_table(const Resource& resource) {
    std::vector<Column> all{{"_id", "integer", "int", "bigint", {}}};
    if (!resource.columns.is_array()) return all;
    for (const auto& one : resource.columns.as_array()) {
        const auto name = one.string_or("name", "");
        auto column = column_of_type(name, one.string_or("ckan", ""))
                          .value_or(loaded_column(name, one.string_or("type", "text")));
        column.info = info_of(one);
        all.push_back(std::move(column));
    }
    return all;
}

const Column* find_column(const std::vector<Column>& columns, std::string_view name) {
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

std::optional<Column> column_of_type(const std::string& name, std::string_view type) {
    for (const auto& one : type_names)
        if (type == one.asked) return Column{name, one.kind, one.ckan, one.sql, {}};
    return std::nullopt;
}

Json kept_column(const Column& column) {
    Json kept = Json::object({{"name", column.name}, {"type", column.kind}, {"ckan", column.ckan}});
    if (!column.info.is_object()) return kept;
    kept["info"] = column.info;
    for (const auto& [ours, theirs] : {std::pair{"title", "label"}, {"description", "notes"}})
        if (const auto text = column.info.string_or(theirs, ""); !text.empty())
            kept[ours] = Json::object({{"es", text}});
    return kept;
}

Json shown_column(const Column& column) {
    Json shown = Json::object({{"id", column.name}, {"type", column.ckan}});
    if (!column.info.is_null()) shown["info"] = column.info;
    return shown;
}

std::string typed(const Column& column, const Json& value, Parameters& parameters) {
    return parameters.place(value_text(column, value)) + "::" + column.sql;
}

std::string condition_of_filters(const std::vector<Column>& columns, const Json& filters,
                                 Parameters& parameters) {
    return all_filters(columns, filters, parameters, 0);
}

Resource need_rows(Ask& ask, const std::string& id) {
    const auto nothing = not_found("Resource \"" + id.substr(0, 200) + "\" was not found.");
    if (!is_uuid(id)) throw nothing;
    const auto found = ask.tx.exec(
        "SELECT r.id, r.dataset, r.table_name, r.rows, r.columns, d.state, d.private FROM open_data_resource r "
        "JOIN open_data_dataset d ON d.id = r.dataset WHERE r.id = $1::uuid AND r.state = 'active' AND r.table_name IS NOT NULL",
        id);
    if (found.empty()) throw nothing;
    const auto row = found[0];
    Dataset dataset;
    dataset.id = row.text(1), dataset.state = parse_state(row.view(5)).value_or(State::draft),
    dataset.is_private = row.boolean(6);
    try {
        need_sight(ask, dataset, "read resource " + row.text(0));
    } catch (const Failure& failure) {
        if (failure.status() == 404) throw nothing;
        throw;
    }
    Resource resource;
    resource.id = row.text(0), resource.dataset = row.text(1), resource.table = row.text(2),
    resource.rows = row.integer(3);
    resource.columns = Json::parse(row.view(4));
    return resource;
}

std::pair<Dataset, Resource> need_table(Ask& ask, const std::string& id) {
    const auto nothing = [&] { return not_found("Resource \"" + id.substr(0, 200) + "\" was not found."); };
    const auto resource = ask.catalogue.resource(id);
    if (!resource) throw nothing();
    auto found = [&] {
        try {
            return need_resource(ask, id);
        } catch (const Failure& failure) {
            if (failure.status() == 404) throw nothing();
            throw;
        }
    }();
    if (!found.second.tabular()) throw nothing();
    return found;
}

}  // namespace open_data::ckan
