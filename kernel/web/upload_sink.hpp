// Where the body of a request of an upload goes: straight to its file, or apart until its checksum is right.
#pragma once

#include "kernel/blobs/appender.hpp"
#include "kernel/blobs/checked_chunk.hpp"
#include "kernel/blobs/uploads.hpp"
#include "kernel/http/message.hpp"

#include <optional>

namespace kernel::web {

class UploadSink final : public http::BodySink {
public:
    /// Error{conflict} where the upload does not end at `offset`.
    UploadSink(blobs::Upload upload, std::filesystem::path file, std::uint64_t offset,
               std::optional<blobs::Checksum> checksum);

    void write(std::string_view bytes) override;
    /// What came is in the upload's file; false where its checksum is another, and nothing was added. Handler
    /// thread, once.
    bool close();

    const blobs::Upload& upload() const noexcept { return upload_; }

private:
    blobs::Upload upload_;
    std::filesystem::path file_;
    std::uint64_t offset_;
    std::optional<blobs::Appender> appender_;
    std::optional<blobs::CheckedChunk> chunk_;
};

}  // namespace kernel::web
