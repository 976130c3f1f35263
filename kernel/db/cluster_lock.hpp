// Who uses the cluster, across processes, by flock(2): nothing stays behind a kill -9. Internal to kernel/db.
#pragma once

#include <filesystem>

namespace kernel::db {

class FileLock {
public:
    FileLock() = default;
    ~FileLock() { release(); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    FileLock(FileLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }

    /// Waits. Throws Error{forbidden|internal} where the file cannot be opened.
    void exclusive(const std::filesystem::path& file);
    void shared(const std::filesystem::path& file);
    /// Turns a shared lock into the only one; false, and still shared, where others hold it too.
    bool become_exclusive();
    void become_shared();
    bool held() const noexcept { return descriptor_ >= 0; }
    void release() noexcept;

private:
    void open(const std::filesystem::path& file);
    int descriptor_ = -1;
};

}  // namespace kernel::db
