// What a worker tells its supervisor.
#pragma once

#include "kernel/base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string_view>
#include <utility>

namespace kernel::runtime {

/// Its end means that this worker takes nothing new any more: by close(), or because the process is gone.
class SupervisorPipe {
public:
    /// Helper programs do not inherit it: they would keep it open.
    explicit SupervisorPipe(int fd) : fd_(fd) { ::fcntl(fd_, F_SETFD, FD_CLOEXEC); }
    ~SupervisorPipe() { close(); }
    SupervisorPipe(const SupervisorPipe&) = delete;
    SupervisorPipe& operator=(const SupervisorPipe&) = delete;

    void say(std::string_view text) const {
        if (::write(fd_, text.data(), text.size()) < 0)
            base::log_warning({"worker", {}, {}, {}}, "el supervisor no escucha");
    }
    /// To be called again and again during a long start: a dot once a second, so that nobody thinks it hangs.
    std::function<void()> signs() const {
        return [this, last = std::chrono::steady_clock::now()]() mutable {
            const auto now = std::chrono::steady_clock::now();
            if (now - last < std::chrono::seconds(1)) return;
            last = now;
            say(".");
        };
    }
    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

private:
    int fd_;
};

}  // namespace kernel::runtime
