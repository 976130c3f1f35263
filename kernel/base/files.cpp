#include "kernel/base/files.hpp"

#include "kernel/base/random.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace kernel::base {
namespace {

using concejo::Error;
using concejo::ErrorKind;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }

private:
    int number_;
};

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& doing, int cause) {
    throw Error(ErrorKind::internal,
                tr("{0}: no se puede {1}: {2}", path.string(), doing, std::strerror(cause)));
}

constexpr std::string_view unfinished = ".tmp";
constexpr std::size_t marks = 12;  ///< hexadecimal digits before it

/// ".x.yaml.0123456789ab.tmp"
bool is_unfinished(std::string_view name) {
    if (!name.starts_with('.') || !name.ends_with(unfinished)) return false;
    name.remove_suffix(unfinished.size());
    if (name.size() < marks + 3 || name[name.size() - marks - 1] != '.') return false;
    name.remove_prefix(name.size() - marks);
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// 0, or the errno.
int write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

}  // namespace

std::optional<FileOwner> owner_to_keep(const std::filesystem::path& path) {
    struct stat found {};
    if (::geteuid() != 0 || ::lstat(path.c_str(), &found) != 0) return std::nullopt;
    return FileOwner{found.st_uid, found.st_gid};
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes, mode_t mode,
                           std::optional<FileOwner> owner) {
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const auto temporary =
        folder / fmt::format(".{}.{}{}", path.filename().string(), random_hex(marks / 2), unfinished);
    int cause = 0;
    {
        const Descriptor file(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (file.get() < 0) fail(path, tr("crear el archivo"), errno);
        cause = write_all(file.get(), bytes);
        if (cause == 0 && owner && ::fchown(file.get(), owner->user, owner->group) != 0) cause = errno;
        if (cause == 0 && (::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0)) cause = errno;
    }
    if (cause == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) cause = errno;
    if (cause != 0) {
        ::unlink(temporary.c_str());
        fail(path, tr("escribir el archivo"), cause);
    }
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::fsync(directory.get()) != 0)
        fail(folder, tr("asegurar la carpeta en disco"), errno);
}

void remove_unfinished(const std::filesystem::path& folder) noexcept {
    std::error_code error;
    for (std::filesystem::directory_iterator each(folder, error), end; !error && each != end;
         each.increment(error)) {
        std::error_code ignored;
        if (is_unfinished(each->path().filename().native()) && !each->is_symlink(ignored) &&
            each->is_regular_file(ignored))
            std::filesystem::remove(each->path(), ignored);
    }
}

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
    // Non-blocking, or a named pipe in the place of a file would hold the caller for ever.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            throw Error(ErrorKind::not_found, tr("{}: no existe", path.string()));
        if (errno == EACCES)
            throw Error(ErrorKind::forbidden, tr("{}: no hay permiso para leerlo", path.string()));
        fail(path, tr("abrir el archivo"), errno);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail(path, tr("leer el archivo"), errno);
    if (!S_ISREG(status.st_mode))
        throw Error(ErrorKind::invalid, tr("{}: no es un archivo corriente", path.string()));
    const auto too_big = [&] {
        return Error(ErrorKind::invalid, tr("{0}: ocupa más de {1} bytes", path.string(), limit));
    };
    if (static_cast<std::uintmax_t>(status.st_size) > limit) throw too_big();
    std::string bytes;
    char buffer[16384];
    for (;;) {  // to the end, not to st_size: files in /proc say 0, and a file may grow
        const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path, tr("leer el archivo"), errno);
        if (count == 0) return bytes;
        bytes.append(buffer, static_cast<std::size_t>(count));
        if (bytes.size() > limit) throw too_big();
    }
}

TempDir::TempDir(std::string_view prefix) {
    const char* base = std::getenv("TMPDIR");
    std::string pattern = fmt::format("{}/{}.XXXXXX", base && *base ? base : "/tmp", prefix);
    if (::mkdtemp(pattern.data()) == nullptr) fail(pattern, tr("crear la carpeta temporal"), errno);
    path_ = pattern;
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }

TempDir::~TempDir() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace kernel::base
