#include "kernel/runtime/files.hpp"

#include "kernel/audit/audit.hpp"
#include "kernel/base/log.hpp"
#include "kernel/blobs/collector.hpp"
#include "kernel/blobs/s3_shelf.hpp"

#include <concejo/json.hpp>

namespace kernel::runtime {
namespace {

using concejo::Json;

void report(const blobs::Damage& damage, const tenancy::Tenants& tenants, Databases& databases) {
    const auto* tenant = tenants.by_id(damage.tenant);
    const base::LogContext who{"blobs", tenant ? tenant->config.slug : damage.tenant, {}, {}};
    base::log_error(who, "fichero dañado: no se sirve; restáurelo de una copia",
                    Json::object({{"id", damage.id}, {"what", damage.what}}));
    if (!tenant) return;
    try {
        auto& pool = databases.of(*tenant);
        if (!blobs::note_damage(pool, damage)) return;
        audit::Event event;
        event.tenant = damage.tenant;
        event.actor = "system:blobs";
        event.action = "blob.damaged";
        event.object = damage.id;
        event.result = "failed";
        event.details = Json::object({{"what", damage.what}});
        audit::record(pool, event);
    } catch (const std::exception& error) {
        base::log_error(who, "el daño de un fichero no se ha podido anotar",
                        Json::object({{"error", error.what()}}));
    }
}

}  // namespace

std::unique_ptr<blobs::Store> open_store(const config::PlatformConfig& platform,
                                         const tenancy::Tenants& tenants, Databases& databases) {
    blobs::StoreOptions options;
    options.root = platform.data / "blobs";
    if (const auto& s3 = platform.files.s3) {
        blobs::S3Options bucket;
        bucket.address = s3->address;
        bucket.bucket = s3->bucket;
        bucket.who = {s3->key_id, std::string(s3->key.reveal()), s3->region};
        options.shelf = std::make_unique<blobs::S3Shelf>(std::move(bucket), s3->prefix);
    }
    options.quota = [&tenants, fallback = platform.files.quota](const std::string& id) {
        const auto* tenant = tenants.by_id(id);
        return tenant ? tenant->config.file_quota.value_or(fallback) : fallback;
    };
    options.damaged = [&tenants, &databases](const blobs::Damage& damage) {
        report(damage, tenants, databases);
    };
    return std::make_unique<blobs::Store>(std::move(options));
}

blobs::UploadLimits upload_limits(const config::PlatformConfig& platform) {
    const auto& files = platform.files;
    return {files.upload_bytes, files.uploads_per_owner, files.upload_life};
}

}  // namespace kernel::runtime
