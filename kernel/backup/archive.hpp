// One .tar.zst file: members in order, and at the end their digests in sha256sum's own format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct archive;

namespace kernel::backup {

inline constexpr std::string_view sums_member = "SHA256SUMS";

/// Written beside its place (0600) and renamed by finish(); without that nothing is left. Throws
/// Error{internal} naming the file.
class ArchiveWriter {
public:
    explicit ArchiveWriter(std::filesystem::path file);
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    void add(const std::string& name, std::string_view content);
    /// Streamed: `give` hands out exactly `bytes` bytes. Answers their sha-256 in hexadecimal.
    std::string add_stream(const std::string& name, std::uint64_t bytes,
                           const std::function<void(const std::function<void(std::string_view)>&)>& give);
    std::string add_file(const std::string& name, const std::filesystem::path& source);
    /// Digests, sync, rename.
    void finish();

private:
    void begin_member(const std::string& name, std::uint64_t bytes);
    void data(std::string_view piece);
    [[noreturn]] void fail(std::string_view what) const;

    std::filesystem::path file_, partial_;
    int descriptor_ = -1;
    archive* archive_ = nullptr;
    std::string sums_;
};

class ArchiveReader {
public:
    /// Throws Error{invalid} for what is no archive of ours.
    explicit ArchiveReader(std::filesystem::path file);
    ~ArchiveReader();
    ArchiveReader(const ArchiveReader&) = delete;
    ArchiveReader& operator=(const ArchiveReader&) = delete;

    /// The next member's name; empty at the end.
    std::string next();
    /// What is left of the member, in pieces.
    void read(const std::function<void(std::string_view)>& take);
    /// The same as one text. Throws Error{invalid} past `limit`.
    std::string text(std::size_t limit = 64u << 20);
    void save(const std::filesystem::path& to);

private:
    [[noreturn]] void fail(std::string_view what) const;

    std::filesystem::path file_;
    archive* archive_ = nullptr;
};

struct Verified {
    std::vector<std::string> problems;  ///< empty: every member is there, and what its digest says
    std::uint64_t members = 0, bytes = 0;
};

/// Reads it all. A truncated or altered file is a problem, never an exception.
Verified verify(const std::filesystem::path& file);

}  // namespace kernel::backup
