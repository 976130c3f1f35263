// Files of the municipalities, addressed by (tenant, sha-256 of the content). Nothing is shared between
// tenants. What is read is checked first: bytes that are not the content's are never handed out.
#pragma once

#include "kernel/blobs/shelf.hpp"
#include "kernel/db/pool.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kernel::blobs {

class Reader;

/// A file that is to become a content, with its digests.
struct StagedFile {
    std::filesystem::path path;
    std::string id, blocks;  ///< its sha-256; the list of its blocks
    std::uint64_t bytes = 0;
    std::string beginning;
};

/// A file that goes with this object, and its digests: what may become a content.
class FreshFile {
public:
    explicit FreshFile(std::filesystem::path path) { staged.path = std::move(path); }
    FreshFile(const FreshFile&) = delete;
    FreshFile& operator=(const FreshFile&) = delete;
    ~FreshFile();
    StagedFile staged;
};

struct Blob {
    std::string id;  ///< sha-256, 64 lower-case hexadecimal digits
    std::uint64_t bytes = 0;
    std::string media_type;
};

struct OpenBlob {
    std::uint64_t bytes = 0;
};

/// A content as a file for programs. Read only; a copy goes with this object.
class LocalFile {
public:
    LocalFile(std::filesystem::path path, bool copy) : path_(std::move(path)), copy_(copy) {}
    LocalFile(LocalFile&& other) noexcept : path_(std::move(other.path_)), copy_(other.copy_) {
        other.copy_ = false;
    }
    LocalFile(const LocalFile&) = delete;
    LocalFile& operator=(const LocalFile&) = delete;
    ~LocalFile();
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
    bool copy_;
};

/// A content that is not what its id says.
struct Damage {
    std::string tenant, id;
    std::string what;  ///< "bloque 17 de 812", "tamaño" …
};

struct StoreOptions {
    std::filesystem::path root;    ///< created (0750); here contents are put together
    std::unique_ptr<Shelf> shelf;  ///< where they stand; null: files under `root`
    /// Bytes that a municipality may have, by its id; 0: as many as it likes. Null: nobody has a limit.
    std::function<std::uint64_t(const std::string& tenant)> quota;
    /// Told of each damage that is met, on the thread that met it. Must not throw.
    std::function<void(const Damage&)> damaged;
};

/// "application/pdf" where the content begins as a PDF (ISO 32000: "%PDF-" within the first 1,024 bytes),
/// likewise PNG, JPEG, GIF, ZIP, WebP, MP4, XML; else what was declared, or "application/octet-stream" where
/// nothing was or where the declared type would have such a mark.
std::string sniff_media_type(std::string_view beginning, std::string_view declared = {});

/// Thread-safe, and safe for several processes on one shelf. Transactions are the tenant's, or the kernel's
/// on behalf of one tenant. docs/decisions/010-ficheros.md tells why it is sound.
class Store {
public:
    explicit Store(std::filesystem::path root);
    explicit Store(StoreOptions options);
    ~Store();

    // Each of these counts as one use by `plugin`, until remove(). Error{conflict} past the quota.
    /// Copies the file's content and registers it in `tx`. `path` is left.
    Blob put_file(db::Transaction& tx, const std::filesystem::path& path, std::string_view media_type = {},
                  std::string_view plugin = "kernel");
    /// From pieces; an empty one ends.
    Blob put(db::Transaction& tx, const std::function<std::string_view()>& next,
             std::string_view media_type = {}, std::string_view plugin = "kernel");
    /// The first and longer half of put_file, without the database: the file's content on the disk, beside
    /// the others. adopt() makes a content of it.
    std::unique_ptr<FreshFile> copy_aside(const db::Tenant& tenant, const std::filesystem::path& path) const;
    /// A file read whole, outside any transaction.
    static StagedFile stage(const std::filesystem::path& path);
    /// As put_file, but without copying: from here on nobody may write to the file. It should be deleted
    /// after the commit. `plugin` empty: registered without a use. `instead_of`: the upload whose bytes these
    /// are.
    Blob adopt(db::Transaction& tx, const StagedFile& staged, std::string_view media_type,
               std::string_view plugin, std::string_view instead_of = {});
    /// One more use of a content that is there. Error{not_found} where it is not.
    void keep(db::Transaction& tx, std::string_view id, std::string_view plugin);

    /// Takes one use back. Contents without any are collected a day later. Error{not_found} where the plugin
    /// has none.
    void remove(db::Transaction& tx, std::string_view id, std::string_view plugin);

    /// What is registered. Error{not_found}.
    Blob describe(db::Transaction& tx, std::string_view id) const;

    /// Throws Error{not_found} also for another tenant's content, Error{invalid} for what is no id.
    OpenBlob open(const db::Tenant& tenant, std::string_view id) const;
    /// Checked pieces of a part, at most 64 KiB each. The store must outlive it.
    Reader reader(const db::Tenant& tenant, std::string_view id, std::uint64_t offset,
                  std::uint64_t length) const;
    /// The same, pushed. `length` beyond the end is cut. Error{internal} at the first block that is damaged.
    void read(const db::Tenant& tenant, std::string_view id, std::uint64_t offset, std::uint64_t length,
              const std::function<void(std::string_view)>& take) const;
    /// Reads it all; false where the content is not what its id says.
    bool verify(const db::Tenant& tenant, std::string_view id) const;
    /// For a program: all of it is checked first.
    LocalFile local(const db::Tenant& tenant, std::string_view id) const;

    std::uint64_t quota(const std::string& tenant) const {
        return options_.quota ? options_.quota(tenant) : 0;
    }
    /// Error{conflict} where `more` bytes would not fit.
    void require_room(db::Transaction& tx, std::uint64_t more, std::string_view except_upload = {}) const;

    const std::filesystem::path& root() const noexcept { return options_.root; }
    Shelf& shelf() const noexcept { return *options_.shelf; }

private:
    friend class Reader;
    void report(const Key&, const std::string& what) const;
    std::unique_ptr<FreshFile> write_aside(const db::Tenant&,
                                           const std::function<std::string_view()>& next) const;
    /// Reads all of it; makes the list anew where it is what its id says, reports it otherwise.
    bool check_whole(const Key&, bool write_list) const;

    StoreOptions options_;
};

}  // namespace kernel::blobs
