// A body, or a part of one, on its way to a file, hashed while it is written.
#pragma once

#include <filesystem>
#include <string_view>

#include "kernel/http/message.hpp"
#include "kernel/http/sha256.hpp"

namespace kernel::http {

class SpoolFile {
public:
    /// Makes a file of mode 0600 in `folder`. Throws Refusal 507 when the disk does not take it.
    explicit SpoolFile(const std::filesystem::path& folder);
    ~SpoolFile();  ///< removes what finish() did not hand over
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;

    void write(std::string_view bytes);  ///< throws Refusal 507
    /// Fills path, size and sha256 of `upload`, which owns the file from here on.
    void finish(Upload& upload);

private:
    std::filesystem::path path_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
    Sha256 sha_;
};

}  // namespace kernel::http
