#include "kernel/blobs/file_shelf.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/random.hpp"
#include "kernel/blobs/block_list.hpp"
#include "kernel/blobs/file.hpp"

#include <concejo/error.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <map>

namespace kernel::blobs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view blocks_suffix = ".blocks";

fs::path with_suffix(const fs::path& path) { return path.string() + std::string(blocks_suffix); }

/// Another name for the file, or a copy where it stands on another file system.
void second_name(const fs::path& from, const fs::path& to) {
    if (::link(from.c_str(), to.c_str()) == 0) return;
    if (errno != EXDEV && errno != EPERM && errno != EMLINK) fail(to, "no se puede enlazar");
    File source = File::open(from, O_RDONLY), copy = File::open(to, O_WRONLY | O_CREAT | O_EXCL, 0440);
    std::string buffer(256 << 10, '\0');
    for (auto piece = source.read(buffer); !piece.empty(); piece = source.read(buffer)) copy.write(piece);
    copy.sync();
}

}  // namespace

fs::path FileShelf::local_path(const Key& key) const { return root_ / key.tenant / key.stripe() / key.id; }

fs::path FileShelf::folder_for(const Key& key) const {
    const auto folder = root_ / key.tenant / key.stripe();
    if (make_folder(folder)) {
        sync_folder(root_ / key.tenant);
        sync_folder(root_);
    }
    return folder;
}

std::optional<std::uint64_t> FileShelf::size(const Key& key) {
    struct stat found {};
    const auto path = local_path(key);
    if (::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode))
        return static_cast<std::uint64_t>(found.st_size);
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail(path, "no se puede consultar");
}

std::string FileShelf::read(const Key& key, std::uint64_t offset, std::size_t length) {
    return File::open(local_path(key), O_RDONLY).read_at(offset, length);
}

std::size_t FileShelf::window() const noexcept { return block_bytes; }

void FileShelf::place(const Key& key, const fs::path& file) {
    const auto folder = folder_for(key), target = folder / key.id;
    // Read only, and its bytes on the disk, before it has the name by which it will be found.
    if (::chmod(file.c_str(), 0440) != 0) fail(file, "no se pueden cambiar los permisos");
    File::open(file, O_RDONLY).sync();
    const fs::path fresh = folder / ("new." + base::random_hex(12));
    second_name(file, fresh);
    if (::rename(fresh.c_str(), target.c_str()) != 0) {
        ::unlink(fresh.c_str());
        fail(target, "no se puede poner en su sitio");
    }
    ::unlink(fresh.c_str());  // a rename between two names of one file does nothing
    sync_folder(folder);
}

std::string FileShelf::read_blocks(const Key& key, std::uint64_t offset, std::size_t length) {
    return File::open(with_suffix(local_path(key)), O_RDONLY).read_at(offset, length);
}

void FileShelf::write_blocks(const Key& key, std::string_view list) {
    base::write_file_atomically(folder_for(key) / with_suffix(key.id), list, 0440);
}

void FileShelf::remove(const Key& key) {
    const auto path = local_path(key);
    for (const auto& each : {path, with_suffix(path)}) {
        if (::unlink(each.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
            fail(each, "no se puede borrar");
    }
}

std::vector<std::string> FileShelf::stripes(const std::string& tenant) {
    std::vector<std::string> all;
    std::error_code error;
    for (fs::directory_iterator entry(root_ / tenant, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        if (name.size() == 2) all.push_back(name);
    }
    return all;
}

std::vector<Shelf::Found> FileShelf::list(const std::string& tenant, const std::string& stripe) {
    std::map<std::string, std::chrono::system_clock::time_point> found;
    std::error_code error;
    for (fs::directory_iterator entry(root_ / tenant / stripe, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        const auto id = name.substr(0, name.find('.'));
        struct stat info {};
        if (id.size() != 64 || ::stat(entry->path().c_str(), &info) != 0) continue;
        auto& changed = found[id];
        changed = std::max(changed, std::chrono::system_clock::from_time_t(info.st_mtime));
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        errno = error.value();
        fail(root_ / tenant / stripe, "no se puede recorrer");
    }
    std::vector<Found> all;
    for (auto& [id, changed] : found) all.push_back({id, changed});
    return all;
}

std::size_t FileShelf::remove_unfinished(const std::string& tenant,
                                         std::chrono::system_clock::time_point before) {
    std::error_code error;
    std::vector<fs::path> old;
    for (fs::recursive_directory_iterator entry(root_ / tenant, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        struct stat info {};
        if ((name.starts_with("new.") || name.ends_with(".tmp")) &&
            ::stat(entry->path().c_str(), &info) == 0 &&
            std::chrono::system_clock::from_time_t(info.st_mtime) < before)
            old.push_back(entry->path());
    }
    return static_cast<std::size_t>(
        std::count_if(old.begin(), old.end(), [](const auto& path) { return ::unlink(path.c_str()) == 0; }));
}

}  // namespace kernel::blobs
