#include "comparison.hpp"

#include "sql_names.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr std::size_t most_columns = 800;  // a statement gives at most 1,664, and both sides are given

struct Pair {
    std::string name;
    bool same_type = true, numeric = false;
};

/// The two tables as they stand in the statements: a is the older one, b the newer one.
struct Tables {
    std::string a, b;
    std::vector<Pair> common;

    std::string side(char table, const Pair& column) const {
        return std::string(1, table) + "." + identifier(column.name) + (column.same_type ? "" : "::text");
    }
};

const Field* field_named(const std::vector<Field>& fields, const std::string& name) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const auto& one) { return one.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

Tables tables_of(concejo::Transaction& tx, const Version& older, const Version& newer,
                 Comparison& comparison) {
    Tables tables{identifier(older.table), identifier(newer.table), {}};
    const auto before = fields_in(tx, older.table), after = fields_in(tx, newer.table);
    for (const auto& field : after) {
        if (field.name == "_id") continue;
        const auto* old = field_named(before, field.name);
        const bool same = !old || old->type == field.type;
        comparison.columns.push_back({field.name, same ? field.type : "text"});
        if (!old)
            comparison.new_columns.push_back(field.name);
        else
            tables.common.push_back({field.name, same, field.type == "numeric"});
    }
    for (const auto& field : before)
        if (!field_named(after, field.name))
            comparison.columns.push_back(field), comparison.old_columns.push_back(field.name);
    if (tables.common.empty())
        throw Error(ErrorKind::invalid, N_("Esas dos versiones no tienen ninguna columna en común."));
    if (comparison.columns.size() > most_columns)
        throw Error(ErrorKind::invalid, N_("Esas versiones tienen demasiadas columnas para compararlas."));
    return tables;
}

/// Whether these columns tell the rows of both tables apart.
bool is_key(concejo::Transaction& tx, const Tables& tables, const std::vector<Pair>& key) {
    std::string list, empty;
    for (const auto& one : key)
        list += (list.empty() ? "" : ", ") + identifier(one.name),
            empty += (empty.empty() ? "" : " OR ") + identifier(one.name) + " IS NULL";
    for (const auto& table : {tables.a, tables.b})
        if (!tx.exec("SELECT WHERE EXISTS (SELECT FROM " + table + " WHERE " + empty +
                     ") OR EXISTS (SELECT FROM " + table + " GROUP BY " + list + " HAVING count(*) > 1)")
                 .empty())
            return false;
    return true;
}

std::string keyed_changes(const Tables& tables, const std::vector<Pair>& key) {
    std::string on, left, right;
    for (const auto& one : key)
        on += (on.empty() ? "" : " AND ") + tables.side('a', one) + " = " + tables.side('b', one);
    for (const auto& one : tables.common) {
        if (std::any_of(key.begin(), key.end(), [&](const auto& column) { return column.name == one.name; }))
            continue;
        left += (left.empty() ? "" : ", ") + tables.side('a', one),
            right += (right.empty() ? "" : ", ") + tables.side('b', one);
    }
    const auto differs =
        left.empty() ? std::string() : " OR ROW(" + left + ") IS DISTINCT FROM ROW(" + right + ")";
    return "SELECT a._id AS old_id, b._id AS new_id, CASE WHEN a._id IS NULL THEN 'added' WHEN b._id IS NULL "
           "THEN 'removed' ELSE 'changed' END AS kind, 1::bigint AS times FROM " +
           tables.a + " a FULL JOIN " + tables.b + " b ON " + on + " WHERE a._id IS NULL OR b._id IS NULL" +
           differs;
}

/// Rows as a multiset: how many more or fewer of each there are.
std::string whole_row_changes(const Tables& tables) {
    const auto rows = [&](const std::string& table) {
        std::string row;
        for (const auto& one : tables.common) {
            const auto name = identifier(one.name);
            row += (row.empty() ? "" : ", ") +
                   (one.same_type && one.numeric ? "trim_scale(" + name + "::numeric)" : name);
        }
        return "(SELECT ROW(" + row + ")::text AS whole, count(*) AS n, min(_id) AS id FROM " + table +
               " GROUP BY 1)";
    };
    return "SELECT CASE WHEN coalesce(a.n, 0) > coalesce(b.n, 0) THEN a.id END AS old_id, CASE WHEN "
           "coalesce(a.n, 0) < coalesce(b.n, 0) THEN b.id END AS new_id, "
           "CASE WHEN coalesce(a.n, 0) < coalesce(b.n, 0) THEN 'added' ELSE 'removed' END AS kind, "
           "abs(coalesce(a.n, 0) - coalesce(b.n, 0)) AS times FROM " +
           rows(tables.a) + " a FULL JOIN " + rows(tables.b) +
           " b USING (whole) WHERE a.n IS DISTINCT FROM b.n";
}

void make_comparison(concejo::Transaction& tx, Comparison& comparison, const std::string& changes) {
    const auto rows =
        tx.exec("WITH d AS MATERIALIZED (" + changes +
                    "), kept AS (INSERT INTO open_data_change (comparison, n, kind, old_id, new_id, times) "
                    "SELECT $1::bigint, row_number() OVER (ORDER BY coalesce(new_id, old_id), kind, old_id), "
                    "kind, old_id, new_id, times FROM d "
                    "ORDER BY coalesce(new_id, old_id), kind, old_id LIMIT " +
                    std::to_string(most_changes) +
                    ") "
                    "SELECT coalesce(sum(times) FILTER (WHERE kind = 'added'), 0)::bigint, "
                    "coalesce(sum(times) FILTER (WHERE kind = 'removed'), 0)::bigint, "
                    "coalesce(sum(times) FILTER (WHERE kind = 'changed'), 0)::bigint FROM d",
                comparison.id);
    comparison.added = rows[0].integer(0), comparison.removed = rows[0].integer(1),
    comparison.changed = rows[0].integer(2);
    tx.exec("UPDATE open_data_comparison SET added = $2, removed = $3, changed = $4 WHERE id = $1",
            comparison.id, comparison.added, comparison.removed, comparison.changed);
}

/// Rows that were written through the API change as long as their version is the last one.
std::string written_at(const Resource& resource, const Version& version) {
    if (!version.blob.empty()) return {};
    return version.number == resource.version ? resource.data_at : "final";
}

std::string state_of_both(const Resource& resource, const Version& older, const Version& newer) {
    return written_at(resource, older) + "/" + written_at(resource, newer);
}

/// What was compared before, of these rows and with this key; false where nothing was.
bool find_comparison(concejo::Transaction& tx, const Resource& resource, const Version& older,
                     const Version& newer, Comparison& comparison) {
    const auto wanted = key_columns(resource);
    const auto known = tx.exec(
        "SELECT id, added, removed, changed, to_jsonb(key) FROM open_data_comparison WHERE resource = "
        "$1::uuid AND older = $2 AND newer = $3 AND wanted = $4::text[] AND of = $5",
        resource.id, older.number, newer.number, text_array(wanted), state_of_both(resource, older, newer));
    if (known.empty()) return false;
    const auto row = known[0];
    comparison.id = row.integer(0), comparison.added = row.integer(1), comparison.removed = row.integer(2),
    comparison.changed = row.integer(3);
    comparison.key.clear();
    const auto key = Json::parse(row.view(4));
    for (const auto& one : key.as_array()) comparison.key.push_back(one.as_string());
    comparison.key_failed = comparison.key.empty() && !wanted.empty();
    return true;
}

/// False: somebody else has compared them meanwhile.
bool begin_comparison(concejo::Transaction& tx, const Resource& resource, const Version& older,
                      const Version& newer, Comparison& comparison) {
    const auto wanted = text_array(key_columns(resource)), of = state_of_both(resource, older, newer);
    tx.exec(
        "DELETE FROM open_data_comparison WHERE resource = $1::uuid AND older = $2 AND newer = $3 AND "
        "(wanted <> $4::text[] OR of <> $5)",
        resource.id, older.number, newer.number, wanted, of);
    const auto fresh = tx.exec(
        "INSERT INTO open_data_comparison (resource, older, newer, wanted, key, of) VALUES ($1::uuid, $2, "
        "$3, $4::text[], $5::text[], $6) ON CONFLICT DO NOTHING RETURNING id",
        resource.id, older.number, newer.number, wanted, text_array(comparison.key), of);
    if (!fresh.empty()) comparison.id = fresh[0].integer(0);
    return !fresh.empty();
}

std::string job_key(const Resource& resource, const Version& older, const Version& newer) {
    return resource.id + ":" + std::to_string(older.number) + ":" + std::to_string(newer.number);
}

/// The columns that tell rows apart in both; none, and so said, where they do not.
std::vector<Pair> key_in(concejo::Transaction& tx, const Tables& tables, const Resource& resource,
                         Comparison& comparison) {
    std::vector<Pair> key;
    for (const auto& name : key_columns(resource)) {
        const auto found = std::find_if(tables.common.begin(), tables.common.end(),
                                        [&](const auto& one) { return one.name == name; });
        if (found == tables.common.end())
            comparison.key_failed = true;
        else
            key.push_back(*found);
    }
    if (comparison.key_failed || (!key.empty() && !is_key(tx, tables, key)))
        key.clear(), comparison.key_failed = true;
    for (const auto& one : key) comparison.key.push_back(one.name);
    return key;
}

/// 12.50 is 12.5.
bool same_value(std::optional<std::string_view> one, std::optional<std::string_view> other,
                const Field& field) {
    if (!one || !other || field.type != "numeric") return one == other;
    const auto trimmed = [](std::string_view text) {
        if (text.find('.') == std::string_view::npos) return text;
        text = text.substr(0, text.find_last_not_of('0') + 1);
        return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
    };
    return trimmed(*one) == trimmed(*other);
}

std::string value_of(const concejo::Rows::Row& row, std::uint32_t column, const Field& field) {
    std::string json;
    append_json(json, row, column, field);
    return json;
}

}  // namespace

std::vector<std::string> key_columns(const Resource& resource) {
    std::vector<std::string> all;
    if (const auto& key = resource.meta["key"]; key.is_array())
        for (const auto& one : key.as_array())
            if (one.is_string()) all.push_back(one.as_string());
    return all;
}

Comparison compare(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource,
                   const Version& older, const Version& newer, bool in_a_job) {
    Comparison comparison;
    const auto tables = tables_of(tx, older, newer, comparison);
    if (older.number == newer.number) return comparison;
    if (find_comparison(tx, resource, older, newer, comparison)) return comparison;
    if (!in_a_job && older.accepted + newer.accepted > compared_at_once) {
        call.enqueue(tx, Json::object({{"kind", "comparar"},
                                       {"payload", Json::object({{"resource", resource.id},
                                                                 {"older", older.number},
                                                                 {"newer", newer.number}})},
                                       {"unique", job_key(resource, older, newer)},
                                       {"max_attempts", 2}}));
        comparison.waiting = true;
        return comparison;
    }
    const auto key = key_in(tx, tables, resource, comparison);
    if (begin_comparison(tx, resource, older, newer, comparison))
        make_comparison(tx, comparison, key.empty() ? whole_row_changes(tables) : keyed_changes(tables, key));
    else if (!find_comparison(tx, resource, older, newer, comparison))
        throw Error(ErrorKind::unavailable, "open_data_comparison");
    return comparison;
}

std::vector<Change> changes_of(concejo::Transaction& tx, const Comparison& comparison, const Version& older,
                               const Version& newer, std::int64_t after, std::int64_t most) {
    const auto lacks = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    std::string list = "c.n, c.kind, c.times";
    for (const auto& field : comparison.columns)
        for (const auto& [side, missing] :
             {std::pair("a.", &comparison.new_columns), {"b.", &comparison.old_columns}})
            list +=
                ", " + (lacks(*missing, field.name) ? std::string("NULL") : side + identifier(field.name));
    std::vector<Change> all;
    const auto rows = tx.exec(
        "SELECT " + list + " FROM open_data_change c LEFT JOIN " + identifier(older.table) +
            " a ON a._id = c.old_id LEFT JOIN " + identifier(newer.table) +
            " b ON b._id = c.new_id WHERE c.comparison = $1 AND c.n > $2 ORDER BY c.n LIMIT $3::bigint",
        comparison.id, after, most);
    for (const auto row : rows) {
        Change change{row.integer(0), row.integer(2), row.text(1), {}};
        for (std::uint32_t i = 0; i < comparison.columns.size(); ++i) {
            const auto& field = comparison.columns[i];
            const std::uint32_t at = 3 + 2 * i;
            ComparedCell cell;
            if (change.kind != "added" && !lacks(comparison.new_columns, field.name))
                cell.before = value_of(row, at, field);
            if (change.kind != "removed" && !lacks(comparison.old_columns, field.name))
                cell.after = value_of(row, at + 1, field);
            cell.differs = change.kind == "changed" && cell.before && cell.after &&
                           !same_value(row.optional(at), row.optional(at + 1), field);
            change.cells.push_back(std::move(cell));
        }
        all.push_back(std::move(change));
    }
    return all;
}

void forget_comparisons(concejo::Transaction& tx, const Resource& resource) {
    tx.exec("DELETE FROM open_data_comparison WHERE resource = $1::uuid", resource.id);
}

void register_comparisons(concejo::Kernel& kernel) {
    kernel.job(
        "comparar",
        [](const concejo::Call& call, const Json& payload, const concejo::Job&) {
            auto tx = call.begin();
            const auto resource = Catalogue(tx).resource(payload.string_or("resource", ""));
            if (!resource) return;
            const auto older = Versions(tx).find(*resource, static_cast<int>(payload.int_or("older", 0))),
                       newer = Versions(tx).find(*resource, static_cast<int>(payload.int_or("newer", 0)));
            if (!older || !newer || !older->has_rows() || !newer->has_rows()) return;
            compare(call, tx, *resource, *older, *newer, true);
            tx.commit();
        },
        {.label = N_("Comparación de dos versiones de un recurso"), .max_attempts = 2});
}

}  // namespace open_data
