#include "kernel/web/upload_sink.hpp"

#include "kernel/http/refusal.hpp"

#include <concejo/error.hpp>

namespace kernel::web {

UploadSink::UploadSink(blobs::Upload upload, std::filesystem::path file, std::uint64_t offset,
                       std::optional<blobs::Checksum> checksum)
    : upload_(std::move(upload)), file_(std::move(file)), offset_(offset) {
    appender_.emplace(file_, offset_);
    if (!checksum) return;
    appender_.reset();
    chunk_.emplace(file_, *std::move(checksum));
}

void UploadSink::write(std::string_view bytes) {
    try {
        if (appender_)
            appender_->write(bytes);
        else
            chunk_->write(bytes);
    } catch (const concejo::Error& error) {
        using concejo::ErrorKind;
        if (error.kind() == ErrorKind::conflict) throw http::Refusal(409, "upload_overtaken");
        if (error.kind() == ErrorKind::unavailable) throw http::Refusal(507, "disk_full");
        throw http::Refusal(500, "upload_unwritable");
    }
}

bool UploadSink::close() { return !chunk_ || chunk_->append_to(file_, offset_); }

}  // namespace kernel::web
