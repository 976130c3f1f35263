#include "removal.hpp"

#include "news.hpp"
#include "snapshot.hpp"

namespace open_data {
namespace {

constexpr int removed_at_once = 100;

void purge_resource(const concejo::Call& call, concejo::Transaction& tx, std::string_view id) {
    const auto tables = tx.exec(
        "SELECT table_name FROM open_data_version WHERE table_name IS NOT NULL AND resource = $1::uuid "
        "UNION SELECT table_name FROM open_data_resource WHERE table_name IS NOT NULL AND id = $1::uuid",
        id);
    // Each load and each dump put its file once; a file that was only stored has no version.
    const auto blobs = tx.exec(
        "SELECT blob FROM open_data_version WHERE blob IS NOT NULL AND erased_at IS NULL AND resource = $1::uuid "
        "UNION ALL SELECT dump FROM open_data_version WHERE dump IS NOT NULL AND erased_at IS NULL AND resource = $1::uuid "
        "UNION ALL SELECT blob FROM open_data_dump WHERE resource = $1::uuid "
        "UNION ALL SELECT meta #>> '{load,blob}' FROM open_data_resource WHERE id = $1::uuid "
        "AND meta #>> '{load,blob}' <> '' AND meta #>> '{load,blob}' IS DISTINCT FROM blob "
        "UNION ALL SELECT r.blob FROM open_data_resource r WHERE r.blob IS NOT NULL AND r.id = $1::uuid "
        "AND NOT EXISTS (SELECT FROM open_data_version v WHERE v.resource = r.id AND v.blob = r.blob)",
        id);
    for (const auto row : tables) call.drop_table(tx, row.view(0));
    for (const auto row : blobs) call.remove_blob(tx, row.view(0));
    tx.exec("DELETE FROM open_data_resource WHERE id = $1::uuid", id);
}

}  // namespace

void remove_resource(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource) {
    withdraw_seals(call, tx, resource.id);
    Catalogue(tx).remove_resource(resource);
    call.enqueue(tx, Json::object({{"kind", "limpiar"},
                                   {"payload", Json::object({{"erased", true}})},
                                   {"unique", "quitados"}}));
}

void purge_dataset(const concejo::Call& call, concejo::Transaction& tx, const Dataset& dataset) {
    withdraw_seals(call, tx, dataset.id);
    for (const auto row : tx.exec("SELECT id FROM open_data_resource WHERE dataset = $1::uuid", dataset.id))
        purge_resource(call, tx, row.view(0));
    if (dataset.visible()) note_withdrawal(tx, dataset);
    tx.exec("DELETE FROM open_data_dataset WHERE id = $1::uuid", dataset.id);
}

void purge_if_removed(const concejo::Call& call, concejo::Transaction& tx, std::string_view id) {
    if (!tx.exec("SELECT FROM open_data_resource WHERE id = $1::uuid AND state = 'deleted' FOR UPDATE", id)
             .empty())
        purge_resource(call, tx, id);
}

void purge_removed(const concejo::Call& call) {
    auto tx = call.begin();
    const auto rows = tx.exec(
        "SELECT id FROM open_data_resource WHERE state = 'deleted' LIMIT $1::int FOR "
        "UPDATE SKIP LOCKED",
        removed_at_once);
    for (const auto row : rows) purge_resource(call, tx, row.view(0));
    tx.commit();
}

}  // namespace open_data
