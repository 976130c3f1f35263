#include "kernel/blobs/appender.hpp"

#include <concejo/error.hpp>

#include <sys/file.h>
#include <sys/stat.h>

namespace kernel::blobs {
namespace {

/// Held for the microseconds of one write.
class Turn {
public:
    explicit Turn(int descriptor) : descriptor_(descriptor) {
        while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~Turn() { ::flock(descriptor_, LOCK_UN); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    int descriptor_;
};

struct stat status_of(const File& file) {
    struct stat info {};
    if (::fstat(file.descriptor(), &info) != 0) fail("subida", "no se puede consultar");
    return info;
}

[[noreturn]] void out_of_line() {
    throw concejo::Error(concejo::ErrorKind::conflict, "la subida va por otro punto: pregunte por dónde va");
}

}  // namespace

Appender::Appender(const std::filesystem::path& path, std::uint64_t offset)
    : file_(File::open(path, O_WRONLY | O_APPEND)), at_(offset) {
    if (static_cast<std::uint64_t>(status_of(file_).st_size) != offset) out_of_line();
}

void Appender::write(std::string_view bytes) {
    const Turn turn(file_.descriptor());
    const auto info = status_of(file_);
    if (static_cast<std::uint64_t>(info.st_size) != at_ || (info.st_mode & S_IWUSR) == 0) out_of_line();
    file_.write(bytes);
    at_ += bytes.size();
}

void close_for_appending(const std::filesystem::path& path) {
    const File file = File::open(path, O_RDONLY);
    const Turn turn(file.descriptor());
    if (::fchmod(file.descriptor(), 0440) != 0) fail(path, "no se puede cerrar la subida");
}

std::uint64_t durable_size(const std::filesystem::path& path) {
    File file = File::open(path, O_RDONLY);
    const auto size = static_cast<std::uint64_t>(status_of(file).st_size);
    file.sync();
    return size;
}

}  // namespace kernel::blobs
