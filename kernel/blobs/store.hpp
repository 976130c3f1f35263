// Files of the municipalities, addressed by (tenant, sha-256 of the content). Nothing is shared between
// tenants.
#pragma once

#include "kernel/db/pool.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace kernel::blobs {

struct Blob {
    std::string id;  ///< sha-256, 64 lower-case hexadecimal digits
    std::uint64_t bytes = 0;
    std::string media_type;
};

struct OpenBlob {
    std::filesystem::path path;  ///< read only; its content never changes
    std::uint64_t bytes = 0;
};

/// "application/pdf" where the content begins as a PDF (ISO 32000: "%PDF-" within the first 1,024 bytes),
/// likewise PNG, JPEG, GIF, ZIP, WebP, MP4, XML; else what was declared, or "application/octet-stream" where
/// nothing was or where the declared type would have such a mark.
std::string sniff_media_type(std::string_view beginning, std::string_view declared = {});

/// Thread-safe, and safe for several processes on one folder.
class Store {
public:
    explicit Store(std::filesystem::path root);  ///< created (0750)

    /// Copies the file's content, syncs it and registers it in `tx` (a transaction of the tenant). `path` is
    /// left.
    Blob put_file(db::Transaction& tx, const std::filesystem::path& path, std::string_view media_type = {});
    /// From pieces; an empty one ends.
    Blob put(db::Transaction& tx, const std::function<std::string_view()>& next,
             std::string_view media_type = {});

    /// Throws Error{not_found} also for another tenant's content, Error{invalid} for what is no id.
    OpenBlob open(const db::Tenant& tenant, std::string_view id) const;
    /// Pieces of at most 64 KiB. `length` beyond the end is cut.
    void read(const db::Tenant& tenant, std::string_view id, std::uint64_t offset, std::uint64_t length,
              const std::function<void(std::string_view)>& take) const;
    /// Reads it all; false where the content is not what its id says.
    bool verify(const db::Tenant& tenant, std::string_view id) const;

    /// Removes files older than `age` that no committed row names. Answers how many.
    std::size_t sweep(db::Pool& pool, const db::Tenant& tenant,
                      std::chrono::seconds age = std::chrono::hours(24)) const;

    const std::filesystem::path& root() const noexcept { return root_; }

private:
    std::filesystem::path folder(const db::Tenant& tenant) const;
    std::filesystem::path root_;
};

}  // namespace kernel::blobs
