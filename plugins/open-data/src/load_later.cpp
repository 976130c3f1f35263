#include "load_later.hpp"

#include "portal.hpp"
#include "shown.hpp"
#include "spool.hpp"

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr int load_attempts = 5;
constexpr const char* loads = "cargar";

void enqueue_load(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource) {
    call.enqueue(tx, Json::object({{"kind", loads},
                                   {"payload", Json::object({{"resource", resource}})},
                                   {"unique", resource},
                                   {"max_attempts", load_attempts}}));
}

bool waits(const Resource& resource) {
    return resource.meta["load"].is_object() && resource.meta["load"].string_or("state", "") == "waiting";
}

void note_failure(const concejo::Call& call, const std::string& id, const std::string& blob,
                  const std::string& why) {
    auto tx = call.begin();
    Catalogue catalogue(tx);
    auto now = catalogue.resource(id);
    if (!now || !waits(*now) || now->meta["load"].string_or("blob", "") != blob) return;
    now->meta["load"]["state"] = "failed", now->meta["load"]["error"] = why;
    catalogue.update(*now);
    call.audit(tx, "open-data.cargar", id, "error", Json::object({{"motivo", why}}));
    call.pages_changed(tx);
    tx.commit();
}

void load(const concejo::Call& call, const std::string& id, const concejo::Job& job) {
    auto tx = call.begin();
    const auto resource = Catalogue(tx).resource(id);
    if (!resource || !waits(*resource)) return;  // it was removed, or another file came
    const auto& waiting = resource->meta["load"];
    const auto blob = waiting.string_or("blob", "");
    const Spool file(call, blob);
    Incoming incoming{file.path(),
                      waiting.string_or("file_name", ""),
                      waiting.string_or("media_type", ""),
                      {},
                      [&](const Resource& now) {
                          if (!waits(now) || now.meta["load"].string_or("blob", "") != blob)
                              throw Error(ErrorKind::conflict, N_("Mientras se cargaba llegó otro archivo."));
                      }};
    auto loaded = LoadFile(call, tx, waiting.string_or("by", "system:jobs"))(
        *resource, incoming, [&](std::uint64_t rows) {
            if (job.cancelled()) throw Error(ErrorKind::conflict, N_("La carga se canceló."));
            job(rows, 0);
        });
    loaded.resource.meta["load"] = Json();
    Catalogue(tx).update(loaded.resource);
    call.remove_blob(tx, blob);  // the version has its own use of it
    tx.commit();
}

void run_load(const concejo::Call& call, const Json& payload, const concejo::Job& job) {
    const auto id = payload.string_or("resource", "");
    std::string blob;
    {
        auto tx = call.begin();
        if (const auto resource = Catalogue(tx).resource(id))
            blob = resource->meta["load"].is_object() ? resource->meta["load"].string_or("blob", "")
                                                      : std::string();
    }
    try {
        load(call, id, job);
    } catch (const Error& error) {
        // What is wrong with the file will be wrong the next time; anything else may pass.
        if (error.kind() != ErrorKind::invalid && job.attempt() < load_attempts) throw;
        if (job.cancelled()) throw;
        note_failure(call, id, blob, error.what());
    }
}

/// Also those whose job is gone: what was restored from a copy has none.
void enqueue_waiting(const concejo::Call& call) {
    auto tx = call.begin();
    for (const auto row : tx.exec("SELECT id FROM open_data_resource WHERE meta #>> '{load,state}' = "
                                  "'waiting' AND state = 'active' LIMIT 1000")) {
        const auto job = call.find_job(tx, loads, row.text(0));
        if (job.is_null() || job.string_or("state", "") == "done")
            enqueue_load(call, tx, row.text(0));  // a cancelled one waits for a person
    }
    tx.commit();
}

}  // namespace

Resource load_later(const concejo::Call& call, concejo::Transaction& tx, Resource resource,
                    const Incoming& file, const std::string& by) {
    const auto blob = call.put_file(tx, file.path, file.media_type);
    if (const auto& before = resource.meta["load"];
        before.is_object() && before.string_or("blob", "") != resource.blob)
        call.remove_blob(tx, before.string_or("blob", ""));
    if (!resource.meta.is_object()) resource.meta = Json::object();
    resource.meta["load"] = Json::object({{"state", "waiting"},
                                          {"blob", blob},
                                          {"file_name", file.file_name},
                                          {"media_type", file.media_type},
                                          {"by", by}});
    if (!resource.tabular()) {
        resource.blob = blob, resource.bytes = static_cast<std::int64_t>(call.blob_size(blob));
        resource.file_name = file.file_name, resource.media_type = file.media_type;
    }
    enqueue_load(call, tx, resource.id);
    return Catalogue(tx).update(resource);
}

Json load_state(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource) {
    const auto& load = resource.meta["load"];
    if (!load.is_object()) return {};
    Json said = Json::object(
        {{"state", load.string_or("state", "")}, {"file_name", load.string_or("file_name", "")}});
    if (!waits(resource)) {
        said["text"] = call.tr(load.string_or("error", ""));
        return said;
    }
    const auto job = call.find_job(tx, loads, resource.id);
    const auto state = job.is_null() ? std::string() : job.string_or("state", "");
    const auto rows = job.is_null() ? 0 : job.int_or("done", 0);
    if (state == "cancelled" || state == "dead" || state == "discarded") said["state"] = "failed";
    said["text"] = state == "running" && rows > 0
                       ? counted(call,
                                 call.trn("Se está cargando: {n} fila hasta ahora.",
                                          "Se está cargando: {n} filas hasta ahora.", rows),
                                 rows)
                   : state == "running"   ? call.tr("Se está cargando.")
                   : state == "cancelled" ? call.tr("La carga se canceló.")
                   : state == "dead"      ? call.tr("La carga no pudo terminar.")
                                          : call.tr("Espera su turno para cargarse.");
    return said;
}

void load_again(const concejo::Call& call, concejo::Transaction& tx, Resource resource) {
    if (!resource.meta["load"].is_object()) return;
    resource.meta["load"]["state"] = "waiting", resource.meta["load"]["error"] = "";
    Catalogue(tx).update(resource);
    enqueue_load(call, tx, resource.id);
}

void register_loads(concejo::Kernel& kernel) {
    kernel.job(loads, run_load, {.label = N_("Carga de un archivo de datos"), .max_attempts = load_attempts});
    kernel.job("cargar-pendientes",
               [](const concejo::Call& call, const Json&, const concejo::Job&) { enqueue_waiting(call); },
               {.label = N_("Archivos de datos que esperan")});
    kernel.schedule(Json::object({{"kind", "cargar-pendientes"}, {"every_seconds", 600}}));
}

}  // namespace open_data
