#include "kernel/identity/idempotency.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/identity/row_values.hpp"

#include <concejo/error.hpp>
#include <concejo/json.hpp>

#include <algorithm>

namespace kernel::identity {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using db::Bytes;
using db::Params;

/// Begun in a transaction of its own and never finished: its process died. No handler runs as long.
constexpr std::chrono::minutes abandoned{5};
constexpr const char* lock_not_available = "55P03";

void require_key(std::string_view key) {
    const bool fits = !key.empty() && key.size() <= 200 &&
                      std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; });
    if (!fits)
        throw Error(
            ErrorKind::invalid,
            "la clave de repetición (Idempotency-Key) debe tener de 1 a 200 caracteres ASCII sin espacios");
}

std::string written(const StoredAnswer& answer) {
    return Json::object(
               {{"location", answer.location}, {"media_type", answer.media_type}, {"body", answer.body}})
        .dump();
}

StoredAnswer read(int status, const std::string& text) {
    const auto json = Json::parse(text);
    return {status, json.string_or("location", ""), json.string_or("media_type", ""),
            json.string_or("body", "")};
}

/// Whether the row is ours now. Waits for another transaction that has just written it; nothing where that
/// takes too long.
std::optional<bool> claim(db::Transaction& tx, const Params& values) {
    auto attempt = tx.sub();
    try {
        const auto rows = tx.exec_kernel(
            "insert into idempotency_keys (tenant, owner, key, route, request_hash, created_at) values ($1, "
            "$2, $3, $4, $5, $6) on conflict (tenant, owner, key) do update set created_at = "
            "excluded.created_at, route = excluded.route, request_hash = excluded.request_hash where "
            "idempotency_keys.status is null and idempotency_keys.created_at < $7 returning 1",
            values);
        attempt.release();
        return !rows.empty();
    } catch (const db::DbError& error) {
        if (error.sqlstate() == lock_not_available) return std::nullopt;
        throw;
    }
}

}  // namespace

IdempotencyOutcome Idempotency::begin(db::Transaction& tx, std::string_view owner, std::string_view key,
                                      std::string_view route, std::string_view request_hash) const {
    require_key(key);
    const auto now = clock_.now();
    const auto& tenant = tx.tenant().id;
    const auto mine = claim(
        tx, Params(tenant, owner, key, route, Bytes{request_hash}, sql_time(now), sql_time(now - abandoned)));
    if (!mine) return {Repeat::in_progress, std::nullopt};
    if (*mine) return {Repeat::fresh, std::nullopt};
    const auto rows = tx.exec_kernel(
        "select route, request_hash, status, response from idempotency_keys "
        "where tenant = $1 and owner = $2 and key = $3",
        Params(tenant, owner, key));
    if (rows.empty())
        return {Repeat::in_progress, std::nullopt};  // removed as too old between the two statements
    if (rows.value(0, 0) != route || !base::equals_constant_time(rows.bytes(0, 1), request_hash))
        return {Repeat::mismatch, std::nullopt};
    if (rows.is_null(0, 2)) return {Repeat::in_progress, std::nullopt};
    return {Repeat::replay, read(static_cast<int>(rows.integer(0, 2)), rows.bytes(0, 3))};
}

void Idempotency::finish(db::Transaction& tx, std::string_view owner, std::string_view key,
                         const StoredAnswer& answer) const {
    const auto rows = tx.exec_kernel(
        "update idempotency_keys set status = $1, response = $2 where tenant = $3 and owner = $4 "
        "and key = $5 and status is null",
        Params(answer.status, Bytes{written(answer)}, tx.tenant().id, owner, key));
    if (rows.affected() == 0)
        throw Error(ErrorKind::internal, "se termina una petición repetible que no se había empezado");
}

void Idempotency::forget(db::Transaction& tx, std::string_view owner, std::string_view key) const {
    tx.exec_kernel(
        "delete from idempotency_keys where tenant = $1 and owner = $2 and key = $3 and status is null",
        Params(tx.tenant().id, owner, key));
}

}  // namespace kernel::identity
