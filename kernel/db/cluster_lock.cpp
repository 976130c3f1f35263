#include "kernel/db/cluster_lock.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kernel::db {

void FileLock::open(const std::filesystem::path& file) {
    release();
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660);
    if (descriptor_ < 0)
        throw concejo::Error(errno == EACCES ? concejo::ErrorKind::forbidden : concejo::ErrorKind::internal,
                             file.string() + ": " + std::strerror(errno));
    struct stat folder {};  // made by root, it is also for the account that owns the folder
    if (geteuid() == 0 && stat(file.parent_path().c_str(), &folder) == 0 &&
        fchown(descriptor_, folder.st_uid, folder.st_gid) != 0)
        throw concejo::Error(concejo::ErrorKind::internal, file.string() + ": " + std::strerror(errno));
}

void FileLock::exclusive(const std::filesystem::path& file) {
    open(file);
    while (flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
    }
}

void FileLock::shared(const std::filesystem::path& file) {
    open(file);
    while (flock(descriptor_, LOCK_SH) != 0 && errno == EINTR) {
    }
}

bool FileLock::become_exclusive() {
    if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return true;
    become_shared();  // a failed conversion may have given the old lock up
    return false;
}

void FileLock::become_shared() {
    while (flock(descriptor_, LOCK_SH) != 0 && errno == EINTR) {
    }
}

void FileLock::release() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

}  // namespace kernel::db
