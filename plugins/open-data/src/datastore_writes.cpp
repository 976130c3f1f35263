// datastore_create, _upsert and _delete. A table that was loaded from a file is a version of its resource: what is made
// here is another one beside it.
#include "ckan_show.hpp"
#include "ckan_values.hpp"
#include "datastore_rows.hpp"
#include "dump.hpp"
#include "harvested.hpp"
#include "news.hpp"

#include "profile.hpp"
#include "sql_names.hpp"
#include "words_index.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

constexpr const char* create_parameters =
    "resource_id resource force aliases fields records primary_key indexes triggers calculate_record_count include_records delete_fields total_estimation_threshold method";
constexpr const char* upsert_parameters =
    "resource_id force records method calculate_record_count dry_run include_records";
constexpr const char* delete_parameters =
    "resource_id id force filters calculate_record_count include_deleted_records";

/// A recipe is how a file was read: these rows are that file's.
bool of_file(const Resource& r) { return r.recipe.is_object(); }

constexpr const char* updating = "update resource";

/// Files are what was published: nobody writes into them by mistake.
void need_writable(const Ask& ask, const Resource& r) {
    if (r.meta["origin"].is_object()) throw invalid("read-only", "It is harvested from another catalogue");
    if (r.meta.string_or("url_type", "") == "datastore" || ask.args.flag("force", false)) return;
    throw invalid(
        "read-only",
        "Cannot edit read-only resource. Either pass\"force=True\" or change url_type to \"datastore\"");
}

Resource table_to_write(Ask& ask, const std::string& id) {
    auto [dataset, resource] = need_table(ask, id);
    need_capacity(ask, dataset.id, updating);
    need_writable(ask, resource);
    return std::move(resource);
}

/// Nobody else writes to its rows until this ends.
Resource locked(Ask& ask, const Resource& r) {
    ask.tx.exec("SELECT FROM open_data_resource WHERE id = $1::uuid FOR UPDATE", r.id);
    return ask.catalogue.resource(r.id).value_or(r);
}

void note_rows(Ask& ask, const Resource& r, std::int64_t more) {
    ask.tx.exec(
        "UPDATE open_data_resource SET rows = greatest(rows + $2::bigint, 0), modified_at = now(), data_at = now() WHERE id = $1::uuid",
        r.id, more);
    ask.tx.exec("UPDATE open_data_dataset SET modified_at = now() WHERE id = $1::uuid", r.dataset);
    if (const auto dataset = ask.catalogue.find(r.dataset); dataset && dataset->visible())
        note_version(ask.tx, *dataset);
    forget_dumps(ask.request, ask.tx, r.id, r.version);
    profile_later(ask.request, ask.tx, r);
    forget_words(ask.request, ask.tx, r.table);
    ask.request.audit(ask.tx, "open-data.cambiar", r.id, "ok", Json::object({{"filas", more}}));
    ask.request.pages_changed(ask.tx);
}

Column asked_column(const Json& field, const Json& records) {
    const auto name = field.string_or("id", "");
    const bool blank = name.empty() || name.front() == ' ' || name.back() == ' ';
    if (blank || name.front() == '_' || name.find('"') != std::string::npos ||
        name.find('\0') != std::string::npos || name.size() > longest_identifier)
        throw invalid("fields", "\"" + name.substr(0, 200) + "\" is not a valid field name");
    auto type = field.string_or("type", "");
    if (type.empty()) {
        const auto& value =
            records.is_array() && !records.empty() ? records.as_array().front()[name] : Json();
        type = value.is_int()                          ? "int8"
               : value.is_double()                     ? "numeric"
               : value.is_bool()                       ? "bool"
               : value.is_object() || value.is_array() ? "json"
                                                       : "text";
    }
    auto column = column_of_type(name, type);
    if (!column) throw invalid("fields", "\"" + type.substr(0, 200) + "\" is not a valid field type");
    if (field["info"].is_object()) column->info = field["info"];
    return *column;
}

std::vector<Column> asked_columns(const Ask& ask, const Json& records) {
    std::vector<Column> all;
    auto fields = ask.args.tree("fields");
    if (fields.is_null() && records.is_array() && !records.empty() &&
        records.as_array().front().is_object()) {
        fields = Json::array();
        for (const auto& [name, value] : records.as_array().front().as_object())
            fields.push_back(Json::object({{"id", name}}));
    }
    if (fields.is_null()) return all;
    if (!fields.is_array()) throw invalid("fields", "Must be a list");
    for (const auto& one : fields.as_array()) {
        auto column = asked_column(one, records);
        if (find_column(all, column.name)) throw invalid("fields", "duplicate column names not allowed");
        all.push_back(std::move(column));
    }
    return all;
}

Json described(const Column& column) { return Json::object({{"name", column.name}, {"type", column.sql}}); }

void make_rows_table(Ask& ask, Resource& r, const std::vector<Column>& columns) {
    r.table = "open_data_t" + ask.tx.exec("SELECT nextval('open_data_table_number')")[0].text(0);
    Json list = Json::array({Json::object({{"name", "_id"}, {"type", "bigint"}, {"required", true}})}),
         kept = Json::array();
    for (const auto& one : columns) list.push_back(described(one)), kept.push_back(kept_column(one));
    ask.request.make_table(ask.tx, Json::object({{"table", r.table}, {"columns", std::move(list)}}));
    ask.request.change_table(ask.tx, Json::object({{"table", r.table}, {"key", Json::array({"_id"})}}));
    r.version += 1, r.rows = 0, r.columns = std::move(kept), r.recipe = Json();
    r.meta["primary_key"] = Json::array(), r.meta["key_index"] = "";
    ask.tx.exec(
        "INSERT INTO open_data_version (resource, number, table_name, report, loaded_by) VALUES ($1::uuid, $2, $3, '{}', $4)",
        r.id, r.version, r.table, ask.portal.by());
}

/// New columns at the end; of known ones, what is said of them.
void widen_table(Ask& ask, Resource& r, const std::vector<Column>& columns) {
    const auto there = columns_of_table(r);
    Json added = Json::array();
    for (const auto& one : columns) {
        if (const auto* known = find_column(there, one.name)) {
            if (known->sql != one.sql)
                throw invalid("fields", "the type of \"" + one.name + "\" cannot change");
            for (auto& kept : r.columns.as_array())
                if (kept.string_or("name", "") == one.name && one.info.is_object()) kept = kept_column(one);
            continue;
        }
        added.push_back(described(one));
        r.columns.push_back(kept_column(one));
    }
    if (!added.empty())
        ask.request.change_table(ask.tx, Json::object({{"table", r.table}, {"add", std::move(added)}}));
}

Json names_of(const std::vector<Column>& columns, const std::vector<std::string>& names,
              const char* parameter) {
    Json list = Json::array();
    for (const auto& one : names) {
        if (!find_column(columns, one))
            throw invalid(parameter, "field \"" + one.substr(0, 200) + "\" is not present");
        list.push_back(one);
    }
    return list;
}

std::string next_index_name(Ask& ask) {
    return "open_data_i" + ask.tx.exec("SELECT nextval('open_data_table_number')")[0].text(0);
}

void add_indexes(Ask& ask, Resource& r) {
    const auto columns = columns_of_table(r);
    Json indexes = Json::array(), dropped = Json::array();
    if (const auto key = ask.args.list("primary_key"); !key.empty()) {
        if (const auto old = r.meta.string_or("key_index", ""); !old.empty()) dropped.push_back(old);
        r.meta["primary_key"] = names_of(columns, key, "primary_key"),
        r.meta["key_index"] = next_index_name(ask);
        indexes.push_back(Json::object({{"name", r.meta["key_index"]},
                                        {"columns", r.meta["primary_key"]},
                                        {"method", "btree"},
                                        {"unique", true}}));
    }
    for (const auto& one : ask.args.list("indexes"))
        indexes.push_back(Json::object({{"name", next_index_name(ask)},
                                        {"columns", names_of(columns, {one}, "indexes")},
                                        {"method", "btree"}}));
    if (indexes.empty()) return;
    try {
        ask.request.change_table(ask.tx, Json::object({{"table", r.table},
                                                       {"index", std::move(indexes)},
                                                       {"drop_index", std::move(dropped)}}));
    } catch (const concejo::Error& error) {
        if (error.kind() == concejo::ErrorKind::conflict)
            throw invalid("primary_key", "rows that are there have the same key");
        throw;
    }
}

std::vector<std::string> key_of(const Resource& r) {
    return of_file(r) ? std::vector<std::string>() : Arguments(r.meta).list("primary_key");
}

/// The resource that is named, or the one that is described, which is made.
Resource resource_to_fill(Ask& ask) {
    const auto description = ask.args.tree("resource");
    if (!description.is_object()) {
        const auto id = ask.args.text("resource_id");
        if (id.empty()) throw invalid("resource_id", "Missing value");
        const auto found = ask.catalogue.resource(id);
        if (!found) throw invalid("resource_id", "Not found: Resource");
        need_capacity(ask, found->dataset, updating);
        need_writable(ask, *found);
        return locked(ask, *found);
    }
    const auto dataset = ask.catalogue.find(description.string_or("package_id", ""));
    if (!dataset) throw invalid("resource", "Not found: Dataset");
    need_capacity(ask, dataset->id, updating);
    need_own(*dataset);
    Resource fresh;
    fresh.dataset = dataset->id;
    apply_resource(ask, fresh, description, Change::create);
    fresh.meta["url_type"] = "datastore";
    if (fresh.format.empty()) fresh.format = "CSV";
    return ask.catalogue.insert(fresh);
}

std::string datastore_create(Ask& ask) {
    ask.need_user(updating);
    ask.args.only(create_parameters);
    auto resource = resource_to_fill(ask);
    for (const auto* key : {"aliases", "triggers"})
        if (const auto given = ask.args.tree(key);
            given.is_array() ? !given.empty() : !text_of(given).value_or("").empty())
            throw invalid(key, "Not supported");
    const auto records = ask.args.tree("records");
    const auto columns = asked_columns(ask, records);
    if (!resource.tabular() || of_file(resource))
        make_rows_table(ask, resource, columns);
    else
        widen_table(ask, resource, columns);
    add_indexes(ask, resource);
    ask.catalogue.update(resource);
    const auto method = ask.args.text("method");
    RowWriter writer(ask, resource, key_of(resource));
    const auto more = records.is_null()    ? 0
                      : method == "upsert" ? writer.upsert(records)
                                           : writer.insert(records);
    note_rows(ask, resource, more);
    Json result = Json::object();
    if (ask.args.has("primary_key")) result["primary_key"] = ask.args.tree("primary_key");
    result["resource_id"] = resource.id;
    Json fields = Json::array();
    for (const auto& one : columns) fields.push_back(shown_column(one));
    result["fields"] = ask.args.has("fields") ? ask.args.tree("fields") : std::move(fields);
    result["method"] = method.empty() ? "insert" : method;
    if (ask.args.flag("include_records", false)) result["records"] = records;
    return result.dump();
}

std::string datastore_upsert(Ask& ask) {
    ask.need_user(updating);
    ask.args.only(upsert_parameters);
    const auto found = table_to_write(ask, ask.args.need("resource_id"));
    const auto method = ask.args.text("method").empty() ? "upsert" : ask.args.text("method");
    if (method != "upsert" && method != "insert" && method != "update")
        throw invalid("method", "\"" + method.substr(0, 100) + "\" is not defined");
    const auto resource = locked(ask, found);
    const auto records = ask.args.has("records") ? ask.args.tree("records") : Json::array();
    RowWriter writer(ask, resource, key_of(resource));
    std::int64_t more = 0;
    if (method == "update")
        writer.update(records);
    else
        more = method == "insert" ? writer.insert(records) : writer.upsert(records);
    note_rows(ask, resource, more);
    ask.keep = !ask.args.flag("dry_run", false);
    Json result = Json::object();
    if (ask.args.has("dry_run")) result["dry_run"] = ask.args.flag("dry_run", false);
    result["method"] = method, result["resource_id"] = resource.id, result["records"] = records;
    return result.dump();
}

std::int64_t delete_rows(Ask& ask, const Resource& r, const Json& filters) {
    Parameters parameters;
    const auto where = condition_of_filters(columns_of_table(r), filters, parameters);
    try {
        return static_cast<std::int64_t>(
            ask.tx.exec_list("DELETE FROM " + identifier(r.table) + " WHERE " + where, parameters.list)
                .affected());
    } catch (const Failure&) {
        throw;
    } catch (const concejo::Error& error) {
        if (error.kind() == concejo::ErrorKind::invalid)
            throw invalid("filters", "invalid input for the type of a column");
        throw;
    }
}

void drop_rows_table(Ask& ask, Resource r) {
    forget_words(ask.request, ask.tx, r.table);
    ask.request.drop_table(ask.tx, r.table);
    ask.tx.exec("UPDATE open_data_version SET table_name = NULL WHERE table_name = $1", r.table);
    forget_dumps(ask.request, ask.tx, r.id, r.version);
    r.table.clear(), r.rows = 0, r.columns = Json::array(), r.recipe = Json();
    r.meta["primary_key"] = Json::array(), r.meta["key_index"] = "";
    ask.catalogue.update(r);
    note_change(ask, "open-data.cambiar", r.id);
}

std::string remove_rows(Ask& ask, bool rows_only) {
    ask.need_user(updating);
    ask.args.only(delete_parameters);
    const auto id = ask.args.text("resource_id").empty() ? ask.args.text("id") : ask.args.text("resource_id");
    if (id.empty()) throw missing("resource_id");
    const auto found = table_to_write(ask, id);
    const auto resource = locked(ask, found);
    const auto filters = ask.args.tree("filters");
    Json result = Json::object({{"resource_id", resource.id}});
    if (filters.is_null() && rows_only) throw missing("filters");
    if (filters.is_null()) {
        drop_rows_table(ask, resource);
    } else {
        note_rows(ask, resource, -delete_rows(ask, resource, filters));
        result["filters"] = filters;
    }
    return result.dump();
}

}  // namespace

std::vector<Action> datastore_writes() {
    return {{"datastore_create", datastore_create, true, create_parameters,
             "Make a table of rows for a resource, or widen it, and add rows."},
            {"datastore_upsert", datastore_upsert, true, upsert_parameters,
             "Add or change rows: upsert, insert or update."},
            {"datastore_delete", [](Ask& ask) { return remove_rows(ask, false); }, true, delete_parameters,
             "Delete rows, or the table where no filters are given."},
            {"datastore_records_delete", [](Ask& ask) { return remove_rows(ask, true); }, true,
             delete_parameters, "Delete the rows that match the filters."}};
}

}  // namespace open_data::ckan
