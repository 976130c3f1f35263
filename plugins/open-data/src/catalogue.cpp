#include "catalogue.hpp"

#include "news.hpp"
#include "sql_names.hpp"

#include <algorithm>
#include <map>

namespace open_data {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Param;

namespace {

constexpr auto dataset_columns =
    "SELECT d.id, d.name, d.organization, d.state, d.private, d.meta, open_data_written(d.created_at), "
    "open_data_written(d.modified_at), open_data_written(d.issued_at), d.created_by, coalesce(extract(epoch FROM d.publish_at), 0)::bigint, "
    "(SELECT jsonb_build_object('dir3', o.meta ->> 'dir3', 'name', o.meta -> 'title') FROM open_data_organization o WHERE o.id = d.organization "
    "AND o.meta ->> 'dir3' ~ '^[A-Z][A-Z0-9]{8}$'), (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'title', "
    "s.meta -> 'title') ORDER BY s.name) FROM open_data_served v JOIN open_data_service s ON s.id = v.service WHERE v.dataset = d.id AND "
    "s.state = 'published') FROM open_data_dataset d ";
constexpr auto resource_columns =
    "SELECT id, dataset, state, format, url, blob, file_name, media_type, table_name, position, version, bytes, rows, columns, "
    "recipe, meta, open_data_written(created_at), open_data_written(modified_at), open_data_written(data_at), "
    "(SELECT jsonb_object_agg(f.format, jsonb_build_object('bytes', f.bytes, 'sha256', f.blob)) FROM open_data_dump f WHERE f.resource = r.id AND f.version = r.version "
    "AND f.format IN ('csv', 'json', 'geojson')) FROM open_data_resource r ";
constexpr auto organization_columns =
    "SELECT o.id, o.name, o.kind, o.state, o.meta, open_data_written(o.created_at), "
    "(SELECT count(*) FROM open_data_dataset d WHERE d.state = 'published' AND NOT d.private AND "
    "CASE o.kind WHEN 'group' THEN d.meta -> 'groups' ? o.name ELSE d.organization = o.id END) FROM open_data_organization o ";

Json json_of(const concejo::Rows::Row& row, std::uint32_t column) {
    return row.is_null(column) ? Json() : Json::parse(row.view(column));
}

Dataset dataset_of(const concejo::Rows::Row& row) {
    const auto state = parse_state(row.view(3));
    if (!state) throw Error(ErrorKind::internal, "open_data_dataset.state");
    return {row.text(0),     row.text(1),     row.text(2),      *state,          row.boolean(4),
            json_of(row, 5), row.text(6),     row.text(7),      row.text(8),     {},
            row.text(9),     row.integer(10), json_of(row, 11), json_of(row, 12)};
}

Resource resource_of(const concejo::Rows::Row& row) {
    Resource r;
    r.id = row.text(0), r.dataset = row.text(1), r.state = row.text(2), r.format = row.text(3),
    r.url = row.text(4);
    r.blob = row.text(5), r.file_name = row.text(6), r.media_type = row.text(7), r.table = row.text(8);
    r.position = static_cast<int>(row.integer(9)), r.version = static_cast<int>(row.integer(10));
    if (!row.is_null(11)) r.bytes = row.integer(11);
    r.rows = row.integer(12), r.columns = json_of(row, 13), r.recipe = json_of(row, 14),
    r.meta = json_of(row, 15);
    r.created = row.text(16), r.modified = row.text(17), r.data_at = row.text(18), r.files = json_of(row, 19);
    return r;
}

Organization organization_of(const concejo::Rows::Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), json_of(row, 4), row.text(5), row.integer(6)};
}

std::vector<std::string> strings_of(const Json& list) {
    std::vector<std::string> all;
    if (list.is_array())
        for (const auto& one : list.as_array())
            if (one.is_string()) all.push_back(one.as_string());
    return all;
}

/// {"es": "aforo", "ca": "aforament"} → " aforament aforo", to look words up in.
std::string in_all_languages(const Json& texts) {
    std::string all;
    if (texts.is_object())
        for (const auto& [language, text] : texts.as_object())
            if (text.is_string()) all += " " + text.as_string();
    return all;
}

std::optional<std::string> or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

/// " WHERE …" and its parameters.
struct Where {
    std::string text = " WHERE true";
    std::vector<Param> params;

    std::string place(Param param) {
        params.push_back(std::move(param));
        return "$" + std::to_string(params.size());
    }
    explicit Where(const Filter& filter) {
        std::vector<std::string> states;
        for (const auto state : filter.states) states.emplace_back(name(state));
        text += " AND d.state = ANY(" + place(text_array(states)) + "::text[])";
        if (!filter.with_private) text += " AND NOT d.private";
        if (!filter.organization.empty())
            text +=
                " AND d.organization = (SELECT id FROM open_data_organization WHERE kind = 'organization' AND name = " +
                place(filter.organization) + ")";
        if (!filter.sector.empty()) text += " AND d.sectors @> ARRAY[" + place(filter.sector) + "]::text[]";
        if (!filter.tag.empty()) text += " AND d.tags @> ARRAY[" + place(filter.tag) + "]::text[]";
        if (!filter.format.empty()) text += " AND d.formats @> ARRAY[" + place(filter.format) + "]::text[]";
        if (!filter.license.empty()) text += " AND d.license = " + place(filter.license);
        if (!filter.words.empty())
            text += " AND d.search @@ ext.search_query('es', " + place(filter.words) + ")";
    }
};

}  // namespace

std::vector<Resource> Catalogue::read_resources(const std::string& tail, const std::vector<Param>& params) {
    std::vector<Resource> found;
    for (const auto row : tx_.exec_list(resource_columns + tail, params)) found.push_back(resource_of(row));
    return found;
}

// One statement for the resources of the whole list.
std::vector<Dataset> Catalogue::read(const std::string& tail, const std::vector<Param>& params, bool bare) {
    std::vector<Dataset> found;
    for (const auto row : tx_.exec_list(dataset_columns + tail, params)) found.push_back(dataset_of(row));
    if (bare || found.empty()) return found;
    if (found.size() == 1) {
        found.front().resources =
            read_resources("WHERE dataset = $1::uuid AND state = 'active' ORDER BY position, created_at",
                           {found.front().id});
        return found;
    }
    std::map<std::string, Dataset*, std::less<>> by_id;
    std::vector<std::string> ids;
    for (auto& one : found) ids.push_back(one.id), by_id.emplace(one.id, &one);
    for (auto& one : read_resources(
             "WHERE dataset = ANY($1::uuid[]) AND state = 'active' ORDER BY dataset, position, created_at",
             {text_array(ids)}))
        by_id.at(one.dataset)->resources.push_back(std::move(one));
    return found;
}

std::optional<Dataset> Catalogue::find(std::string_view name_or_id) {
    auto found =
        read(is_uuid(name_or_id) ? "WHERE d.id = $1::uuid" : "WHERE d.name = $1", {name_or_id}, false);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<Dataset> Catalogue::find_all(const std::vector<std::string>& ids) {
    if (ids.empty()) return {};
    return read("WHERE d.id = ANY($1::uuid[]) ORDER BY array_position($1::uuid[], d.id)", {text_array(ids)},
                false);
}

std::vector<Dataset> Catalogue::list(const Filter& filter, bool bare) {
    Where where(filter);
    const auto by_words = filter.sort == "relevance" && !filter.words.empty();
    auto tail = where.text + " ORDER BY ";
    if (by_words)
        tail += "ts_rank_cd(d.search, ext.search_query('es', " + where.place(filter.words) + ")) DESC, ";
    if (filter.sort == "title") tail += "ext.fold(d.meta #>> '{title,es}'), ";
    if (filter.sort == "name") tail += "d.name, ";
    tail += "d.modified_at DESC, d.serial DESC LIMIT " + where.place(filter.limit) + "::bigint OFFSET " +
            where.place(filter.offset) + "::bigint";
    return read(tail, where.params, bare);
}

std::int64_t Catalogue::count(const Filter& filter) {
    const Where where(filter);
    return tx_.exec_list("SELECT count(*) FROM open_data_dataset d" + where.text, where.params)[0].integer(0);
}

std::vector<Count> Catalogue::count_by(std::string_view what, const Filter& filter, int most) {
    Where where(filter);
    std::string value = "unnest(d." + std::string(what) + ")", from = "open_data_dataset d";
    if (what == "organization")
        value = "o.name", from += " JOIN open_data_organization o ON o.id = d.organization";
    else if (what == "license")
        value = "d.license";
    else if (what != "sectors" && what != "tags" && what != "formats")
        throw Error(ErrorKind::internal, "no facet: " + std::string(what));
    const auto rows =
        tx_.exec_list("SELECT value, count(*) FROM (SELECT " + value + " AS value FROM " + from + where.text +
                          ") v WHERE value <> '' GROUP BY value ORDER BY count(*) DESC, value LIMIT " +
                          where.place(most) + "::int",
                      where.params);
    std::vector<Count> counts;
    for (const auto row : rows) counts.push_back({row.text(0), row.integer(1)});
    return counts;
}

std::vector<std::string> Catalogue::suggestions(const std::string& words) {
    std::vector<std::string> found;
    for (
        const auto row : tx_.exec(
            "SELECT title FROM (SELECT d.meta #>> '{title,es}' AS title FROM open_data_dataset d WHERE d.state = 'published' AND NOT d.private) t "
            "WHERE ext.word_similarity(ext.fold($1), ext.fold(title)) > 0.3 ORDER BY ext.word_similarity(ext.fold($1), ext.fold(title)) DESC, title LIMIT 5",
            words))
        found.push_back(row.text(0));
    return found;
}

std::vector<std::string> Catalogue::searchable(int most) {
    std::vector<std::string> found;
    for (
        const auto row : tx_.exec(
            "SELECT word FROM (SELECT d.meta #>> '{title,es}' AS word, d.modified_at FROM open_data_dataset d WHERE d.state = 'published' AND NOT d.private "
            "UNION ALL SELECT unnest(d.tags), d.modified_at FROM open_data_dataset d WHERE d.state = 'published' AND NOT d.private) w "
            "WHERE word <> '' GROUP BY word ORDER BY max(modified_at) DESC, word LIMIT $1::int",
            most))
        found.push_back(row.text(0));
    return found;
}

Dataset Catalogue::insert(const Dataset& d, const std::string& by) {
    const auto id =
        tx_.exec(
               "INSERT INTO open_data_dataset (name, organization, state, private, meta, created_by, id) "
               "VALUES ($1, $2::uuid, $3, $4, $5::jsonb, $6, coalesce($7::uuid, gen_random_uuid())) RETURNING id",
               d.name, d.organization, name(d.state), d.is_private, d.meta, by, or_null(d.id))[0]
            .text(0);
    const bool newer = index(id);
    auto made = *find(id);
    tell(made, false, newer);
    return made;
}

bool Catalogue::everybody_sees(const std::string& id) {
    const auto rows =
        tx_.exec("SELECT state = 'published' AND NOT private FROM open_data_dataset WHERE id = $1::uuid", id);
    return !rows.empty() && rows[0].boolean(0);
}

/// Whatever door it came through, followers hear of it here.
void Catalogue::tell(const Dataset& now, bool seen_before, bool newer) {
    if (now.visible() && !seen_before)
        note_publication(tx_, now);
    else if (now.visible() && newer)
        note_version(tx_, now);
    else if (!now.visible() && seen_before)
        note_withdrawal(tx_, now);
}

Dataset Catalogue::update(const Dataset& d) {
    const bool seen_before = everybody_sees(d.id);
    tx_.exec(
        "UPDATE open_data_dataset SET name = $2, organization = $3::uuid, state = $4, private = $5, meta = $6::jsonb, modified_at = now() WHERE id = $1::uuid",
        d.id, d.name, d.organization, name(d.state), d.is_private, d.meta);
    const bool newer = index(d.id);
    auto now = *find(d.id);
    tell(now, seen_before, newer);
    return now;
}

/// What is searched and counted, from what the dataset and its resources say.
bool Catalogue::index(const std::string& id) {
    const auto found = read("WHERE d.id = $1::uuid", {id}, false);
    if (found.empty()) return false;
    const auto& meta = found.front().meta;
    std::vector<std::string> formats;
    std::string of_resources;
    for (const auto& one : found.front().resources) {
        if (!one.format.empty() && std::find(formats.begin(), formats.end(), one.format) == formats.end())
            formats.push_back(one.format);
        of_resources += in_all_languages(one.meta["name"]) + in_all_languages(one.meta["description"]);
        if (one.columns.is_array())
            for (const auto& column : one.columns.as_array())
                of_resources += " " + column.string_or("name", "") + in_all_languages(column["title"]);
    }
    const auto titles = in_all_languages(meta["title"]), notes = in_all_languages(meta["notes"]);
    std::string keywords;
    if (meta["keywords"].is_object())
        for (const auto& [language, list] : meta["keywords"].as_object())
            for (const auto& one : strings_of(list)) keywords += " " + one;
    tx_.exec(
        "UPDATE open_data_dataset SET tags = $2::text[], sectors = $3::text[], license = $4, formats = $5::text[], "
        "issued_at = CASE WHEN state = 'published' THEN coalesce(issued_at, now()) ELSE issued_at END, "
        "search = setweight(ext.search_vector('es', left($6, 20000)), 'A') || setweight(ext.search_vector('es', left($7, 20000)), 'B') || "
        "setweight(ext.search_vector('es', left($8, 100000)), 'D') WHERE id = $1::uuid",
        id, text_array(strings_of(meta["keywords"]["es"])), text_array(strings_of(meta["sectors"])),
        meta.string_or("license", ""), text_array(formats), found.front().name + " " + titles, keywords,
        notes + of_resources);
    // From now on everybody has seen what it holds: what was loaded before stays nobody's to see.
    return tx_.exec(
                  "UPDATE open_data_version v SET public_at = now() FROM open_data_resource r JOIN open_data_dataset d ON d.id = r.dataset WHERE d.id = $1::uuid AND d.state = 'published' "
                  "AND NOT d.private AND r.state = 'active' AND v.resource = r.id AND v.number = r.version AND v.public_at IS NULL",
                  id)
               .affected() > 0;
}

void Catalogue::index_resource_of(const std::string& dataset) {
    if (!index(dataset)) return;
    if (const auto whole = find(dataset)) tell(*whole, true, true);
}

std::vector<Resource> Catalogue::waiting(const Dataset& dataset) {
    return read_resources("WHERE dataset = $1::uuid AND state = 'waiting' ORDER BY created_at", {dataset.id});
}

std::optional<Resource> Catalogue::resource(std::string_view id, std::string_view state) {
    if (!is_uuid(id)) return std::nullopt;
    auto found = read_resources("WHERE id = $1::uuid AND state = $2", {id, state});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

Resource Catalogue::insert(const Resource& r) {
    const auto state = r.state.empty() ? std::string("active") : r.state;
    const auto id =
        tx_.exec(
               "INSERT INTO open_data_resource (dataset, position, format, url, blob, file_name, media_type, bytes, columns, recipe, meta, id, state) "
               "VALUES ($1::uuid, coalesce((SELECT max(position) + 1 FROM open_data_resource WHERE dataset = $1::uuid AND state = 'active'), 0), "
               "$2, $3, $4, $5, $6, $7::bigint, $8::jsonb, $9::jsonb, $10::jsonb, coalesce($11::uuid, gen_random_uuid()), $12) RETURNING id",
               r.dataset, r.format, r.url, or_null(r.blob), r.file_name, r.media_type, r.bytes,
               r.columns.is_array() ? r.columns : Json::array(),
               r.recipe.is_null() ? Param(nullptr) : Param(r.recipe),
               r.meta.is_object() ? r.meta : Json::object(), or_null(r.id), state)[0]
            .text(0);
    tx_.exec("UPDATE open_data_dataset SET modified_at = now() WHERE id = $1::uuid", r.dataset);
    index_resource_of(r.dataset);
    return *resource(id, state);
}

Resource Catalogue::update(const Resource& r) {
    tx_.exec(
        "UPDATE open_data_resource SET format = $2, url = $3, blob = $4, file_name = $5, media_type = $6, bytes = $7::bigint, table_name = $8, version = $9, "
        "rows = $10, columns = $11::jsonb, recipe = $12::jsonb, meta = $13::jsonb, position = $14, modified_at = now(), "
        "data_at = CASE WHEN version = $9 THEN data_at ELSE now() END WHERE id = $1::uuid",
        r.id, r.format, r.url, or_null(r.blob), r.file_name, r.media_type, r.bytes, or_null(r.table),
        r.version, r.rows, r.columns, r.recipe.is_null() ? Param(nullptr) : Param(r.recipe), r.meta,
        r.position);
    tx_.exec("UPDATE open_data_dataset SET modified_at = now() WHERE id = $1::uuid", r.dataset);
    index_resource_of(r.dataset);
    return *resource(r.id, r.state.empty() ? std::string_view("active") : std::string_view(r.state));
}

void Catalogue::remove_resource(const Resource& r) {
    tx_.exec("UPDATE open_data_resource SET state = 'deleted', modified_at = now() WHERE id = $1::uuid",
             r.id);
    tx_.exec("UPDATE open_data_dataset SET modified_at = now() WHERE id = $1::uuid", r.dataset);
    index_resource_of(r.dataset);
}

std::vector<Organization> Catalogue::organizations(std::string_view kind) {
    std::vector<Organization> found;
    for (const auto row : tx_.exec(
             std::string(organization_columns) + "WHERE o.kind = $1 AND o.state = 'active' ORDER BY o.name",
             kind))
        found.push_back(organization_of(row));
    return found;
}

std::optional<Organization> Catalogue::organization(std::string_view name_or_id, std::string_view kind) {
    const auto rows = tx_.exec(std::string(organization_columns) +
                                   (is_uuid(name_or_id) ? "WHERE o.id = $1::uuid" : "WHERE o.name = $1") +
                                   " AND o.kind = $2",
                               name_or_id, kind);
    if (rows.empty()) return std::nullopt;
    return organization_of(rows[0]);
}

Capacity Catalogue::capacity(std::string_view dataset, const std::string& who) {
    const auto rows = tx_.exec(
        "SELECT capacity FROM open_data_collaborator WHERE dataset = $1::uuid AND who = $2", dataset, who);
    return rows.empty() ? Capacity::none : parse_capacity(rows[0].view(0));
}

Json Catalogue::organization_title(std::string_view id) {
    const auto rows = tx_.exec("SELECT meta -> 'title' FROM open_data_organization WHERE id = $1::uuid", id);
    return rows.empty() ? Json() : json_of(rows[0], 0);
}

Organization Catalogue::insert(const Organization& o) {
    const auto id =
        tx_.exec(
               "INSERT INTO open_data_organization (name, kind, state, meta, id) VALUES ($1, $2, 'active', $3::jsonb, coalesce($4::uuid, gen_random_uuid())) RETURNING id",
               o.name, o.kind, o.meta, or_null(o.id))[0]
            .text(0);
    return *organization(id, o.kind);
}

Organization Catalogue::update(const Organization& o) {
    tx_.exec("UPDATE open_data_organization SET name = $2, state = $3, meta = $4::jsonb WHERE id = $1::uuid",
             o.id, o.name, o.state, o.meta);
    return *organization(o.id, o.kind);
}

}  // namespace open_data
