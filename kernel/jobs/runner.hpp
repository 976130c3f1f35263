// Takes jobs and runs them: leases with a heartbeat, so that a killed worker's jobs go to another.
#pragma once

#include "kernel/jobs/job.hpp"
#include "kernel/jobs/policy.hpp"

#include <functional>
#include <memory>
#include <stdexcept>

namespace kernel::jobs {

/// A job that was taken.
struct Taken {
    std::int64_t id = 0;
    std::string idempotency_key;  ///< the same in every attempt: for effects outside the database
    int attempt = 0;              ///< 1, 2 …
    int max_attempts = 0;
    concejo::Json payload;
};

/// A running job, or several of one kind and municipality (Policy::batch). Belongs to the thread that runs
/// it.
class JobContext {
public:
    virtual ~JobContext() = default;
    virtual const db::Tenant& tenant() const = 0;
    virtual const std::string& plugin() const = 0;
    virtual const std::string& kind() const = 0;
    virtual const std::vector<Taken>& jobs() const = 0;  ///< at least one
    /// The transaction that also marks them done: begun at the first call, committed by the runner when
    /// the handler returns, rolled back when it throws. What is done in it happens exactly once.
    virtual db::Transaction& transaction() = 0;
    /// Shown at once to whoever looks; rarely more than twice a second.
    virtual void progress(std::uint64_t done, std::uint64_t total, std::string_view message) = 0;
    /// Somebody cancelled it, or the lease was lost: whatever is done from here on will not be committed.
    virtual bool cancelled() const = 0;
    /// The runner is stopping: what does not end soon is handed to another.
    virtual bool stopping() const = 0;

    const Taken& job() const { return jobs().front(); }
    std::int64_t id() const { return job().id; }
    const concejo::Json& payload() const { return job().payload; }
    int attempt() const { return job().attempt; }
};

/// Thrown by a handler that cannot run just now through no fault of the job's: it waits, and this attempt
/// does not count.
struct Postponed : std::runtime_error {
    using std::runtime_error::runtime_error;
    static constexpr std::chrono::seconds pause{15};
};

/// Throwing Error{invalid} marks the job dead at once; any other exception is tried again later. A batch that
/// throws is undone and its jobs run again one by one.
using Handler = std::function<void(JobContext&)>;
using Policies = std::function<Policy(const std::string& plugin, const std::string& kind)>;

struct RunnerOptions {
    unsigned threads = 4;
    std::chrono::milliseconds poll{1'000};    ///< while there is nothing to do
    std::chrono::seconds lease{60};           ///< renewed at a third of it
    std::chrono::milliseconds drain{30'000};  ///< stop() waits so long, then hands leases back
    std::chrono::milliseconds statement_timeout{600'000};
    std::string worker;  ///< name in the table; empty: host and process id
    /// After each attempt, on its thread: "done", "failed", "cancelled", or "split" of a batch that is run
    /// again one by one. Must not throw.
    std::function<void(const JobContext&, const char* result, std::chrono::nanoseconds)> finished{};
    Policies policies;  ///< empty: Policy{} for all. Called on every thread of the runner.
};

class Runner {
public:
    Runner(db::Pool& pool, Handler handler, RunnerOptions options = {});
    ~Runner();  ///< stop()
    void start();
    /// Takes no more; waits for the running ones. Those that do not end in time go back to the queue at once,
    /// and their commit is refused; their threads stay behind, so the process should end then, and the pool
    /// outlive them.
    void stop();
    unsigned running() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace kernel::jobs
