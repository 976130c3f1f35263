#include "version.hpp"

#include <charconv>

namespace open_data {
namespace {

constexpr auto version_columns =
    "SELECT number, blob, file_name, table_name, loaded_by, bytes, read, accepted, rejected, extract(epoch "
    "FROM loaded_at)::bigint, public_at IS NOT NULL, "
    "cited_at IS NOT NULL, dump, coalesce(dump_bytes, 0), csv, dump_csv, coalesce(extract(epoch FROM erased_at), 0)::bigint, "
    "erased_reason FROM open_data_version ";

Version version_of(const concejo::Rows::Row& row) {
    Version v;
    v.number = static_cast<int>(row.integer(0)), v.blob = row.text(1), v.file_name = row.text(2),
    v.table = row.text(3), v.loaded_by = row.text(4);
    v.bytes = row.integer(5), v.read = row.integer(6), v.accepted = row.integer(7),
    v.rejected = row.integer(8), v.loaded_at = row.integer(9);
    v.is_public = row.boolean(10), v.cited = row.boolean(11), v.dump = row.text(12),
    v.dump_bytes = row.integer(13);
    v.csv = row.text(14), v.dump_csv = row.text(15), v.erased_at = row.integer(16),
    v.erased = v.erased_at > 0, v.erased_reason = row.text(17);
    return v;
}

/// As records.hpp names what PostgreSQL calls so.
std::string kind_of(std::string_view type) {
    if (type == "bigint" || type == "integer") return "integer";
    if (type == "numeric" || type == "double precision") return "numeric";
    if (type == "boolean" || type == "date") return std::string(type);
    if (type.starts_with("timestamp")) return "timestamp";
    if (type.starts_with("time")) return "time";
    return "text";
}

}  // namespace

std::vector<Version> Versions::read(const std::string& tail, const std::vector<concejo::Param>& params) {
    std::vector<Version> found;
    for (const auto row : tx_.exec_list(version_columns + tail, params)) found.push_back(version_of(row));
    return found;
}

std::vector<Version> Versions::list(const Resource& resource, bool all, int most, int before) {
    return read(
        "WHERE resource = $1::uuid AND ($2::int = 0 OR number < $2::int) AND ($3 OR public_at IS NOT NULL) "
        "ORDER BY number DESC LIMIT $4::int",
        {resource.id, before, all, most});
}

std::optional<Version> Versions::find(const Resource& resource, int number) {
    auto found = read("WHERE resource = $1::uuid AND number = $2::int", {resource.id, number});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::optional<Version> Versions::before(const Resource& resource, int number, bool all) {
    auto found = read(
        "WHERE resource = $1::uuid AND number < $2::int AND table_name IS NOT NULL AND erased_at IS NULL AND "
        "($3 OR public_at IS NOT NULL) ORDER BY number DESC LIMIT 1",
        {resource.id, number, all});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

Resource as_of(concejo::Transaction& tx, const Resource& resource, const Version& version) {
    auto then = resource;
    then.version = version.number, then.table = version.table, then.blob = version.blob,
    then.bytes = version.bytes, then.rows = version.accepted;
    if (!version.file_name.empty()) then.file_name = version.file_name;
    then.columns = Json::array();
    if (version.table.empty()) return then;
    for (const auto& field : fields_in(tx, version.table))
        if (field.name != "_id")
            then.columns.push_back(Json::object({{"name", field.name}, {"type", field.type}}));
    return then;
}

std::vector<Field> fields_in(concejo::Transaction& tx, const std::string& table) {
    std::vector<Field> fields;
    for (const auto row : tx.exec("SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE "
                                  "attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped "
                                  "AND atttypid <> 'tsvector'::regtype ORDER BY attname <> '_id', attnum",
                                  table))
        fields.push_back({row.text(0), kind_of(row.view(1))});
    return fields;
}

Version need_version(const Portal& portal, concejo::Transaction& tx, const Resource& resource,
                     std::string_view number) {
    int wanted = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), wanted);
    auto found = error == std::errc{} && end == number.data() + number.size()
                     ? Versions(tx).find(resource, wanted)
                     : std::nullopt;
    if (!found || (!found->is_public && !portal.sees_drafts()))
        throw concejo::Error(concejo::ErrorKind::not_found, N_("Ese recurso no tiene esa versión."));
    return std::move(*found);
}

std::string version_url(const Portal& portal, const Dataset& dataset, const Resource& resource, int number) {
    return portal.url(dataset) + "/versiones/" + resource.id +
           (number > 0 ? "/" + std::to_string(number) : std::string());
}

std::string permanent_url(const Portal& portal, const Resource& resource, int number) {
    return portal.home() + "/id/datos/" + resource.id + "/" + std::to_string(number);
}

std::string slug_of_file(const std::string& name) {
    const auto dot = name.rfind('.');
    auto slug = slug_of(name.substr(0, dot));
    if (slug.empty()) slug = "archivo";
    return dot == std::string::npos ? slug : slug + "." + slug_of(name.substr(dot + 1));
}

}  // namespace open_data
