#include "spool.hpp"

#include <unistd.h>

#include <filesystem>

namespace open_data {

Spool::Spool() : path_((std::filesystem::temp_directory_path() / "concejo-datos-XXXXXX").string()) {
    const int fd = ::mkstemp(path_.data());
    if (fd < 0) throw concejo::Error(concejo::ErrorKind::unavailable, "no se puede crear " + path_);
    ::close(fd);
    out_.open(path_, std::ios::binary);
}

Spool::Spool(const concejo::Call& call, const std::string& blob) : Spool() {
    constexpr std::uint64_t piece_size = 1 << 20;
    const auto size = call.blob_size(blob);
    for (std::uint64_t at = 0; at < size; at += piece_size) {
        auto piece = call.read_blob(blob, at, piece_size);
        write(piece);
    }
    finish();
}

Spool::~Spool() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void Spool::write(std::string& piece) {
    out_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.clear();
}

const std::string& Spool::finish() {
    out_.close();
    if (!out_)
        throw concejo::Error(concejo::ErrorKind::unavailable,
                             "no se puede escribir en " + path_ + ": ¿está lleno el disco?");
    return path_;
}

}  // namespace open_data
