#include "kernel/blobs/store.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/random.hpp"
#include "kernel/blobs/file.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

namespace kernel::blobs {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 64 << 10;

fs::path place(const fs::path& folder, std::string_view id) { return folder / id.substr(0, 2) / id; }

void require_id(std::string_view id) {
    if (id.size() != 64 || id.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        throw Error(ErrorKind::invalid,
                    "no es el identificador de un fichero (sha-256 en 64 cifras hexadecimales)");
}

/// Shared by those who put, exclusive for the sweep: what is being put again is not swept between look and
/// touch.
File locked(const fs::path& folder, int kind) {
    File lock = File::open(folder / "lock", O_RDWR | O_CREAT, 0640);
    while (flock(lock.descriptor(), kind) != 0 && errno == EINTR) {
    }
    return lock;
}

/// Removes the unfinished file unless it was renamed into place.
struct Unfinished {
    fs::path path;
    ~Unfinished() {
        if (!path.empty()) ::unlink(path.c_str());
    }
};

}  // namespace

Store::Store(fs::path root) : root_(std::move(root)) { make_folder(root_); }

fs::path Store::folder(const db::Tenant& tenant) const { return root_ / db::Tenant::of(tenant.id).id; }

Blob Store::put(db::Transaction& tx, const std::function<std::string_view()>& next,
                std::string_view media_type) {
    const auto home = folder(tx.tenant());
    make_folder(home);
    Unfinished fresh{home / ("new." + base::random_hex(12))};
    File file = File::open(fresh.path, O_WRONLY | O_CREAT | O_EXCL, 0440);
    base::Sha256 digest;
    std::string beginning;
    Blob blob;
    for (auto piece = next(); !piece.empty(); piece = next()) {
        file.write(piece);
        digest.update(piece);
        blob.bytes += piece.size();
        if (beginning.size() < 1024) beginning += piece.substr(0, 1024 - beginning.size());
    }
    file.sync();
    blob.id = digest.finish_hex();
    blob.media_type = sniff_media_type(beginning, media_type);

    const auto target = place(home, blob.id);
    const File lock = locked(home, LOCK_SH);
    if (make_folder(target.parent_path())) sync_folder(home);
    if (utimensat(AT_FDCWD, target.c_str(), nullptr, 0) !=
        0) {  // not there yet; where it is, the sweep sees it as new
        if (::rename(fresh.path.c_str(), target.c_str()) != 0) fail(target, "no se puede poner en su sitio");
        fresh.path.clear();
        sync_folder(target.parent_path());
    }
    tx.exec_kernel(
        "insert into concejo.blobs (tenant, id, bytes, media_type) values ($1, $2, $3, $4) on conflict do "
        "nothing",
        db::Params(tx.tenant().id, blob.id, blob.bytes, blob.media_type));
    return blob;
}

Blob Store::put_file(db::Transaction& tx, const fs::path& path, std::string_view media_type) {
    File source = File::open(path, O_RDONLY);
    std::string buffer(piece_bytes, '\0');
    return put(
        tx, [&] { return source.read(buffer); }, media_type);
}

OpenBlob Store::open(const db::Tenant& tenant, std::string_view id) const {
    require_id(id);
    OpenBlob blob{place(folder(tenant), id), 0};
    struct stat found {};
    if (::stat(blob.path.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
        throw Error(ErrorKind::not_found, fmt::format("no hay ningún fichero {}", id));
    blob.bytes = static_cast<std::uint64_t>(found.st_size);
    return blob;
}

void Store::read(const db::Tenant& tenant, std::string_view id, std::uint64_t offset, std::uint64_t length,
                 const std::function<void(std::string_view)>& take) const {
    File file = File::open(open(tenant, id).path, O_RDONLY);
    file.seek(offset);
    std::string buffer(piece_bytes, '\0');
    while (length > 0) {
        const auto piece = file.read(buffer);
        if (piece.empty()) return;
        const auto wanted = piece.substr(0, std::min<std::uint64_t>(length, piece.size()));
        length -= wanted.size();
        take(wanted);
    }
}

bool Store::verify(const db::Tenant& tenant, std::string_view id) const {
    base::Sha256 digest;
    read(tenant, id, 0, ~0ull, [&](std::string_view piece) { digest.update(piece); });
    return digest.finish_hex() == id;
}

std::size_t Store::sweep(db::Pool& pool, const db::Tenant& tenant, std::chrono::seconds age) const {
    const auto home = folder(tenant);
    if (!fs::exists(home)) return 0;
    const auto oldest = std::chrono::system_clock::now() - age;
    const auto old = [&](const fs::path& path) {
        struct stat found {};
        return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
               std::chrono::system_clock::from_time_t(found.st_mtime) < oldest;
    };
    std::vector<fs::path> candidates;
    for (const auto& entry : fs::recursive_directory_iterator(home)) {
        if (entry.path().filename() != "lock" && old(entry.path())) candidates.push_back(entry.path());
    }
    std::size_t removed = 0;
    for (const auto& path : candidates) {
        const File lock = locked(home, LOCK_EX);
        auto tx = pool.begin_kernel(tenant.id);
        const bool known = !tx.exec("select from concejo.blobs where tenant = $1 and id = $2",
                                    db::Params(tenant.id, path.filename().string()))
                                .empty();
        if (!known && old(path) && ::unlink(path.c_str()) == 0) ++removed;
    }
    return removed;
}

}  // namespace kernel::blobs
