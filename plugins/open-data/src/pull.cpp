#include "pull.hpp"

#include "download.hpp"
#include "fields.hpp"
#include "kept_file.hpp"
#include "shown.hpp"
#include "trouble.hpp"

#include <concejo/text.hpp>

#include <algorithm>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::HttpAnswer;

constexpr int pull_attempts = 3;
constexpr const char* pulls = "descargar";

constexpr auto due_columns =
    "SELECT p.resource, p.url, p.etag, p.modified, p.resource || '@' || encode(sha256(convert_to(p.url, "
    "'UTF8')), 'hex') FROM open_data_pull p JOIN open_data_resource r ON r.id = p.resource JOIN "
    "open_data_dataset d ON d.id = r.dataset "
    "WHERE r.state IN ('active', 'waiting') AND d.state IN ('draft', 'review', 'published') ";
/// Of one that is asked for once: when it is looked at again whether anybody did.
constexpr auto set_next =
    "UPDATE open_data_pull SET next_at = now() + CASE every WHEN 'once' THEN interval '1 day' ELSE ('1 ' || "
    "every)::interval END WHERE resource = $1::uuid";

/// One job for each resource and address: a new address does not wait for the attempts at the old one.
std::string pull_key(const concejo::Rows::Row& due) { return due.text(4); }

/// In the transaction of whoever enqueues: the job asks the network before it may read.
void enqueue_pull(const concejo::Call& call, concejo::Transaction& tx, const concejo::Rows::Row& due) {
    call.enqueue(tx, Json::object({{"kind", pulls},
                                   {"payload", Json::object({{"resource", due.text(0)},
                                                             {"url", due.text(1)},
                                                             {"etag", due.text(2)},
                                                             {"modified", due.text(3)},
                                                             {"key", pull_key(due)}})},
                                   {"unique", pull_key(due)},
                                   {"max_attempts", pull_attempts}}));
}

void enqueue_due(const concejo::Call& call) {
    auto tx = call.begin();
    for (
        const auto row : tx.exec(
            std::string(due_columns) +
            "AND p.next_at <= now() AND (p.every <> 'once' OR p.outcome = '') ORDER BY p.next_at LIMIT 200")) {
        enqueue_pull(call, tx, row);
        tx.exec(set_next, row.text(0));
    }
    tx.commit();
}

/// Throws where nothing of what there was is left: it would take the place of good data.
void need_the_same_kind(const Resource& before, const Resource& after) {
    if (before.version == 0 || !before.columns.is_array() || before.columns.empty()) return;
    for (const auto& old : before.columns.as_array())
        for (const auto& column : after.columns.as_array())
            if (old.string_or("name", "") == column.string_or("name", "")) return;
    throw Error(ErrorKind::invalid, N_("El archivo ya no tiene ninguna de las columnas que tenía."));
}

struct Outcome {
    std::string what, error, advice, etag, modified;
};

/// Its first file has come: from here on it is a resource like any other, called as its file where nobody said.
void show_from_now_on(concejo::Transaction& tx, Resource& resource, const std::string& file_name) {
    if (!resource.meta.is_object()) resource.meta = Json::object();
    if (text_in(resource.meta["name"], "es").empty())
        resource.meta["name"] = Json::object({{"es", title_of_file(file_name)}});
    tx.exec("UPDATE open_data_resource SET state = 'active', meta = $2::jsonb WHERE id = $1::uuid",
            resource.id, resource.meta);
    resource.state = "active";
}

void load_table(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource,
                const Incoming& file, const concejo::Job& job) {
    try {
        const auto loaded =
            LoadFile(call, tx, "system:descarga")(resource, file, [&](std::uint64_t rows) { job(rows, 0); });
        need_the_same_kind(resource, loaded.resource);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::invalid || resource.version > 0) throw;
        throw NoFile(error.kind(), error.what(),
                     is_table(ending_of(file.file_name))
                         ? N_("Abra el archivo y compruebe que es una tabla: CSV, Excel, ODS o JSON.")
                         : N_("Si es un documento para descargar, marque que se guarde tal cual."));
    }
}

/// In `tx`: the next version, or nothing where it is the same file.
Outcome take(const concejo::Call& call, concejo::Transaction& tx, Resource resource, bool as_it_is,
             const HttpAnswer& answer, const concejo::Job& job) {
    Outcome outcome{"same", {}, {}, header_of(answer, "etag"), header_of(answer, "last-modified")};
    if (resource.state != "waiting") as_it_is = is_kept(resource);  // what it is by now
    if (answer.status == 304) return outcome;
    if (answer.sha256 == resource.blob && (resource.tabular() || as_it_is)) return outcome;
    const auto type = media_type_of(answer);
    const auto name = resource.file_name.empty()
                          ? name_of_download(answer.url, header_of(answer, "content-disposition"), type)
                          : resource.file_name;
    const auto file = with_media_type({answer.file, name, type, {}, {}});
    if (resource.state == "waiting") show_from_now_on(tx, resource, name);
    if (as_it_is) {
        const auto kept = keep_file(call, tx, resource, file);
        call.audit(tx, "open-data.cargar", kept.id, "ok", Json::object({{"sha256", kept.blob}}));
        call.pages_changed(tx);
    } else {
        load_table(call, tx, resource, file, job);
    }
    outcome.what = "loaded";
    return outcome;
}

/// Whoever answers for the data, where it begins to fail or works again.
void tell(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource,
          const std::string& url, const std::string& error) {
    for (const auto row :
         tx.exec("SELECT p.failures, d.name FROM open_data_pull p JOIN open_data_resource r ON r.id = "
                 "p.resource JOIN open_data_dataset d ON d.id = r.dataset WHERE p.resource = $1::uuid AND "
                 "p.url = $2",
                 resource, url))
        tell_of_trouble(call, tx,
                        {concejo::fill(call.tr("descarga de {direccion}"), {{"direccion", url}}), error,
                         "/gestion/datos/" + row.text(1)},
                        row.integer(0) > 0);
}

/// `first`: nothing was there before, and somebody looks at the page where it is asked for.
void note(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource,
          const std::string& url, const Outcome& outcome, bool first) {
    const bool failed = outcome.what == "failed";
    if (!first) tell(call, tx, resource, url, failed ? call.tr(outcome.error) : std::string());
    // 304 need not repeat what it was asked by.
    tx.exec(
        "UPDATE open_data_pull SET asked_at = now(), outcome = $3, error = $4, advice = $7, failures = CASE WHEN $3 = "
        "'failed' THEN failures + 1 ELSE 0 END, "
        "etag = CASE WHEN $5 <> '' THEN $5 WHEN $3 = 'loaded' THEN '' ELSE etag END, modified = CASE WHEN $6 "
        "<> '' THEN $6 WHEN $3 = 'loaded' THEN '' ELSE modified END "
        "WHERE resource = $1::uuid AND url = $2",
        resource, url, outcome.what, outcome.error, outcome.etag, outcome.modified, outcome.advice);
    if (failed)
        call.audit(tx, "open-data.descargar", resource, "error",
                   Json::object({{"direccion", url}, {"motivo", outcome.error}}));
}

/// One that waits since before keys were what they are, while there is another for the same address.
bool superseded(const concejo::Call& call, concejo::Transaction& tx, const Json& payload) {
    if (payload.contains("key")) return false;
    for (const auto due : tx.exec(std::string(due_columns) + "AND p.resource = $1::uuid AND p.url = $2",
                                  payload.string_or("resource", ""), payload.string_or("url", "")))
        return !call.find_job(tx, pulls, pull_key(due)).is_null();
    return true;
}

/// What was asked for, where it is still wanted: the resource, and whether it is kept as it comes.
std::optional<std::pair<Resource, bool>> still_wanted(const concejo::Call& call, concejo::Transaction& tx,
                                                      const Json& payload) {
    const auto id = payload.string_or("resource", "");
    const auto pull = Pulls(tx).find(id);
    if (!pull || pull->url != payload.string_or("url", "") || superseded(call, tx, payload)) return {};
    Catalogue catalogue(tx);
    auto resource = catalogue.resource(id);
    if (!resource) resource = catalogue.resource(id, "waiting");
    if (!resource) return {};
    return std::pair(std::move(*resource), pull->as_it_is);
}

void run_pull(const concejo::Call& call, const Json& payload, const concejo::Job& job) {
    const auto id = payload.string_or("resource", ""), url = payload.string_or("url", "");
    const auto give_up = [&](const Error& error, const std::string& advice) {
        // Another server's weakness may pass; what may not be asked, or is no table, will be so the next
        // time.
        if (error.kind() != ErrorKind::invalid && error.kind() != ErrorKind::forbidden &&
            job.attempt() < pull_attempts)
            throw;
        auto tx = call.begin();
        const auto found = still_wanted(call, tx, payload);
        if (!found) return;
        note(call, tx, id, url, {"failed", error.what(), advice, {}, {}}, found->first.state == "waiting");
        tx.commit();
    };
    try {
        const auto answer =
            download(call, url, payload.string_or("etag", ""), payload.string_or("modified", ""));
        auto tx = call.begin();
        const auto found = still_wanted(call, tx, payload);
        if (!found) return;
        note(call, tx, id, url, take(call, tx, found->first, found->second, answer, job),
             found->first.state == "waiting");
        tx.commit();
    } catch (const NoFile& error) {
        give_up(error, error.advice());
    } catch (const Error& error) {
        give_up(error, {});
    }
}

}  // namespace

std::optional<Pull> Pulls::find(const std::string& resource) {
    const auto rows = tx_.exec(
        "SELECT url, every, as_it_is, outcome, error, advice, coalesce(extract(epoch FROM asked_at), 0)::bigint, "
        "CASE every WHEN 'once' THEN 0 ELSE extract(epoch FROM next_at) END::bigint, failures FROM "
        "open_data_pull WHERE resource = $1::uuid",
        resource);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Pull{row.text(0),    row.text(1),    row.boolean(2),
                row.text(3),    row.text(4),    row.text(5),
                row.integer(6), row.integer(7), static_cast<int>(row.integer(8))};
}

std::optional<Resource> Pulls::at(const Dataset& dataset, const std::string& url) {
    for (
        const auto row : tx_.exec(
            "SELECT r.id, r.state FROM open_data_pull p JOIN open_data_resource r ON r.id = p.resource WHERE "
            "r.dataset = $1::uuid AND p.url = $2 AND r.state IN ('active', 'waiting') ORDER BY r.state, r.id",
            dataset.id, url))
        return Catalogue(tx_).resource(row.text(0), row.text(1));
    return std::nullopt;
}

void Pulls::save(const std::string& resource, const std::string& url, const std::string& every,
                 bool as_it_is) {
    tx_.exec(
        "INSERT INTO open_data_pull (resource, url, every, as_it_is) VALUES ($1::uuid, $2, $3, $4) ON CONFLICT "
        "(resource) DO UPDATE SET url = $2, every = $3, as_it_is = $4, etag = '', modified = '', "
        "next_at = now(), outcome = '', error = '', advice = '', failures = 0",
        resource, url, every, as_it_is);
}

void Pulls::remove(const std::string& resource) {
    tx_.exec("DELETE FROM open_data_pull WHERE resource = $1::uuid", resource);
}

std::vector<std::pair<std::string, int>> Pulls::failing() {
    std::vector<std::pair<std::string, int>> all;
    for (
        const auto row : tx_.exec(
            "SELECT r.dataset, count(*) FROM open_data_pull p JOIN open_data_resource r ON r.id = "
            "p.resource WHERE p.outcome = 'failed' AND r.state IN ('active', 'waiting') GROUP BY r.dataset LIMIT 1000"))
        all.emplace_back(row.text(0), static_cast<int>(row.integer(1)));
    return all;
}

void cancel_pull(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource) {
    for (const auto row : tx.exec(std::string(due_columns) + "AND p.resource = $1::uuid", resource))
        if (call.find_job(tx, pulls, pull_key(row)).string_or("state", "") == "waiting")
            call.cancel_jobs(tx, pulls, pull_key(row));
}

void pull_now(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource) {
    cancel_pull(call, tx, resource);  // between two attempts: whoever asks for it now does not wait
    for (const auto row : tx.exec(std::string(due_columns) + "AND p.resource = $1::uuid", resource)) {
        enqueue_pull(call, tx, row);
        tx.exec(set_next, resource);
    }
}

PullState pull_state(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource,
                     const Pull& pull) {
    if (pull.outcome == "failed")
        return {PullState::failed, as_sentence(call.tr(pull.error)),
                pull.advice.empty() ? std::string() : call.tr(pull.advice)};
    if (!pull.outcome.empty()) return {PullState::done, {}, {}};
    Json job;
    for (const auto row : tx.exec(std::string(due_columns) + "AND p.resource = $1::uuid", resource))
        job = call.find_job(tx, pulls, pull_key(row));
    const auto state = job.is_null() ? std::string() : job.string_or("state", "");
    if (state == "running") {
        const auto rows = job.int_or("done", 0);
        return {PullState::running,
                rows > 0 ? counted(call,
                                   call.trn("Se está cargando: {n} fila hasta ahora.",
                                            "Se está cargando: {n} filas hasta ahora.", rows),
                                   rows)
                         : call.tr("Se está descargando."),
                {}};
    }
    if (state == "waiting" && job.int_or("attempts", 0) > 0)
        return {PullState::again, as_sentence(call.tr(job.string_or("error", ""))),
                call.tr("Se intentará otra vez dentro de un momento. Si la dirección está mal, corríjala.")};
    if (state == "waiting") return {PullState::waiting, call.tr("Espera su turno para descargarse."), {}};
    return {PullState::failed, call.tr("La descarga no pudo terminar."), call.tr("Vuelva a intentarlo.")};
}

void register_pulls(concejo::Kernel& kernel) {
    kernel.job(
        pulls, run_pull,
        {.label = N_("Descarga de un archivo de datos"), .max_attempts = pull_attempts, .backoff_s = 60});
    kernel.job("descargas",
               [](const concejo::Call& call, const Json&, const concejo::Job&) { enqueue_due(call); },
               {.label = N_("Archivos de datos que toca descargar")});
    kernel.schedule(Json::object({{"kind", "descargas"}, {"every_seconds", 300}}));
}

}  // namespace open_data
