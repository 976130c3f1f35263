#include "plugins/open-data/ingest/bytes.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace open_data::ingest {

Bytes Bytes::map(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (file < 0 || ::fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        if (file >= 0) ::close(file);
        throw concejo::Error(concejo::ErrorKind::not_found, "no se puede leer " + path.string());
    }
    const auto size = static_cast<std::size_t>(about.st_size);
    void* mapped = size ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : nullptr;
    ::close(file);
    if (mapped == MAP_FAILED)
        throw concejo::Error(concejo::ErrorKind::unavailable, "no hay memoria para leer " + path.string());
    if (!mapped) return Bytes(std::string());
    ::madvise(mapped, size, MADV_SEQUENTIAL);
    return {static_cast<const char*>(mapped), size};
}

Bytes::Bytes(Bytes&& other) noexcept
    : held_(std::move(other.held_)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

Bytes::~Bytes() {
    if (mapped_) ::munmap(const_cast<char*>(mapped_), size_);
}

void Bytes::release(const char* until) const {
    if (!mapped_ || until < mapped_) return;
    constexpr std::size_t page = 4096;
    const auto whole = std::min(static_cast<std::size_t>(until - mapped_), size_) / page * page;
    if (whole > 0) ::madvise(const_cast<char*>(mapped_), whole, MADV_DONTNEED);
}

}  // namespace open_data::ingest
