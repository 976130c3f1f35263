// The file of an unfinished upload: its size is the offset. Appended to by whoever is in line, on any worker.
#pragma once

#include "kernel/blobs/file.hpp"

namespace kernel::blobs {

/// Writes one stretch. Several may stand on one file (a client that comes back before its old connection is
/// known to be dead): a piece is written only where the file ends exactly where this stretch has come to, so
/// that no byte is written twice or over another, and whoever is late stops.
class Appender {
public:
    /// Error{conflict} where the file does not end at `offset`, Error{not_found} where it is not there.
    Appender(const std::filesystem::path& path, std::uint64_t offset);

    /// To the page cache. Error{conflict} when overtaken or when the upload is closed, Error{unavailable} on
    /// a full disk.
    void write(std::string_view bytes);
    /// Until here everything written is on the disk.
    void sync() { file_.sync(); }
    std::uint64_t offset() const noexcept { return at_; }

private:
    File file_;
    std::uint64_t at_;
};

/// Nobody appends to it any more.
void close_for_appending(const std::filesystem::path& path);
/// How many bytes are there, after they have reached the disk.
std::uint64_t durable_size(const std::filesystem::path& path);

}  // namespace kernel::blobs
