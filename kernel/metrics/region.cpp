#include "kernel/metrics/region.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace kernel::metrics {
namespace {

[[noreturn]] void refuse(const char* what) {
    throw concejo::Error(
        concejo::ErrorKind::internal,
        fmt::format("no se puede {} la memoria de las métricas: {}", what, std::strerror(errno)));
}

}  // namespace

SharedRegion::SharedRegion() : fd_(::memfd_create("concejo-metrics", MFD_CLOEXEC)) {
    if (fd_ < 0) refuse("crear");
    try {
        if (::ftruncate(fd_, sizeof(Region)) != 0) refuse("dimensionar");
        region_ = &map_region(fd_);
    } catch (const concejo::Error&) {
        ::close(fd_);
        throw;
    }
}

SharedRegion::~SharedRegion() {
    ::munmap(region_, sizeof(Region));
    ::close(fd_);
}

Region& map_region(int fd) {
    struct stat found {};
    // A smaller file would end the process with SIGBUS at the first touch.
    if (::fstat(fd, &found) != 0 || found.st_size < static_cast<off_t>(sizeof(Region))) refuse("abrir");
    void* memory = ::mmap(nullptr, sizeof(Region), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) refuse("abrir");
    return *static_cast<Region*>(memory);
}

Place* take_place(Region& region) noexcept {
    const auto mine = static_cast<std::uint32_t>(::getpid());
    for (auto& place : region.places) {
        std::uint32_t who = 0;
        if (place.pid.compare_exchange_strong(who, mine) || who == mine) return &place;
    }
    return nullptr;
}

void clear_place(Region& region, std::uint32_t pid) noexcept {
    for (auto& place : region.places) {
        if (place.pid != pid) continue;
        for (auto* value : {&place.connections, &place.handlers_waiting, &place.handlers_running,
                            &place.waiting_bytes, &place.event_streams, &place.pool_open, &place.pool_busy,
                            &place.pool_size, &place.cache_bytes, &place.cache_pages, &place.jobs_running})
            *value = 0;
        place.pid = 0;
    }
}

}  // namespace kernel::metrics
