#include "dump.hpp"

#include "coordinates.hpp"
#include "datastore_search.hpp"
#include "export_writer.hpp"
#include "geometry.hpp"
#include "metadata.hpp"
#include "table_rows.hpp"

#include <algorithm>
#include <filesystem>

namespace open_data {
namespace {

constexpr std::int64_t selected_in_a_day = std::int64_t{4}
                                           << 30;  ///< bytes of selections that a municipality keeps
constexpr std::int64_t in_memory = 8 << 20, most_at_once = 5000;  ///< bytes and rows

std::string file_name_of(const Resource& resource, const DumpOf& what) {
    auto name = slug_of(resource.file_name.substr(0, resource.file_name.rfind('.')));
    return (name.empty() ? "datos" : name) + (what.all() ? "." : "-seleccion.") + what.format.name;
}

/// What the file is kept by; a selection by its digest, for its text may be of any length.
std::string kind_of(concejo::Transaction& tx, const DumpOf& what) {
    auto kind = std::string(what.format.name) + (what.numbered ? "+_id" : "") + (what.bom ? "+bom" : "");
    if (what.all()) return kind;
    return kind + "?" +
           tx.exec("SELECT encode(sha256(convert_to($1::jsonb::text, 'UTF8')), 'hex')",
                   what.selection.values())[0]
               .text(0);
}

std::optional<Dump> kept(concejo::Transaction& tx, const Resource& resource, const DumpOf& what,
                         const std::string& kind) {
    const auto made = tx.exec(
        "SELECT blob, bytes FROM open_data_dump WHERE resource = $1::uuid AND version = $2 AND format = $3",
        resource.id, resource.version, kind);
    if (made.empty()) return std::nullopt;
    return Dump{made[0].text(0), file_name_of(resource, what), made[0].integer(1)};
}

/// Whoever may ask anything might fill the disk by asking everything.
void need_room(concejo::Transaction& tx) {
    const auto bytes = tx.exec(
                             "SELECT coalesce(sum(bytes), 0)::bigint FROM open_data_dump WHERE format LIKE "
                             "'%?%' AND made_at > now() - interval '1 day'")[0]
                           .integer(0);
    if (bytes > selected_in_a_day)
        throw concejo::Error(concejo::ErrorKind::unavailable,
                             concejo::N_("Hoy se han pedido demasiadas descargas con filtros: descargue el "
                                         "archivo entero o pida las filas por páginas a la API."));
}

RowsQuery rows_of(concejo::Transaction& tx, const Resource& resource, const DumpOf& what) {
    if (what.all()) return whole_table(resource, what.numbered);
    if (what.selection.has("table")) return rows_of_table(resource, what.selection["table"]);
    try {
        return ckan::query_of(what.selection, tx, resource, what.numbered);
    } catch (const ckan::Failure& failure) {
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::fill(concejo::N_("No se entiende qué filas se piden: {motivo}"),
                                           {{"motivo", failure.error().dump()}}));
    }
}

std::unique_ptr<ExportWriter> writer_for(const concejo::Call& call, concejo::Transaction& tx,
                                         const Resource& resource, const DumpFormat& format,
                                         std::vector<Field> fields, Spool& spool) {
    const Portal portal(call);
    ExportTable table{std::move(fields),
                      portal.title(resource),
                      portal.municipality.string_or("name", ""),
                      {},
                      portal.home() + "/dataset/" + resource.dataset,
                      0,
                      nullptr};
    if (const auto dataset = Catalogue(tx).find(resource.dataset))
        table.license = dataset->meta.string_or("license", "");
    table.changed = tx.exec(
                          "SELECT extract(epoch FROM coalesce(data_at, created_at))::bigint FROM "
                          "open_data_resource WHERE id = $1::uuid",
                          resource.id)[0]
                        .integer(0);
    table.system = system_of(resource);
    const std::string_view name(format.name);
    if (name == "xlsx") return make_xlsx_writer(table, spool);
    return name == "geojson" ? make_geojson_writer(table, spool) : make_text_writer(name, table, spool);
}

void write_rows(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource,
                const DumpOf& what, Spool& spool) {
    const auto query = rows_of(tx, resource, what);
    if (what.bom) {
        std::string mark = "\xEF\xBB\xBF";
        spool.write(mark);
    }
    auto writer = writer_for(call, tx, resource, what.format, query.fields, spool);
    const auto row_bytes =
        std::max<std::int64_t>(1, resource.bytes.value_or(0) / std::max<std::int64_t>(1, resource.rows));
    each_row(tx, query, std::clamp<std::int64_t>(in_memory / row_bytes, 20, most_at_once),
             [&](Cells cells) { writer->row(cells); });
    writer->finish();
}

}  // namespace

const std::vector<DumpFormat>& dump_formats() {
    static const std::vector<DumpFormat> all{
        {"csv", "CSV", "text/csv; charset=utf-8; header=present"},
        {"xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"hoja.csv", concejo::N_("CSV para hojas de cálculo"), "text/csv; charset=utf-8; header=present"},
        {"json", "JSON", "application/json"},
        {"ndjson", "NDJSON", "application/x-ndjson"},
        {"geojson", "GeoJSON", "application/geo+json"},
        {"tsv", "TSV", "text/tab-separated-values; charset=utf-8"},
        {"xml", "XML", "application/xml"}};
    return all;
}

const DumpFormat* dump_format(std::string_view name) {
    for (const auto& one : dump_formats())
        if (name == one.name) return &one;
    return nullptr;
}

bool offers(const Resource& resource, const DumpFormat& format) {
    return resource.tabular() && (std::string_view(format.name) != "geojson" ||
                                  place_columns(fields_of(resource), system_of(resource)));
}

std::optional<Dump> made_dump(const concejo::Call& call, const Resource& resource, const DumpOf& what) {
    auto tx = call.begin();
    return kept(tx, resource, what, kind_of(tx, what));
}

Dump dump_of(const concejo::Call& call, const Resource& resource, const DumpOf& what) {
    auto tx = call.begin();
    const auto kind = kind_of(tx, what);
    if (auto made = kept(tx, resource, what, kind)) return std::move(*made);
    if (!what.all()) need_room(tx);
    Spool spool;
    write_rows(call, tx, resource, what, spool);
    Dump dump{call.put_file(tx, spool.path(), what.format.media_type), file_name_of(resource, what),
              static_cast<std::int64_t>(std::filesystem::file_size(spool.path()))};
    // Of these rows, if they still are: whoever writes to them forgets their files, and this one might be of
    // before.
    const auto noted = tx.exec(
        "INSERT INTO open_data_dump (resource, version, format, blob, bytes) SELECT id, version, $3, $4, "
        "$5::bigint FROM open_data_resource "
        "WHERE id = $1::uuid AND version = $2 AND coalesce(open_data_written(data_at), '') = $6 FOR SHARE ON "
        "CONFLICT DO NOTHING",
        resource.id, resource.version, kind, dump.blob, dump.bytes, resource.data_at);
    if (noted.affected() == 0)
        call.remove_blob(
            tx, dump.blob);  // somebody made it meanwhile, or it is of before: its use is counted once
    else if (what.all() && !what.numbered && !what.bom)
        call.pages_changed(tx);  // the catalogue says its size
    tx.commit();
    return dump;
}

void forget_dumps(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource,
                  int version) {
    for (const auto row :
         tx.exec("DELETE FROM open_data_dump WHERE resource = $1::uuid AND version <= $2 RETURNING blob",
                 resource, version))
        call.remove_blob(tx, row.text(0));
}

void drop_old_selections(const concejo::Call& call) {
    auto tx = call.begin();
    const auto rows = tx.exec(
        "DELETE FROM open_data_dump WHERE format LIKE '%?%' AND made_at < now() - interval '1 day' RETURNING "
        "blob");
    for (const auto row : rows) call.remove_blob(tx, row.text(0));
    tx.commit();
}

}  // namespace open_data
