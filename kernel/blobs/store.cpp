#include "kernel/blobs/store.hpp"

#include "kernel/base/random.hpp"
#include "kernel/blobs/block_list.hpp"
#include "kernel/blobs/file.hpp"
#include "kernel/blobs/file_shelf.hpp"
#include "kernel/blobs/reader.hpp"
#include "kernel/blobs/records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::blobs {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 256 << 10;

Key key_of(const db::Tenant& tenant, std::string_view id) {
    if (id.size() != 64 || id.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        throw Error(ErrorKind::invalid,
                    "no es el identificador de un fichero (sha-256 en 64 cifras hexadecimales)");
    return {db::Tenant::of(tenant.id).id, std::string(id)};
}

[[noreturn]] void missing(std::string_view id) {
    throw Error(ErrorKind::not_found, fmt::format("no hay ningún fichero {}", id));
}

/// Digests what `next` gives until it gives nothing.
template <class Next>
void digest(StagedFile& staged, Next&& next) {
    Digests all;
    for (std::string_view piece = next(); !piece.empty(); piece = next()) {
        all.update(piece);
        if (staged.beginning.size() < 1024)
            staged.beginning += piece.substr(0, 1024 - staged.beginning.size());
    }
    staged.bytes = all.bytes();
    auto result = all.finish();
    staged.id = std::move(result.id);
    staged.blocks = std::move(result.blocks);
}

}  // namespace

FreshFile::~FreshFile() { ::unlink(staged.path.c_str()); }

LocalFile::~LocalFile() {
    if (copy_) ::unlink(path_.c_str());
}

Store::Store(fs::path root) : Store(StoreOptions{std::move(root), nullptr, nullptr, nullptr}) {}

Store::Store(StoreOptions options) : options_(std::move(options)) {
    make_folder(options_.root);
    if (!options_.shelf) options_.shelf = std::make_unique<FileShelf>(options_.root);
}

Store::~Store() = default;

std::unique_ptr<FreshFile> Store::write_aside(const db::Tenant& tenant,
                                              const std::function<std::string_view()>& next) const {
    const auto home = root() / db::Tenant::of(tenant.id).id;
    make_folder(home);
    auto fresh = std::make_unique<FreshFile>(home / ("new." + base::random_hex(12)));
    File file = File::open(fresh->staged.path, O_WRONLY | O_CREAT | O_EXCL, 0440);
    digest(fresh->staged, [&] {
        const auto piece = next();
        file.write(piece);
        return piece;
    });
    file.sync();
    return fresh;
}

std::unique_ptr<FreshFile> Store::copy_aside(const db::Tenant& tenant, const fs::path& path) const {
    File source = File::open(path, O_RDONLY);
    std::string buffer(piece_bytes, '\0');
    return write_aside(tenant, [&] { return source.read(buffer); });
}

Blob Store::put(db::Transaction& tx, const std::function<std::string_view()>& next,
                std::string_view media_type, std::string_view plugin) {
    return adopt(tx, write_aside(tx.tenant(), next)->staged, media_type, plugin);
}

Blob Store::put_file(db::Transaction& tx, const fs::path& path, std::string_view media_type,
                     std::string_view plugin) {
    return adopt(tx, copy_aside(tx.tenant(), path)->staged, media_type, plugin);
}

StagedFile Store::stage(const fs::path& path) {
    File source = File::open(path, O_RDONLY);
    std::string buffer(piece_bytes, '\0');
    StagedFile staged;
    staged.path = path;
    digest(staged, [&] { return source.read(buffer); });
    return staged;
}

Blob Store::adopt(db::Transaction& tx, const StagedFile& staged, std::string_view media_type,
                  std::string_view plugin, std::string_view instead_of) {
    const Key key{db::Tenant::of(tx.tenant().id).id, staged.id};
    Blob blob{key.id, staged.bytes, sniff_media_type(staged.beginning, media_type)};
    records::hold_stripe(tx, key);
    if (!records::find(tx, key.id)) require_room(tx, blob.bytes, instead_of);
    // What is there already is looked at: a damaged content is made whole by whoever brings it again.
    if (shelf().size(key) != blob.bytes || !check_whole(key, true)) {
        if (!staged.blocks.empty()) shelf().write_blocks(key, staged.blocks);
        shelf().place(key, staged.path);
    }
    records::add(tx, blob, plugin);
    return blob;
}

void Store::require_room(db::Transaction& tx, std::uint64_t more, std::string_view except_upload) const {
    const auto limit = quota(tx.tenant().id);
    if (limit == 0) return;
    const auto used = records::bytes_of(tx, except_upload);
    if (used <= limit && more <= limit - used) return;
    throw Error(
        ErrorKind::conflict,
        fmt::format("el fichero ocupa {} MiB y al municipio le quedan {} de los {} MiB que tiene para "
                    "ficheros: borre lo que no haga falta o pida a quien administra la plataforma que suba "
                    "'ficheros.cuota_mib'",
                    (more + (1 << 20) - 1) >> 20, (limit - std::min(used, limit)) >> 20, limit >> 20));
}

void Store::keep(db::Transaction& tx, std::string_view id, std::string_view plugin) {
    const auto key = key_of(tx.tenant(), id);
    if (!records::use(tx, id, plugin) || !shelf().size(key)) missing(id);
}

void Store::remove(db::Transaction& tx, std::string_view id, std::string_view plugin) {
    key_of(tx.tenant(), id);
    if (!records::unuse(tx, id, plugin))
        throw Error(ErrorKind::not_found, fmt::format("{} no usa ningún fichero {}", plugin, id));
}

Blob Store::describe(db::Transaction& tx, std::string_view id) const {
    key_of(tx.tenant(), id);
    auto blob = records::find(tx, id);
    if (!blob) missing(id);
    return *std::move(blob);
}

OpenBlob Store::open(const db::Tenant& tenant, std::string_view id) const {
    const auto bytes = shelf().size(key_of(tenant, id));
    if (!bytes) missing(id);
    return {*bytes};
}

Reader Store::reader(const db::Tenant& tenant, std::string_view id, std::uint64_t offset,
                     std::uint64_t length) const {
    return {*this, key_of(tenant, id), open(tenant, id).bytes, offset, length};
}

void Store::read(const db::Tenant& tenant, std::string_view id, std::uint64_t offset, std::uint64_t length,
                 const std::function<void(std::string_view)>& take) const {
    auto part = reader(tenant, id, offset, length);
    for (auto piece = part.next(); !piece.empty(); piece = part.next()) take(piece);
}

bool Store::verify(const db::Tenant& tenant, std::string_view id) const {
    const auto key = key_of(tenant, id);
    open(tenant, id);
    return check_whole(key, false);
}

bool Store::check_whole(const Key& key, bool write_list) const {
    const auto bytes = shelf().size(key);
    if (!bytes) return false;
    Digests all;
    const auto window = std::max(shelf().window(), piece_bytes);
    for (std::uint64_t at = 0; at < *bytes;) {
        const auto piece = shelf().read(key, at, window);
        if (piece.empty()) break;
        all.update(piece);
        at += piece.size();
    }
    const auto found = all.finish();
    if (found.id != key.id) {
        report(key, fmt::format("su sha-256 es {}", found.id));
        return false;
    }
    if (!write_list || found.blocks.empty()) return true;
    try {
        if (shelf().read_blocks(key, 0, found.blocks.size() + 1) == found.blocks) return true;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
    }
    shelf().write_blocks(key, found.blocks);
    return true;
}

LocalFile Store::local(const db::Tenant& tenant, std::string_view id) const {
    const auto key = key_of(tenant, id);
    if (auto path = shelf().local_path(key); !path.empty()) {
        if (!verify(tenant, id))
            throw Error(ErrorKind::internal,
                        fmt::format("el fichero {} está dañado: restáurelo de una copia", id));
        return {std::move(path), false};
    }
    const auto home = root() / key.tenant;
    make_folder(home);
    LocalFile copy(home / ("new." + base::random_hex(12)), true);
    File file = File::open(copy.path(), O_WRONLY | O_CREAT | O_EXCL, 0440);
    read(tenant, id, 0, ~0ull, [&](std::string_view piece) { file.write(piece); });
    return copy;
}

void Store::report(const Key& key, const std::string& what) const {
    if (options_.damaged) options_.damaged({key.tenant, key.id, what});
}

}  // namespace kernel::blobs
