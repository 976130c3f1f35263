#include "kernel/crash/shared_page.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace kernel::crash {
namespace {

[[noreturn]] void refuse(const char* what) {
    throw concejo::Error(
        concejo::ErrorKind::internal,
        fmt::format("no se puede {} la página de los procesos de trabajo: {}", what, std::strerror(errno)));
}

}  // namespace

SharedPage::SharedPage() : fd_(::memfd_create("concejo-worker", MFD_CLOEXEC)) {
    if (fd_ < 0) refuse("crear");
    if (::ftruncate(fd_, sizeof(Page)) != 0) {
        ::close(fd_);
        refuse("dimensionar");
    }
    page_ = &map_page(fd_);
}

SharedPage::~SharedPage() {
    ::munmap(page_, sizeof(Page));
    ::close(fd_);
}

Page& map_page(int fd) {
    struct stat found {};
    // A smaller file would end the process with SIGBUS at the first touch.
    if (::fstat(fd, &found) != 0 || found.st_size < static_cast<off_t>(sizeof(Page))) refuse("abrir");
    void* memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) refuse("abrir");
    return *static_cast<Page*>(memory);
}

}  // namespace kernel::crash
