// The queue's statements: who holds which job until when. Internal to kernel/jobs.
#pragma once

#include "kernel/jobs/runner.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kernel::jobs {

/// What one thread took at once: one job, or a batch of one kind. The token says that they are still its own.
struct Lease {
    db::Tenant tenant;
    std::string plugin, kind, token;
    std::vector<Taken> jobs;
    Policy policy;
};

/// "{1,2,3}" of the ids, for a parameter of type bigint[].
std::string id_array(const std::vector<Taken>& jobs);

class Leases {
public:
    Leases(db::Pool& pool, RunnerOptions options) : pool_(pool), options_(std::move(options)) {}

    std::optional<Lease> take();
    struct Beat {
        bool lost = false, cancelled = false;
    };
    /// Heartbeat; one answer for each.
    std::vector<Beat> renew(const std::vector<const Lease*>& leases);
    /// Which of them somebody cancelled.
    std::vector<bool> cancelled(const std::vector<const Lease*>& leases);
    /// Back to the queue, as if they had not been taken.
    void hand_back(const Lease& lease);
    /// The same, after a pause, with the reason shown: it cannot run just now.
    void postpone(const Lease& lease, const std::string& why, std::chrono::seconds pause);
    /// Back to the queue, each by itself from now on.
    void split(const Lease& lease);
    /// Jobs whose worker was killed wait again, schedules that are due are queued, old ones are removed.
    void recover();
    /// Tells those who watch these municipalities.
    void announce(const std::vector<std::string>& tenants);

private:
    void add_more(db::Transaction& tx, Lease& lease);

    db::Pool& pool_;
    const RunnerOptions options_;
};

/// What a crash of the server may undo without harm: leases, heartbeats, progress. A lost one is renewed or
/// ends, and a COMMIT that relies on it fails; so these do not wait for the disk.
inline constexpr db::Timeouts not_durable{.durable = false};

}  // namespace kernel::jobs
