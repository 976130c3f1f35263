#include "datastore_rows.hpp"

#include "sql_names.hpp"

#include <algorithm>
#include <map>

namespace open_data::ckan {
namespace {

/// A member of the record `one`, as a value of the column's type.
std::string member_of(const Column& column, Parameters& parameters) {
    const auto key = parameters.place(column.name) + "::text";
    if (column.kind == "json") return "nullif(one -> " + key + ", 'null'::jsonb)";
    if (column.kind == "text") return "one ->> " + key;
    return "nullif(one ->> " + key + ", '')::" + column.sql;
}

/// PostgreSQL has NaN and Infinity among its numbers; JSON, which everybody reads these as, has none.
bool fits(const Column& column, const Json& value) {
    if (column.kind != "numeric" || !value.is_string()) return true;
    return value.as_string().find_first_not_of("0123456789+-.eE ") == std::string::npos;
}

std::string names_list(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& one : names) list += (list.empty() ? "" : ", ") + identifier(one);
    return list;
}

}  // namespace

RowWriter::RowWriter(Ask& ask, const Resource& resource, std::vector<std::string> key)
    : ask_(ask),
      table_(identifier(resource.table)),
      columns_(columns_of_table(resource)),
      key_(std::move(key)) {
    columns_.erase(columns_.begin());
}

void RowWriter::check(const Json& records) const {
    if (!records.is_array()) throw invalid("records", "Must be a list");
    std::size_t number = 0;
    for (const auto& record : records.as_array()) {
        ++number;
        if (!record.is_object())
            throw invalid("records", "row " + std::to_string(number) + " is not a json object");
        for (const auto& [name, value] : record.as_object()) {
            const auto* column = find_column(columns_, name);
            if (!column)
                throw invalid("records", "row \"" + std::to_string(number) + "\" has extra keys \"" +
                                             name.substr(0, 200) + "\"");
            if (!fits(*column, value))
                throw invalid("records",
                              "row \"" + std::to_string(number) + "\": invalid value for \"" + name + "\"");
        }
    }
}

RowWriter::Source RowWriter::source_of(const std::vector<std::string>& names, const Json& records) const {
    Source source;
    source.text = "SELECT ord";
    const auto given = source.parameters.place(records);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto* column = find_column(columns_, names[i]);
        source.columns.push_back(column);
        source.text += ", " + member_of(*column, source.parameters) + " AS c" + std::to_string(i);
    }
    source.text += " FROM jsonb_array_elements(" + given + "::jsonb) WITH ORDINALITY AS r(one, ord)";
    return source;
}

void RowWriter::need_key(const Json& record) const {
    for (const auto& name : key_)
        if (record[name].is_null())
            throw invalid("key", "fields \"" + name + "\" are missing but needed as key");
}

std::int64_t RowWriter::write(const std::vector<std::string>& names, const Json& records, bool upserts) {
    const auto last = ask_.tx.exec("SELECT coalesce(max(_id), 0) FROM " + table_)[0].integer(0);
    auto source = source_of(names, records);
    std::string rows = source.text, conflict;
    if (upserts) {
        // The same key twice in one call: the later one holds, as if they had come one by one.
        std::string by, sets;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const bool of_key = std::find(key_.begin(), key_.end(), names[i]) != key_.end();
            if (of_key)
                by += (by.empty() ? "c" : ", c") + std::to_string(i);
            else
                sets +=
                    (sets.empty() ? "" : ", ") + identifier(names[i]) + " = excluded." + identifier(names[i]);
        }
        rows = "SELECT DISTINCT ON (" + by + ") * FROM (" + source.text + ") all_of_them ORDER BY " + by +
               ", ord DESC";
        conflict =
            " ON CONFLICT (" + names_list(key_) + ") DO " + (sets.empty() ? "NOTHING" : "UPDATE SET " + sets);
    }
    std::string values;
    for (std::size_t i = 0; i < names.size(); ++i) values += ", c" + std::to_string(i);
    const auto written = ask_.tx.exec_list(
        "INSERT INTO " + table_ + " (_id" + (names.empty() ? "" : ", " + names_list(names)) + ") SELECT " +
            source.parameters.place(last) + "::bigint + row_number() OVER (ORDER BY ord)" + values +
            " FROM (" + rows + ") s" + conflict + " RETURNING xmax = 0",
        source.parameters.list);
    std::int64_t more = 0;
    for (const auto row : written) more += row.boolean(0) ? 1 : 0;
    return more;
}

std::int64_t RowWriter::write_grouped(const Json& records, bool upserts) {
    check(records);
    std::map<std::vector<std::string>, Json> groups;
    for (const auto& record : records.as_array()) {
        if (upserts) need_key(record);
        std::vector<std::string> names;
        for (const auto& [name, value] : record.as_object()) names.push_back(name);
        // Those that say less have nothing there; a row that is there already keeps what is not said.
        if (!upserts) {
            names.clear();
            for (const auto& column : columns_) names.push_back(column.name);
        }
        std::sort(names.begin(), names.end());
        groups[names].push_back(record);
    }
    std::int64_t more = 0;
    try {
        for (const auto& [names, group] : groups) more += write(names, group, upserts);
    } catch (const Failure&) {
        throw;
    } catch (const concejo::Error& error) {
        if (error.kind() == concejo::ErrorKind::conflict)
            throw invalid("records", "duplicate key value violates unique constraint");
        if (error.kind() == concejo::ErrorKind::invalid)
            throw invalid("records", "invalid input for the type of a column");
        throw;
    }
    return more;
}

std::int64_t RowWriter::insert(const Json& records) { return write_grouped(records, false); }

std::int64_t RowWriter::upsert(const Json& records) {
    if (key_.empty())
        throw invalid("table",
                      "unique constraint must be set to upsert: give primary_key to datastore_create");
    return write_grouped(records, true);
}

void RowWriter::update(const Json& records) {
    if (key_.empty())
        throw invalid("table",
                      "unique constraint must be set to update: give primary_key to datastore_create");
    check(records);
    for (const auto& record : records.as_array()) {
        need_key(record);
        std::vector<std::string> names;
        for (const auto& [name, value] : record.as_object()) names.push_back(name);
        const auto source = source_of(names, Json::array({record}));
        std::string sets, matches = "true";
        Json key = Json::array();
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto pair = identifier(names[i]) + " = s.c" + std::to_string(i);
            if (std::find(key_.begin(), key_.end(), names[i]) != key_.end())
                matches += " AND t." + pair, key.push_back(record[names[i]]);
            else
                sets += (sets.empty() ? "" : ", ") + pair;
        }
        if (sets.empty()) sets = "_id = t._id";
        std::uint64_t there = 0;
        try {
            there = ask_.tx
                        .exec_list("UPDATE " + table_ + " t SET " + sets + " FROM (" + source.text +
                                       ") s WHERE " + matches,
                                   source.parameters.list)
                        .affected();
        } catch (const concejo::Error& error) {
            if (error.kind() == concejo::ErrorKind::invalid)
                throw invalid("records", "invalid input for the type of a column");
            throw;
        }
        if (there == 0) throw invalid("key", "key \"" + key.dump() + "\" not found");
    }
}

}  // namespace open_data::ckan
