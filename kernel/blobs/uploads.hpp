// Resumable uploads: files that grow, with a row that says whose they are. What a protocol (tus) makes of
// them is not known here.
#pragma once

#include "kernel/blobs/store.hpp"

#include <chrono>
#include <optional>

namespace kernel::blobs {

struct UploadLimits {
    std::uint64_t bytes = 4ull << 30;                   ///< of one upload
    unsigned per_owner = 20;                            ///< unfinished or not taken yet, at the same time
    std::chrono::seconds life{std::chrono::hours(24)};  ///< since something of it last arrived
};

struct Upload {
    std::string id;                      ///< 32 hexadecimal digits, not to be guessed
    std::optional<std::uint64_t> bytes;  ///< once they are told
    std::uint64_t offset = 0;            ///< on the disk
    std::string metadata;                ///< as the client wrote it
    std::string blob;                    ///< id of the content once it is complete
    std::int64_t expires = 0;            ///< Unix seconds
    bool expired = false;

    bool complete() const noexcept { return bytes && offset == *bytes; }
};

struct Taken {
    Blob blob;
    std::string filename;  ///< the client's, any characters
};

/// "filename" of "filename cMOzcC5wZGY=,filetype YXBwbGljYXRpb24vcGRm", decoded; nothing where it is not
/// there or is no Base64.
std::optional<std::string> metadata_value(std::string_view metadata, std::string_view key);

/// Thread-safe, and safe for several workers on one folder.
class Uploads {
public:
    /// `folder` is created; best on the store's file system.
    Uploads(Store& store, std::filesystem::path folder, UploadLimits limits);

    const UploadLimits& limits() const noexcept { return limits_; }

    /// Error{invalid} for more than one upload may have, Error{conflict} past the municipality's quota,
    /// Error{unavailable} where the owner has too many.
    Upload create(db::Pool& pool, const std::string& tenant, const std::string& owner,
                  std::optional<std::uint64_t> bytes, std::string_view metadata);
    /// Nothing where there is none of that owner.
    std::optional<Upload> find(db::Pool& pool, const std::string& tenant, std::string_view id,
                               const std::string& owner) const;
    /// Tells the length of one that was begun without. Error{conflict} where another was told.
    void set_bytes(db::Pool& pool, const std::string& tenant, const Upload& upload, std::uint64_t bytes);
    /// The file that grows.
    std::filesystem::path file(const std::string& tenant, std::string_view id) const;
    /// After something arrived: it is on the disk, lives on, and becomes a content when it is complete.
    Upload settle(db::Pool& pool, const std::string& tenant, const std::string& owner, std::string_view id);
    /// False where there is none of that owner.
    bool terminate(db::Pool& pool, const std::string& tenant, const std::string& owner, std::string_view id);

    /// The content becomes `plugin`'s when `tx` commits, and the upload is no more. Error{not_found},
    /// Error{conflict} where it is not complete. `owner` beginning with "system:" may take anybody's.
    Taken take(db::Transaction& tx, std::string_view id, const std::string& owner, std::string_view plugin);

    /// Expired ones, and files that have lost their row. Answers how many.
    std::size_t remove_expired(db::Pool& pool, const std::string& tenant);

private:
    void finish(db::Pool& pool, const std::string& tenant, Upload& upload);

    Store& store_;
    std::filesystem::path folder_;
    UploadLimits limits_;
};

}  // namespace kernel::blobs
