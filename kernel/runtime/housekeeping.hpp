// What has no more use is removed, hourly: expired sessions, old login attempts, spent idempotency keys, old
// recipients of mail, expired uploads, contents that nobody uses.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/blobs/uploads.hpp"
#include "kernel/runtime/databases.hpp"
#include "kernel/tenancy/tenant.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace kernel::runtime {

/// In a thread of its own, while it lives. Every job worker may have one: the work is repeatable.
class Housekeeping {
public:
    Housekeeping(Databases& databases, const tenancy::Tenants& tenants, blobs::Store& store,
                 blobs::Uploads& uploads, const base::Clock& clock)
        : databases_(databases),
          tenants_(tenants),
          store_(store),
          uploads_(uploads),
          clock_(clock),
          thread_([this] { run(); }) {}
    ~Housekeeping();

private:
    void run();
    void tidy_databases();
    void tidy_files();

    Databases& databases_;
    const tenancy::Tenants& tenants_;
    blobs::Store& store_;
    blobs::Uploads& uploads_;
    const base::Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace kernel::runtime
