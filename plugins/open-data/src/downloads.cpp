// Files: as they came, and their rows in other formats, all of them or a selection.
#include "datastore_search.hpp"
#include "dump.hpp"
#include "geometry.hpp"
#include "gone.hpp"
#include "plugins/open-data/dcat/text.hpp"
#include "portal.hpp"
#include "resource_pages.hpp"
#include "table_rows.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr std::int64_t cells_while_waiting = 3'000'000;  ///< more are written by a job, and asked for again
constexpr int prepared_at_once = 200;                    ///< resources
constexpr const char* write_job = "escribir";

void open_to_all(Reply& reply) { reply.field("Access-Control-Allow-Origin", "*"); }

void original(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_resource(portal, catalogue, request.segment("resource"));
    if (resource.blob.empty() || dataset.id != request.segment("dataset"))
        throw concejo::Error(concejo::ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    open_to_all(reply);
    reply.blob(resource.blob, resource.media_type, resource.file_name, true);
}

const DumpFormat& need_format(const Resource& resource, const std::string& wanted) {
    const auto* format = dump_format(wanted);
    if (!format)
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            N_("Ese formato no se ofrece: elija csv, xlsx, hoja.csv, json, ndjson, geojson, tsv o xml."));
    if (!resource.tabular())
        throw concejo::Error(concejo::ErrorKind::not_found, N_("Ese recurso no tiene filas que descargar."));
    if (!offers(resource, *format))
        throw concejo::Error(concejo::ErrorKind::not_found, no_place_text(fields_of(resource)));
    return *format;
}

/// As CKAN reads it: what means no "yes" to it means "no".
bool wants_bom(const Request& request, const DumpFormat& format) {
    const auto said = dcat::to_lower(request.query("bom").value_or(""));
    const std::string_view name(format.name);
    const bool text = name == "csv" || name == "tsv" || name == "json" || name == "xml";
    return text && (said == "true" || said == "yes" || said == "t" || said == "y" || said == "1");
}

void write_later(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource,
                 const DumpOf& what) {
    const auto payload = Json::object({{"resource", resource.id},
                                       {"version", resource.version},
                                       {"format", what.format.name},
                                       {"numbered", what.numbered},
                                       {"bom", what.bom},
                                       {"selection", what.selection.values()}});
    call.enqueue(
        tx,
        Json::object({{"kind", write_job},
                      {"payload", payload},
                      {"priority", -10},  // whoever asks for much waits behind the municipality's own work
                      {"max_attempts", 2},
                      {"unique", tx.exec("SELECT md5($1::jsonb::text)", payload)[0].text(0)}}));
}

/// Nothing where it takes longer than whoever asks should wait: then a job is at it.
std::optional<Dump> dump_for(const Request& request, const Resource& resource, const DumpOf& what) {
    if (prepares_files(resource)) return dump_of(request, resource, what);
    if (auto made = made_dump(request, resource, what)) return made;
    auto tx = request.begin();
    write_later(request, tx, resource, what);
    tx.commit();
    return std::nullopt;
}

/// CSV says where its columns are described (Model for Tabular Data on the Web, 5.2).
void link_description(const Portal& portal, Reply& reply, const Resource& resource, const DumpOf& what) {
    if (std::string_view(what.format.name) == "csv" && what.all() && !what.numbered)
        reply.field("Link", "<" + portal.rows_url(resource, "csv-metadata.json") +
                                ">; rel=\"describedby\"; type=\"application/csvm+json\"");
}

void give_dump(const Request& request, Reply& reply, const Resource& resource, const DumpOf& what) {
    open_to_all(reply);
    if (const auto dump = dump_for(request, resource, what)) {
        link_description(Portal(request), reply, resource, what);
        return reply.blob(dump->blob, what.format.media_type, dump->file_name, true);
    }
    reply.status(503).field("Retry-After", "10").field("Refresh", "10");
    reply.body(
        "text/plain; charset=utf-8",
        request.tr("El archivo es grande y se está preparando: vuelva a pedirlo dentro de unos segundos."));
}

/// "gastos.hoja.csv" → "hoja.csv": of the formats whose names end so, the longest.
std::string format_of_file(const std::string& file) {
    std::string found = file.substr(file.rfind('.') + 1);
    for (const auto& one : dump_formats())
        if (std::string_view(one.name).size() > found.size() && file.ends_with(std::string(".") + one.name))
            found = one.name;
    return found;
}

void give_rows(const Request& request, Reply& reply, const std::string& wanted, bool numbered) {
    std::optional<Resource> resource;
    {
        auto tx = request.begin();
        Catalogue catalogue(tx);
        resource = need_resource(Portal(request), catalogue, request.segment("id")).second;
    }
    const auto& format = need_format(*resource, wanted);
    give_dump(request, reply, *resource,
              {format, numbered, ckan::Arguments::of_query(request).picked(ckan::selecting_parameters),
               numbered && wants_bom(request, format)});
}

/// What the table page shows at the address before the file's name. In the page's language: it decides what
/// "1.234" means.
void give_table_rows(const Request& request, Reply& reply) {
    std::optional<Resource> resource;
    {
        auto tx = request.begin();
        Catalogue catalogue(tx);
        resource = need_rows(request, Portal(request), catalogue).second;
    }
    auto fields = fields_of(*resource);
    fields.erase(fields.begin());
    const auto asked = table_asked(request, fields);
    if (const auto& problems = asked.conditions.problems(); !problems.empty())
        throw concejo::Error(concejo::ErrorKind::invalid, problems.front());
    give_dump(request, reply, *resource,
              {need_format(*resource, format_of_file(request.segment("file"))), false,
               ckan::Arguments(Json::object({{"table", asked.selection()}}))});
}

void write_in_job(const concejo::Call& call, const Json& payload, const concejo::Job&) {
    std::optional<Resource> resource;
    {
        auto tx = call.begin();
        resource = Catalogue(tx).resource(payload.string_or("resource", ""));
    }
    const auto* format = dump_format(payload.string_or("format", ""));
    if (!resource || !format || !offers(*resource, *format) ||
        resource->version != payload.int_or("version", 0))
        return;
    dump_of(call, *resource,
            {*format, payload.bool_or("numbered", false), ckan::Arguments(payload["selection"]),
             payload.bool_or("bom", false)});
}

/// What everybody sees whose rows have not been written for an hour and whose files are not there: programs write row by
/// row, and there is what was loaded before this was done.
void prepare_missing(const concejo::Call& call, const Json&, const concejo::Job&) {
    auto tx = call.begin();
    Catalogue catalogue(tx);
    for (
        const auto row : tx.exec(
            "SELECT r.id FROM open_data_resource r JOIN open_data_dataset d ON d.id = r.dataset WHERE r.state = 'active' AND r.table_name IS NOT NULL "
            "AND d.state = 'published' AND NOT d.private AND r.rows * jsonb_array_length(r.columns) <= $1::bigint "
            "AND coalesce(r.data_at, r.created_at) < now() - interval '1 hour' AND (SELECT count(*) FROM open_data_dump f WHERE f.resource = r.id "
            "AND f.version = r.version AND f.format IN ('csv', 'json')) < 2 ORDER BY r.data_at DESC LIMIT $2::int",
            cells_while_waiting, prepared_at_once))
        if (const auto resource = catalogue.resource(row.text(0))) prepare_files(call, tx, *resource);
    tx.commit();
}

}  // namespace

bool prepares_files(const Resource& resource) {
    return resource.rows * static_cast<std::int64_t>(resource.columns.size()) <= cells_while_waiting;
}

void prepare_files(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource) {
    if (!prepares_files(resource)) return;
    for (const auto* name : described_formats)
        if (const auto* format = dump_format(name);
            offers(resource, *format) && !resource.files.contains(name))
            write_later(call, tx, resource, {*format});
}

void register_downloads(concejo::Kernel& kernel) {
    kernel.bare("GET", "/dataset/:dataset/resource/:resource/download/:file", or_gone(original));
    kernel.bare("GET", "/datastore/dump/:id", or_gone([](const Request& request, Reply& reply) {
                    give_rows(request, reply, request.query("format").value_or("csv"), true);
                }));
    kernel.bare("GET", "/datos/filas/:id/:file", or_gone([](const Request& request, Reply& reply) {
                    const auto file = request.segment("file");
                    if (file.ends_with(".csv-metadata.json")) return give_table_description(request, reply);
                    give_rows(request, reply, format_of_file(file), false);
                }));
    kernel.page("/datos/:name/tabla/:resource/:file", or_gone(give_table_rows));
    kernel.job(write_job, write_in_job, concejo::JobOptions{.label = N_("Preparar una descarga")});
    kernel.job("preparar-archivos", prepare_missing,
               concejo::JobOptions{.label = N_("Descargas que faltan por preparar")});
    kernel.schedule(Json::object({{"kind", "preparar-archivos"}, {"every_seconds", 3600}}));
}

}  // namespace open_data
