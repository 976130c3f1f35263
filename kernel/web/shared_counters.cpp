#include "kernel/web/shared_counters.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace kernel::web {

SharedCounters::SharedCounters(const std::filesystem::path& file, std::size_t size) : size_(size) {
    const auto bytes = size_ * sizeof(Counter);
    const int descriptor =
        file.empty() || size_ == 0 ? -1 : ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        // Growing only: another worker may have it mapped already, and a new file reads as zeros.
        if (::lseek(descriptor, 0, SEEK_END) >= static_cast<off_t>(bytes) ||
            ::ftruncate(descriptor, static_cast<off_t>(bytes)) == 0) {
            void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
            if (memory != MAP_FAILED) counters_ = static_cast<Counter*>(memory);
        }
        ::close(descriptor);
    }
    if (!counters_ && size_ != 0) {
        own_ = std::make_unique<Counter[]>(size_);
        counters_ = own_.get();
    }
}

SharedCounters::~SharedCounters() {
    if (counters_ && !own_) ::munmap(counters_, size_ * sizeof(Counter));
}

}  // namespace kernel::web
