// Files: as they came, and their rows in other formats.
#include "dump.hpp"
#include "portal.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

void open_to_all(Reply& reply) { reply.field("Access-Control-Allow-Origin", "*"); }

void original(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_resource(portal, catalogue, request.segment("resource"));
    if (resource.blob.empty() || dataset.id != request.segment("dataset")) throw concejo::Error(concejo::ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    open_to_all(reply);
    reply.blob(resource.blob, resource.media_type, resource.file_name, true);
}

void give_rows(const Request& request, Reply& reply, const std::string& wanted, bool numbered) {
    const Portal portal(request);
    std::optional<Resource> resource;
    {
        auto tx = request.begin();
        Catalogue catalogue(tx);
        resource = need_resource(portal, catalogue, request.segment("id")).second;
    }
    const auto* format = dump_format(wanted);
    if (!format) throw concejo::Error(concejo::ErrorKind::invalid, N_("Ese formato no se ofrece: elija csv, tsv, json, ndjson o xml."));
    if (!resource->tabular()) throw concejo::Error(concejo::ErrorKind::not_found, N_("Ese recurso no tiene filas que descargar."));
    const auto dump = dump_of(request, *resource, *format, numbered);
    open_to_all(reply);
    reply.blob(dump.blob, format->media_type, dump.file_name, true);
}

}  // namespace

void register_downloads(concejo::Kernel& kernel) {
    kernel.bare("GET", "/dataset/:dataset/resource/:resource/download/:file", original);
    kernel.bare("GET", "/datastore/dump/:id", [](const Request& request, Reply& reply) { give_rows(request, reply, request.query("format").value_or("csv"), true); });
    kernel.bare("GET", "/datos/filas/:id/:file", [](const Request& request, Reply& reply) {
        const auto file = request.segment("file");
        give_rows(request, reply, file.substr(file.rfind('.') + 1), false);
    });
}

}  // namespace open_data
