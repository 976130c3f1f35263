#include "pull.hpp"

#include "load_file.hpp"
#include "trouble.hpp"

#include <concejo/text.hpp>

#include <algorithm>
#include <functional>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::HttpAnswer;

constexpr int pull_attempts = 3;
constexpr std::int64_t largest_download = 512 << 20;  ///< bytes
constexpr const char* pulls = "descargar";

std::string header_of(const HttpAnswer& answer, std::string_view wanted) {
    for (const auto& [name, value] : answer.headers)
        if (name.size() == wanted.size() &&
            std::equal(name.begin(), name.end(), wanted.begin(),
                       [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; }))
            return value;
    return {};
}

/// One job for each resource and address: a new address does not wait for the attempts at the old one.
std::string pull_key(const concejo::Rows::Row& row) {
    return row.text(0) + "@" + std::to_string(std::hash<std::string>()(row.text(1)));
}

/// In the transaction of whoever enqueues: the job asks the network before it may read.
void enqueue_pull(const concejo::Call& call, concejo::Transaction& tx, const concejo::Rows::Row& row) {
    call.enqueue(tx, Json::object({{"kind", pulls},
                                   {"payload", Json::object({{"resource", row.text(0)},
                                                             {"url", row.text(1)},
                                                             {"etag", row.text(2)},
                                                             {"modified", row.text(3)}})},
                                   {"unique", pull_key(row)},
                                   {"max_attempts", pull_attempts}}));
}

constexpr auto due_columns =
    "SELECT p.resource, p.url, p.etag, p.modified FROM open_data_pull p JOIN open_data_resource r ON r.id = "
    "p.resource JOIN open_data_dataset d ON d.id = r.dataset "
    "WHERE r.state = 'active' AND d.state IN ('draft', 'review', 'published') ";

void enqueue_due(const concejo::Call& call) {
    auto tx = call.begin();
    for (const auto row :
         tx.exec(std::string(due_columns) + "AND p.next_at <= now() ORDER BY p.next_at LIMIT 200")) {
        enqueue_pull(call, tx, row);
        tx.exec(
            "UPDATE open_data_pull SET next_at = now() + ('1 ' || every)::interval WHERE resource = $1::uuid",
            row.text(0));
    }
    tx.commit();
}

HttpAnswer ask_for(const concejo::Call& call, const Json& payload) {
    Json headers = Json::array();
    for (const auto& [field, key] : {std::pair("If-None-Match", "etag"), {"If-Modified-Since", "modified"}})
        if (const auto value = payload.string_or(key, ""); !value.empty())
            headers.push_back(Json::array({field, value}));
    return call.http(Json::object({{"url", payload.string_or("url", "")},
                                   {"headers", headers},
                                   {"seconds", 300},
                                   {"max_bytes", largest_download},
                                   {"to_file", true}}));
}

/// What this download is called: as the resource's file, else as the address ends.
std::string download_name(const Resource& resource, const HttpAnswer& answer) {
    if (!resource.file_name.empty()) return resource.file_name;
    auto name = answer.url.substr(0, answer.url.find_first_of("?#"));
    name = name.substr(name.rfind('/') + 1);
    std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x21; });
    return name.empty() || name.size() > 150 ? "datos" : name;
}

/// Throws for what a server gives when something is wrong with it: it would take the place of good data.
void need_the_same_kind(const HttpAnswer& answer, const Resource& before, const Resource& after) {
    if (header_of(answer, "content-type").starts_with("text/html"))
        throw Error(ErrorKind::invalid, N_("El servidor da una página web en vez del archivo."));
    if (before.version == 0 || !before.columns.is_array() || before.columns.empty()) return;
    for (const auto& old : before.columns.as_array())
        for (const auto& column : after.columns.as_array())
            if (old.string_or("name", "") == column.string_or("name", "")) return;
    throw Error(ErrorKind::invalid, N_("El archivo ya no tiene ninguna de las columnas que tenía."));
}

struct Outcome {
    std::string what, error, etag, modified;
};

/// In `tx`: the next version, or nothing where it is the same file.
Outcome take(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource,
             const HttpAnswer& answer, const concejo::Job& job) {
    Outcome outcome{"same", {}, header_of(answer, "etag"), header_of(answer, "last-modified")};
    if (answer.status == 304) return outcome;
    if (answer.status !=
        200)  // what is wrong with the server may pass, what is wrong with the address may not
        throw Error(
            answer.status >= 500 || answer.status == 429 ? ErrorKind::unavailable : ErrorKind::invalid,
            concejo::fill(call.tr("El servidor contesta {estado}."),
                          {{"estado", std::to_string(answer.status)}}));
    if (answer.sha256 == resource.blob && resource.tabular()) return outcome;
    if (answer.bytes == 0) throw Error(ErrorKind::invalid, N_("El servidor da un archivo vacío."));
    need_the_same_kind(answer, resource, resource);
    auto type = header_of(answer, "content-type");
    type = type.substr(0, type.find(';'));
    const auto loaded =
        LoadFile(call, tx, "system:descarga")(resource,
                                              {answer.file,
                                               download_name(resource, answer),
                                               type.empty() ? "application/octet-stream" : type,
                                               {},
                                               {}},
                                              [&](std::uint64_t rows) { job(rows, 0); });
    need_the_same_kind(answer, resource, loaded.resource);
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

void note(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource,
          const std::string& url, const Outcome& outcome) {
    const bool failed = outcome.what == "failed";
    tell(call, tx, resource, url, failed ? call.tr(outcome.error) : std::string());
    // 304 need not repeat what it was asked by.
    tx.exec(
        "UPDATE open_data_pull SET asked_at = now(), outcome = $3, error = $4, failures = CASE WHEN $3 = "
        "'failed' THEN failures + 1 ELSE 0 END, "
        "etag = CASE WHEN $5 <> '' THEN $5 WHEN $3 = 'loaded' THEN '' ELSE etag END, modified = CASE WHEN $6 "
        "<> '' THEN $6 WHEN $3 = 'loaded' THEN '' ELSE modified END "
        "WHERE resource = $1::uuid AND url = $2",
        resource, url, outcome.what, outcome.error, outcome.etag, outcome.modified);
    if (failed)
        call.audit(tx, "open-data.descargar", resource, "error",
                   Json::object({{"direccion", url}, {"motivo", outcome.error}}));
}

void run_pull(const concejo::Call& call, const Json& payload, const concejo::Job& job) {
    const auto id = payload.string_or("resource", ""), url = payload.string_or("url", "");
    const auto give_up = [&](const Error& error) {
        // Another server's weakness may pass; what may not be asked, or is no table, will be so the next
        // time.
        if (error.kind() != ErrorKind::invalid && error.kind() != ErrorKind::forbidden &&
            job.attempt() < pull_attempts)
            throw;
        auto tx = call.begin();
        note(call, tx, id, url, {"failed", error.what(), {}, {}});
        tx.commit();
    };
    try {
        const auto answer = ask_for(call, payload);
        auto tx = call.begin();
        const auto resource = Catalogue(tx).resource(id);
        if (!resource ||
            tx.exec("SELECT FROM open_data_pull WHERE resource = $1::uuid AND url = $2", id, url).empty())
            return;
        note(call, tx, id, url, take(call, tx, *resource, answer, job));
        tx.commit();
    } catch (const Error& error) {
        give_up(error);
    }
}

}  // namespace

std::optional<Pull> Pulls::find(const std::string& resource) {
    const auto rows = tx_.exec(
        "SELECT url, every, outcome, error, coalesce(extract(epoch FROM asked_at), 0)::bigint, extract(epoch "
        "FROM next_at)::bigint, failures FROM open_data_pull WHERE resource = $1::uuid",
        resource);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Pull{row.text(0),
                row.text(1),
                row.text(2),
                row.text(3),
                row.integer(4),
                row.integer(5),
                static_cast<int>(row.integer(6))};
}

void Pulls::save(const std::string& resource, const std::string& url, const std::string& every) {
    tx_.exec(
        "INSERT INTO open_data_pull (resource, url, every) VALUES ($1::uuid, $2, $3) ON CONFLICT (resource) "
        "DO UPDATE SET url = $2, every = $3, etag = '', modified = '', "
        "next_at = now(), outcome = '', error = '', failures = 0",
        resource, url, every);
}

void Pulls::remove(const std::string& resource) {
    tx_.exec("DELETE FROM open_data_pull WHERE resource = $1::uuid", resource);
}

std::vector<std::pair<std::string, int>> Pulls::failing() {
    std::vector<std::pair<std::string, int>> all;
    for (const auto row : tx_.exec(
             "SELECT r.dataset, count(*) FROM open_data_pull p JOIN open_data_resource r ON r.id = "
             "p.resource WHERE p.outcome = 'failed' AND r.state = 'active' GROUP BY r.dataset LIMIT 1000"))
        all.emplace_back(row.text(0), static_cast<int>(row.integer(1)));
    return all;
}

void pull_now(const concejo::Call& call, concejo::Transaction& tx, const std::string& resource) {
    for (const auto row : tx.exec(std::string(due_columns) + "AND p.resource = $1::uuid", resource)) {
        // Between two attempts: whoever asks for it now does not wait for the next.
        if (call.find_job(tx, pulls, pull_key(row)).string_or("state", "") == "waiting")
            call.cancel_jobs(tx, pulls, pull_key(row));
        enqueue_pull(call, tx, row);
        tx.exec(
            "UPDATE open_data_pull SET next_at = now() + ('1 ' || every)::interval WHERE resource = $1::uuid",
            resource);
    }
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
