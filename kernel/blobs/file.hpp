// Descriptors with errors that name the file. Internal to kernel/blobs.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace kernel::blobs {

/// Throws Error from errno: forbidden, not_found, unavailable for a full disk, else internal.
[[noreturn]] void fail(const std::filesystem::path& path, const char* what);
/// 0750, with its parents. True where it was not there.
bool make_folder(const std::filesystem::path& path);
void sync_folder(const std::filesystem::path& path);

class File {
public:
    static File open(const std::filesystem::path& path, int flags, mode_t mode = 0);
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(File&& other) noexcept : path_(std::move(other.path_)), descriptor_(other.descriptor_) {
        other.descriptor_ = -1;
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    void write(std::string_view bytes);
    /// Into the buffer, as much as it holds; empty at the end.
    std::string_view read(std::string& buffer);
    /// Up to `length` bytes from `offset`; fewer only at the end.
    std::string read_at(std::uint64_t offset, std::size_t length);
    void sync();
    int descriptor() const noexcept { return descriptor_; }

private:
    File(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    std::filesystem::path path_;
    int descriptor_;
};

}  // namespace kernel::blobs
