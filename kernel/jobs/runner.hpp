// Takes jobs and runs them: leases with a heartbeat, so that a killed worker's jobs go to another.
#pragma once

#include "kernel/jobs/job.hpp"

#include <functional>
#include <memory>
#include <stdexcept>

namespace kernel::jobs {

/// A running job. Belongs to the thread that runs it.
class JobContext {
public:
    virtual ~JobContext() = default;
    virtual std::int64_t id() const = 0;
    virtual const db::Tenant& tenant() const = 0;
    virtual const std::string& plugin() const = 0;
    virtual const std::string& kind() const = 0;
    virtual const concejo::Json& payload() const = 0;
    virtual int attempt() const = 0;  ///< 1, 2 …
    /// The transaction that also marks the job done: begun at the first call, committed by the runner when
    /// the handler returns, rolled back when it throws. What is done in it happens exactly once.
    virtual db::Transaction& transaction() = 0;
    /// Shown at once to whoever looks; rarely more than once a second.
    virtual void progress(std::uint64_t done, std::uint64_t total, std::string_view message) = 0;
    /// The runner is stopping or the lease was lost: give up soon by throwing or returning.
    virtual bool stopping() const = 0;
};

/// Thrown by a handler that cannot run just now through no fault of the job's: it waits, and this attempt
/// does not count.
struct Postponed : std::runtime_error {
    using std::runtime_error::runtime_error;
    static constexpr std::chrono::seconds pause{15};
};

/// Throwing Error{invalid} marks the job dead at once; any other exception is tried again later.
using Handler = std::function<void(JobContext&)>;

struct RunnerOptions {
    unsigned threads = 4;
    std::chrono::milliseconds poll{1'000};    ///< while there is nothing to do
    std::chrono::seconds lease{60};           ///< renewed at a third of it
    std::chrono::milliseconds drain{30'000};  ///< stop() waits so long, then hands leases back
    std::chrono::milliseconds first_pause{
        5'000};  ///< before the second attempt; doubled each time, at most an hour
    std::chrono::milliseconds statement_timeout{600'000};
    std::string worker;  ///< name in the table; empty: host and process id
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
