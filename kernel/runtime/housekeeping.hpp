// What has no more use is removed, hourly: expired sessions, old login attempts, spent idempotency keys, old
// recipients of mail.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/runtime/databases.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace kernel::runtime {

/// In a thread of its own, while it lives. Every job worker may have one: the work is repeatable.
class Housekeeping {
public:
    Housekeeping(Databases& databases, const base::Clock& clock)
        : databases_(databases), clock_(clock), thread_([this] { run(); }) {}
    ~Housekeeping();

private:
    void run();

    Databases& databases_;
    const base::Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace kernel::runtime
