#include "kernel/blobs/uploads.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"
#include "kernel/blobs/appender.hpp"
#include "kernel/blobs/records.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <sys/stat.h>

namespace kernel::blobs {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr db::Timeouts patient{60s, 10s, 10min};
constexpr auto orphan_age = 24h;

bool is_id(std::string_view id) {
    return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string media_type_in(std::string_view metadata) {
    auto type = metadata_value(metadata, "filetype");
    return type && type->size() <= 100 ? *type : std::string();
}

std::optional<std::uint64_t> number_or_null(const db::Rows& rows, std::size_t column) {
    if (rows.is_null(0, column)) return std::nullopt;
    return static_cast<std::uint64_t>(rows.integer(0, column));
}

}  // namespace

std::optional<std::string> metadata_value(std::string_view metadata, std::string_view key) {
    for (auto pair : base::split(metadata, ',')) {
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        const auto space = pair.find(' ');
        if (pair.substr(0, space) != key) continue;
        return base::unbase64(space == pair.npos ? std::string_view() : pair.substr(space + 1));
    }
    return std::nullopt;
}

Uploads::Uploads(Store& store, fs::path folder, UploadLimits limits)
    : store_(store), folder_(std::move(folder)), limits_(limits) {
    make_folder(folder_);
}

fs::path Uploads::file(const std::string& tenant, std::string_view id) const {
    return folder_ / db::Tenant::of(tenant).id / id;
}

Upload Uploads::create(db::Pool& pool, const std::string& tenant, const std::string& owner,
                       std::optional<std::uint64_t> bytes, std::string_view metadata) {
    if (bytes && *bytes > limits_.bytes)
        throw Error(ErrorKind::invalid, fmt::format("una subida puede ocupar {} MiB", limits_.bytes >> 20));
    Upload upload;
    upload.id = base::random_hex(16);
    upload.bytes = bytes;
    upload.metadata = metadata;
    auto tx = pool.begin_kernel(tenant);
    // One at a time for each municipality, so that the limits hold.
    tx.exec("select pg_advisory_xact_lock(hashtextextended($1, 0))", db::Params("concejo.uploads/" + tenant));
    const auto open = tx.exec(
        "select count(*) from concejo.uploads where tenant = $1 and owner = $2 and expires_at > now()",
        db::Params(tenant, owner));
    if (open.integer(0, 0) >= limits_.per_owner)
        throw Error(
            ErrorKind::unavailable,
            fmt::format(
                "hay {} subidas sin terminar o sin usar: termínelas, bórrelas o espere a que caduquen",
                open.integer(0, 0)));
    store_.require_room(tx, bytes.value_or(0));
    const auto row = tx.exec(
        "insert into concejo.uploads (tenant, id, owner, bytes, metadata, expires_at) "
        "values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6)) returning extract(epoch from "
        "expires_at)::bigint",
        db::Params(tenant, upload.id, owner, bytes, metadata, limits_.life.count()));
    upload.expires = row.integer(0, 0);
    const auto path = file(tenant, upload.id);
    if (make_folder(path.parent_path())) sync_folder(folder_);
    File::open(path, O_WRONLY | O_CREAT | O_EXCL, 0640).sync();
    sync_folder(path.parent_path());
    tx.commit();
    if (bytes == 0u) finish(pool, tenant, upload);
    return upload;
}

std::optional<Upload> Uploads::find(db::Pool& pool, const std::string& tenant, std::string_view id,
                                    const std::string& owner) const {
    if (!is_id(id)) return std::nullopt;
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        "select bytes, metadata, blob, extract(epoch from expires_at)::bigint, expires_at <= now() "
        "from concejo.uploads where tenant = $1 and id = $2 and owner = $3",
        db::Params(tenant, id, owner));
    if (rows.empty()) return std::nullopt;
    Upload upload;
    upload.id = id;
    upload.bytes = number_or_null(rows, 0);
    upload.metadata = rows.text(0, 1);
    upload.blob = rows.text(0, 2);
    upload.expires = rows.integer(0, 3);
    upload.expired = rows.boolean(0, 4);
    try {
        upload.offset = upload.blob.empty() ? durable_size(file(tenant, id)) : upload.bytes.value_or(0);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        return std::nullopt;  // it was begun on another node, whose disk is not ours
    }
    return upload;
}

void Uploads::set_bytes(db::Pool& pool, const std::string& tenant, const Upload& upload,
                        std::uint64_t bytes) {
    if (bytes > limits_.bytes)
        throw Error(ErrorKind::invalid, fmt::format("una subida puede ocupar {} MiB", limits_.bytes >> 20));
    auto tx = pool.begin_kernel(tenant);
    store_.require_room(tx, bytes, upload.id);
    const auto done = tx.exec(
        "update concejo.uploads set bytes = $3 where tenant = $1 and id = $2 "
        "and (bytes is null or bytes = $3)",
        db::Params(tenant, upload.id, bytes));
    if (done.affected() != 1) throw Error(ErrorKind::conflict, "el tamaño de una subida no cambia");
    tx.commit();
}

Upload Uploads::settle(db::Pool& pool, const std::string& tenant, const std::string& owner,
                       std::string_view id) {
    auto upload = find(pool, tenant, id, owner);
    if (!upload) throw Error(ErrorKind::not_found, "no hay ninguna subida con esa dirección");
    if (!upload->blob.empty()) return *upload;
    {
        auto tx = pool.begin_kernel(tenant);
        const auto row = tx.exec(
            "update concejo.uploads set expires_at = now() + make_interval(secs => $3) where tenant = $1 and "
            "id = $2 returning extract(epoch from expires_at)::bigint",
            db::Params(tenant, id, limits_.life.count()));
        tx.commit();
        if (row.empty()) throw Error(ErrorKind::not_found, "no hay ninguna subida con esa dirección");
        upload->expires = row.integer(0, 0);
    }
    if (upload->complete()) finish(pool, tenant, *upload);
    return *upload;
}

// Whatever stops this half way (a killed worker, a database that is away) leaves the file with all of its
// bytes: the next to ask finishes it.
void Uploads::finish(db::Pool& pool, const std::string& tenant, Upload& upload) {
    const auto path = file(tenant, upload.id);
    StagedFile staged;
    try {
        close_for_appending(path);
        staged = Store::stage(path);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;  // else somebody else has just finished it
    }
    auto tx = pool.begin_kernel(tenant, patient);
    const auto row = tx.exec("select blob from concejo.uploads where tenant = $1 and id = $2 for update",
                             db::Params(tenant, upload.id));
    if (row.empty() || (row.is_null(0, 0) && staged.id.empty()))
        throw Error(ErrorKind::not_found, "la subida se ha borrado");
    upload.blob = row.text(0, 0);
    if (upload.blob.empty()) {
        const auto blob = store_.adopt(tx, staged, media_type_in(upload.metadata), {}, upload.id);
        tx.exec("update concejo.uploads set blob = $3 where tenant = $1 and id = $2",
                db::Params(tenant, upload.id, blob.id));
        tx.commit();
        upload.blob = blob.id;
    }
    ::unlink(path.c_str());
}

bool Uploads::terminate(db::Pool& pool, const std::string& tenant, const std::string& owner,
                        std::string_view id) {
    if (!is_id(id)) return false;
    auto tx = pool.begin_kernel(tenant);
    const bool there = tx.exec(
                             "delete from concejo.uploads where tenant = $1 and id = $2 and owner = $3 and "
                             "expires_at > now()",
                             db::Params(tenant, id, owner))
                           .affected() == 1;
    tx.commit();
    if (there) ::unlink(file(tenant, id).c_str());
    return there;
}

Taken Uploads::take(db::Transaction& tx, std::string_view id, const std::string& owner,
                    std::string_view plugin) {
    const auto rows = is_id(id) ? tx.exec_kernel(
                                      "delete from concejo.uploads where tenant = $1 and id = $2 and "
                                      "(owner = $3 or $3 like 'system:%') and expires_at > now() "
                                      "returning bytes, metadata, blob",
                                      db::Params(tx.tenant().id, id, owner))
                                : db::Rows();
    if (rows.empty())
        throw Error(ErrorKind::not_found, "la subida no existe o ha caducado: vuelva a subir el fichero");
    Taken taken;
    const auto metadata = rows.text(0, 1);
    taken.filename = metadata_value(metadata, "filename").value_or("");
    if (!rows.is_null(0, 2)) {
        taken.blob = store_.describe(tx, rows.value(0, 2));
        store_.keep(tx, taken.blob.id, plugin);
        return taken;
    }
    const auto path = file(tx.tenant().id, id);
    std::error_code error;
    const auto there = fs::file_size(path, error);
    if (error || rows.is_null(0, 0) || static_cast<std::int64_t>(there) != rows.integer(0, 0))
        throw Error(ErrorKind::conflict, "la subida no ha terminado: espere a que acabe y repita el envío");
    close_for_appending(path);
    taken.blob = store_.adopt(tx, Store::stage(path), media_type_in(metadata), plugin, id);
    return taken;
}

std::size_t Uploads::remove_expired(db::Pool& pool, const std::string& tenant) {
    std::size_t removed = 0;
    {
        auto tx = pool.begin_kernel(tenant);
        const auto rows =
            tx.exec("delete from concejo.uploads where tenant = $1 and expires_at <= now() returning id",
                    db::Params(tenant));
        tx.commit();
        removed = rows.rows();
        for (std::size_t i = 0; i < rows.rows(); ++i) ::unlink(file(tenant, rows.value(i, 0)).c_str());
    }
    const auto oldest = std::chrono::system_clock::now() - orphan_age;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_ / db::Tenant::of(tenant).id, error)) {
        struct stat info {};
        if (::stat(entry.path().c_str(), &info) != 0 ||
            std::chrono::system_clock::from_time_t(info.st_mtime) > oldest)
            continue;
        auto tx = pool.begin_kernel(tenant);
        const bool known = !tx.exec("select from concejo.uploads where tenant = $1 and id = $2",
                                    db::Params(tenant, entry.path().filename().string()))
                                .empty();
        if (!known && ::unlink(entry.path().c_str()) == 0) ++removed;
    }
    return removed;
}

}  // namespace kernel::blobs
