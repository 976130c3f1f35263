// A stretch of an upload that comes with its checksum: kept apart until it has proved right.
#pragma once

#include "kernel/blobs/file.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::blobs {

/// "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=" as tus writes it.
struct Checksum {
    std::string algorithm;  ///< sha1, sha256 or sha512
    std::string digest;

    static constexpr const char* algorithms = "sha1,sha256,sha512";
    /// Nothing for an unknown algorithm, or a digest that is no Base64 or not of its length.
    static std::optional<Checksum> parse(std::string_view text);
};

class CheckedChunk {
public:
    /// Makes a file beside `upload`, which goes with this object.
    CheckedChunk(const std::filesystem::path& upload, Checksum expected);
    ~CheckedChunk();

    void write(std::string_view bytes);
    /// Appends it all to the upload, which must end at `offset`; false where the checksum is another. Once,
    /// last.
    bool append_to(const std::filesystem::path& upload, std::uint64_t offset);

private:
    struct Digest;
    std::filesystem::path path_;
    File file_;
    Checksum expected_;
    std::unique_ptr<Digest> digest_;
};

}  // namespace kernel::blobs
