#include "load_file.hpp"

#include "dump.hpp"
#include "plugins/open-data/ingest/copy_encoder.hpp"
#include "plugins/open-data/ingest/sheet_stream.hpp"
#include "plugins/open-data/ingest/understand.hpp"
#include "profile.hpp"
#include "projection.hpp"
#include "read_workbook.hpp"
#include "sql_names.hpp"
#include "words_index.hpp"

#include <concejo/text.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

namespace open_data {

using concejo::Error;
using concejo::ErrorKind;
using concejo::N_;

namespace {

constexpr int seconds_while_waited_for = 20, seconds_of_a_job = 1200;
constexpr int pieces_told_of = 8;  // one in as many

ingest::Recipe recipe_of(const Resource& resource) {
    return resource.recipe.is_object() ? ingest::recipe_from_json(resource.recipe) : ingest::Recipe();
}

/// What people said of those columns that the resource has had already.
ingest::Recipe as_before(ingest::Recipe understood, const ingest::Recipe& kept) {
    // The layout may have moved (one title row more), the columns and what they are may not.
    for (auto& column : understood.columns) {
        const auto known = std::find_if(kept.columns.begin(), kept.columns.end(),
                                        [&](const auto& one) { return one.source == column.source; });
        if (known == kept.columns.end() || column.source.empty()) continue;
        column.name = known->name, column.skip = known->skip;
        if (known->type == ingest::Type::text && !known->blank) column.type = ingest::Type::text;
    }
    return understood;
}

/// PostgreSQL's names have 63 bytes: longer ones are cut where a character ends, and stay different.
void shorten_names(ingest::Recipe& recipe) {
    std::set<std::string> taken;
    for (auto& column : recipe.columns) {
        auto name = column.name;
        for (int n = 1; name.size() > longest_identifier || !taken.insert(name).second; ++n)
            name = cut(column.name, longest_identifier - 5) + "_" + std::to_string(n);
        column.name = name;
    }
}

Json columns_of(const ingest::Recipe& recipe, const Json& before) {
    Json list = Json::array();
    for (const auto& column : recipe.columns) {
        if (column.skip) continue;
        Json one = Json::object({{"name", column.name}, {"type", ingest::name(column.type)}});
        if (!column.note.empty()) one["unit"] = column.note;
        if (before.is_array())  // what people wrote of it stays
            for (const auto& old : before.as_array())
                if (old.string_or("name", "") == column.name)
                    for (const auto* key : {"title", "description", "unit"})
                        if (!old[key].is_null()) one[key] = old[key];
        list.push_back(std::move(one));
    }
    return list;
}

/// What a GeoJSON of before RFC 7946 says of its coordinates, which are degrees where it says nothing.
const ReferenceSystem* system_said_in(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string beginning(4096, '\0');
    in.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    beginning.resize(static_cast<std::size_t>(in.gcount()));
    return reference_system_said(beginning);
}

std::string format_of(const ingest::Recipe& recipe) {
    if (recipe.container == "csv") return recipe.delimiter == '\t' ? "TSV" : "CSV";
    std::string format = recipe.container;
    for (auto& c : format) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return format == "GEOJSON" ? "GeoJSON" : format;
}

}  // namespace

/// Workbooks are read by a child process, which writes their rows into `rows`.
LoadFile::Opened LoadFile::open(const Resource& resource, const Incoming& file, const Told& told,
                                Spool& rows) const {
    auto bytes = ingest::Bytes::map(file.path);
    if (!ingest::is_archive(bytes.view())) return {ingest::make_source(std::move(bytes)), {}};
    const RunProgram run = [&](const Json& spec) {
        return told ? call_.run(spec, [&](auto, auto, auto) { told(0); }) : call_.run(spec);
    };
    auto sheets = read_workbook(run, [&](auto text) { return call_.tr(text); },
                                {file.path, recipe_of(resource).sheet, rows.finish(),
                                 told ? seconds_of_a_job : seconds_while_waited_for});
    if (sheets.size() < 2) sheets.clear();
    return {ingest::make_sheet(ingest::Bytes::map(rows.path())), std::move(sheets)};
}

std::string LoadFile::make_table(const ingest::Recipe& recipe) {
    const auto table = "open_data_t" + tx_.exec("SELECT nextval('open_data_table_number')")[0].text(0);
    Json columns = Json::array({Json::object({{"name", "_id"}, {"type", "bigint"}, {"required", true}})});
    for (const auto& column : recipe.columns)
        if (!column.skip)
            columns.push_back(Json::object({{"name", column.name}, {"type", ingest::sql_type(column.type)}}));
    call_.make_table(tx_, Json::object({{"table", table}, {"columns", columns}}));
    return table;
}

/// Nothing, and no table, where the guess that the recipe comes from proves wrong.
std::optional<LoadFile::Filled> LoadFile::copy(const ingest::Source& source, ingest::Recipe recipe,
                                               ingest::Guess* guess, const Told& told) {
    shorten_names(recipe);
    if (std::all_of(recipe.columns.begin(), recipe.columns.end(),
                    [](const auto& column) { return column.skip; })) {
        if (guess) return std::nullopt;
        throw Error(ErrorKind::invalid, N_("El archivo no tiene ninguna fila de datos."));
    }
    ingest::Reader reader(source, recipe, guess);
    ingest::CopyEncoder encoder(reader);
    std::string piece;
    bool more = encoder.next(piece);
    if (guess && !guess->holds()) return std::nullopt;
    const auto table = make_table(recipe);
    std::exception_ptr broken;  // an end of the rows as well: the transaction goes on without them
    // Frozen: nobody sees the table before it is whole, and whoever reads it first need not write all of it once more.
    tx_.copy_in("COPY " + identifier(table) + " FROM STDIN (FORMAT binary, FREEZE)",
                [&, pieces = 0]() mutable -> std::string_view {
                    try {
                        if (pieces > 0) more = encoder.next(piece);
                    } catch (const Error&) {
                        broken = std::current_exception(), more = false;
                    }
                    if (!more) return {};
                    const bool due = pieces++ % pieces_told_of == 0;
                    if (told && due) told(reader.report().read);
                    return piece;
                });
    if (!broken && (!guess || guess->holds())) {
        if (told) told(reader.report().read);
        for (std::size_t i = 0; guess && i < recipe.columns.size(); ++i)
            recipe.columns[i].blank = guess->recipe().columns[i].blank;
        return Filled{table, std::move(recipe), reader.report()};
    }
    call_.drop_table(tx_, table);
    if (broken) std::rethrow_exception(broken);
    return std::nullopt;
}

/// The file is read once where its beginning says what it is, else twice more.
LoadFile::Filled LoadFile::fill(const ingest::Source& source, const Resource& resource, const Incoming& file,
                                const Told& told) {
    if (file.recipe) return *copy(source, *file.recipe, nullptr, told);
    const auto before = recipe_of(resource);
    ingest::Guess guess(source, before);
    if (auto filled = copy(source, as_before(guess.recipe(), before), &guess, told))
        return std::move(*filled);
    return *copy(source, as_before(ingest::understand(source, before), before), nullptr, told);
}

/// What others wrote meanwhile stays, and nobody writes until this ends.
Resource LoadFile::as_it_is_now(const std::string& id) {
    tx_.exec("SELECT FROM open_data_resource WHERE id = $1::uuid FOR UPDATE", id);
    auto found = Catalogue(tx_).resource(id);
    if (!found) throw Error(ErrorKind::conflict, N_("El recurso se quitó mientras se cargaba."));
    return std::move(*found);
}

Loaded LoadFile::operator()(Resource resource, const Incoming& file, const Told& told) {
    call_.expect_file(file.path);
    Spool rows;
    const auto [source, sheets] = open(resource, file, told, rows);
    auto [table, recipe, report] = fill(*source, resource, file, told);
    recipe.sheets = sheets;
    call_.change_table(tx_, Json::object({{"table", table}, {"key", Json::array({"_id"})}}));

    resource = as_it_is_now(resource.id);
    if (file.check) file.check(resource);
    resource.blob = call_.put_file(tx_, file.path, file.media_type);
    resource.bytes = static_cast<std::int64_t>(std::filesystem::file_size(file.path));
    resource.file_name = file.file_name, resource.media_type = file.media_type;
    resource.format = format_of(recipe), resource.table = table, resource.version += 1;
    resource.rows = static_cast<std::int64_t>(report.accepted);
    if (recipe.container == "geojson")
        if (const auto* said = system_said_in(file.path)) resource.meta["crs"] = said->code;
    resource.columns = columns_of(recipe, resource.columns), resource.recipe = ingest::to_json(recipe);
    auto said = ingest::to_json(report, recipe);
    said["resource_id"] = resource.id;
    tx_.exec(
        "INSERT INTO open_data_version (resource, number, blob, file_name, bytes, table_name, read, accepted, rejected, report, loaded_by) "
        "VALUES ($1::uuid, $2, $3, $4, $5::bigint, $6, $7, $8, $9, $10::jsonb, $11)",
        resource.id, resource.version, resource.blob, file.file_name, resource.bytes, table, report.read,
        report.accepted, report.rejected, said, by_);
    Loaded loaded{Catalogue(tx_).update(resource), std::move(said)};
    profile_version(call_, tx_, loaded.resource);
    forget_dumps(call_, tx_, loaded.resource.id, loaded.resource.version - 1);
    prepare_files(call_, tx_, loaded.resource);
    call_.audit(tx_, "open-data.cargar", resource.id, "ok",
                Json::object({{"version", resource.version},
                              {"filas", resource.rows},
                              {"rechazadas", static_cast<std::int64_t>(report.rejected)},
                              {"sha256", resource.blob}}));
    call_.pages_changed(tx_);
    return loaded;
}

void drop_old_tables(const concejo::Call& call, int kept) {
    auto tx = call.begin();
    const auto rows = tx.exec(
        "SELECT DISTINCT v.table_name FROM open_data_version v JOIN open_data_resource r ON r.id = v.resource "
        "WHERE v.table_name IS NOT NULL AND (v.number <= r.version - $1 OR r.state = 'deleted' OR v.erased_at IS NOT NULL) AND v.table_name IS DISTINCT FROM r.table_name LIMIT 100",
        kept);
    for (const auto row : rows) {
        call.drop_table(tx, row.text(0));
        tx.exec("UPDATE open_data_version SET table_name = NULL WHERE table_name = $1", row.text(0));
    }
    forget_old_words(call, tx);
    const auto dumps = tx.exec(
        "DELETE FROM open_data_dump d USING open_data_resource r WHERE r.id = d.resource AND (d.version < r.version OR r.state = 'deleted') RETURNING d.blob");
    for (const auto row : dumps) call.remove_blob(tx, row.text(0));
    tx.exec(
        "DELETE FROM open_data_map m USING open_data_resource r WHERE r.id = m.resource AND (m.version < r.version OR r.state = 'deleted')");
    if (!rows.empty()) call.pages_changed(tx);  // their pages offered rows
    tx.commit();
}

}  // namespace open_data
