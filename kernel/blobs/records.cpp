#include "kernel/blobs/records.hpp"

namespace kernel::blobs::records {
namespace {

std::string lock_name(const std::string& tenant, const std::string& stripe) {
    return "concejo.blobs/" + tenant + "/" + stripe;
}

}  // namespace

void hold_stripe(db::Transaction& tx, const Key& key) {
    tx.exec_kernel("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))",
                   db::Params(lock_name(key.tenant, key.stripe())));
}

bool try_own_stripe(db::Transaction& tx, const std::string& tenant, const std::string& stripe) {
    return tx
        .exec_kernel("select pg_try_advisory_xact_lock(hashtextextended($1, 0))",
                     db::Params(lock_name(tenant, stripe)))
        .boolean(0, 0);
}

void add(db::Transaction& tx, const Blob& blob, std::string_view plugin) {
    tx.exec_kernel(
        "with content as (insert into concejo.blobs (tenant, id, bytes, media_type) values ($1, $2, $3, $4) "
        "on conflict (tenant, id) do update set unused_since = null, damaged_at = null returning 1) insert "
        "into concejo.blob_uses (tenant, blob, plugin, uses) select $1, $2, $5, 1 from content where $5 <> "
        "'' on conflict (tenant, blob, plugin) do update set uses = blob_uses.uses + 1",
        db::Params(tx.tenant().id, blob.id, blob.bytes, blob.media_type, plugin));
}

// The content's row is written too: a collector that has looked at it already looks again and sees that it is
// used.
bool use(db::Transaction& tx, std::string_view id, std::string_view plugin) {
    return tx.exec_kernel(
                 "with content as (update concejo.blobs set unused_since = null where tenant = $1 and id = "
                 "$2 returning 1) insert into concejo.blob_uses (tenant, blob, plugin, uses) select $1, $2, "
                 "$3, 1 from content on conflict (tenant, blob, plugin) do update set uses = blob_uses.uses "
                 "+ 1",
                 db::Params(tx.tenant().id, id, plugin))
               .affected() == 1;
}

bool unuse(db::Transaction& tx, std::string_view id, std::string_view plugin) {
    const db::Params one(tx.tenant().id, id, plugin);
    return tx.exec_kernel(
                 "update concejo.blob_uses set uses = uses - 1 "
                 "where tenant = $1 and blob = $2 and plugin = $3 and uses > 1",
                 one)
                   .affected() == 1 ||
           tx.exec_kernel("delete from concejo.blob_uses where tenant = $1 and blob = $2 and plugin = $3",
                          one)
                   .affected() == 1;
}

std::optional<Blob> find(db::Transaction& tx, std::string_view id) {
    const auto rows =
        tx.exec_kernel("select bytes, media_type from concejo.blobs where tenant = $1 and id = $2",
                       db::Params(tx.tenant().id, id));
    if (rows.empty()) return std::nullopt;
    return Blob{std::string(id), static_cast<std::uint64_t>(rows.integer(0, 0)), rows.text(0, 1)};
}

std::uint64_t bytes_of(db::Transaction& tx, std::string_view except_upload) {
    const auto rows = tx.exec_kernel(
        "select (select coalesce(sum(bytes), 0) from concejo.blobs where tenant = $1)::bigint + "
        "(select coalesce(sum(bytes), 0) from concejo.uploads "
        "where tenant = $1 and blob is null and id <> $2 and expires_at > now())::bigint",
        db::Params(tx.tenant().id, except_upload));
    return static_cast<std::uint64_t>(rows.integer(0, 0));
}

}  // namespace kernel::blobs::records
