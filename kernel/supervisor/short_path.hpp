// A unix socket's address, however long its path.
#pragma once

#include <fmt/format.h>
#include <boost/asio/local/stream_protocol.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace kernel::supervisor {

/// Socket addresses end at 107 bytes: a longer path is reached through its folder's descriptor.
class ShortPath {
public:
    explicit ShortPath(const std::filesystem::path& path) : text_(path.string()) {
        if (text_.size() <= 107) return;
        folder_ = ::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        text_ = fmt::format("/proc/self/fd/{}/{}", folder_, path.filename().string());
    }
    ~ShortPath() {
        if (folder_ >= 0) ::close(folder_);
    }
    ShortPath(const ShortPath&) = delete;
    ShortPath& operator=(const ShortPath&) = delete;
    boost::asio::local::stream_protocol::endpoint endpoint() const { return {text_}; }

private:
    int folder_ = -1;
    std::string text_;
};

}  // namespace kernel::supervisor
