// Files read whole within a limit, and written so that a reader or a crash never sees half of one.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::base {

struct FileOwner {
    uid_t user;
    gid_t group;
};
/// What this file or folder is owned by, where we are root and could make something else of it.
std::optional<FileOwner> owner_to_keep(const std::filesystem::path& path);

/// Writes beside `path`, syncs, renames over it and syncs the folder: afterwards the file holds either the
/// old bytes or the new ones. `mode` is set exactly, whatever the umask, and so is `owner`. Throws
/// Error{internal} naming the path and the cause; nothing is left behind then.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes, mode_t mode = 0644,
                           std::optional<FileOwner> owner = {});

/// Removes from the folder what a process that was killed in write_file_atomically left there: for who alone
/// writes in it. Throws nothing; what cannot be removed stays.
void remove_unfinished(const std::filesystem::path& folder) noexcept;

/// Throws Error{not_found} where there is none, Error{forbidden} where it may not be read, Error{invalid}
/// where it is no regular file or has more than `limit` bytes, Error{internal} otherwise.
std::string read_file(const std::filesystem::path& path, std::size_t limit);

/// A folder of its own (0700) under $TMPDIR or /tmp, removed with all it holds at the end.
class TempDir {
public:
    explicit TempDir(std::string_view prefix = "concejo");
    ~TempDir();
    TempDir(TempDir&& other) noexcept;
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace kernel::base
