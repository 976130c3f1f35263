#include "kernel/http/spool_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "kernel/http/refusal.hpp"

namespace kernel::http {

SpoolFile::SpoolFile(const std::filesystem::path& folder) {
    std::string name = (folder / "upload-XXXXXX").string();
    fd_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd_ < 0) throw Refusal(507, "spool_unavailable");
    path_ = name;
}

SpoolFile::~SpoolFile() {
    if (fd_ >= 0) ::close(fd_);
    std::error_code gone;
    if (!path_.empty()) std::filesystem::remove(path_, gone);
}

void SpoolFile::write(std::string_view bytes) {
    sha_.update(bytes);
    size_ += bytes.size();
    while (!bytes.empty()) {
        auto n = ::write(fd_, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) throw Refusal(507, "disk_full");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

void SpoolFile::finish(Upload& upload) {
    int closed = ::close(fd_);
    fd_ = -1;
    if (closed != 0) throw Refusal(507, "disk_full");
    upload.sha256 = sha_.hex();
    upload.size = size_;
    upload.path = std::move(path_);
    path_.clear();
}

}  // namespace kernel::http
