#include "kernel/blobs/file.hpp"

#include <concejo/error.hpp>

#include <cstring>

namespace kernel::blobs {

using concejo::Error;
using concejo::ErrorKind;

void fail(const std::filesystem::path& path, const char* what) {
    const int cause = errno;
    // Rights that the installation lacks are a broken machine, not the caller's lack of rights.
    const auto kind = cause == ENOENT                                         ? ErrorKind::not_found
                      : cause == ENOSPC || cause == EDQUOT || cause == EMFILE ? ErrorKind::unavailable
                                                                              : ErrorKind::internal;
    throw Error(kind, path.string() + ": " + what + ": " + std::strerror(cause));
}

bool make_folder(const std::filesystem::path& path) {
    std::error_code error;
    const bool made = std::filesystem::create_directories(path, error);
    if (error) {
        errno = error.value();
        fail(path, "no se puede crear la carpeta");
    }
    if (made) std::filesystem::permissions(path, std::filesystem::perms(0750), error);
    return made;
}

void sync_folder(const std::filesystem::path& path) { File::open(path, O_RDONLY | O_DIRECTORY).sync(); }

File File::open(const std::filesystem::path& path, int flags, mode_t mode) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (descriptor < 0) fail(path, "no se puede abrir");
    return {path, descriptor};
}

void File::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(path_, "no se puede escribir");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string_view File::read(std::string& buffer) {
    ssize_t got = 0;
    while ((got = ::read(descriptor_, buffer.data(), buffer.size())) < 0 && errno == EINTR) {
    }
    if (got < 0) fail(path_, "no se puede leer");
    return {buffer.data(), static_cast<std::size_t>(got)};
}

std::string File::read_at(std::uint64_t offset, std::size_t length) {
    std::string bytes(length, '\0');
    std::size_t had = 0;
    while (had < length) {
        const auto got =
            ::pread(descriptor_, bytes.data() + had, length - had, static_cast<off_t>(offset + had));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(path_, "no se puede leer");
        if (got == 0) break;
        had += static_cast<std::size_t>(got);
    }
    bytes.resize(had);
    return bytes;
}

void File::sync() {
    if (fsync(descriptor_) != 0) fail(path_, "no se puede asegurar en el disco");
}

}  // namespace kernel::blobs
