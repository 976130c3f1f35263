// The workers of each reading of the configuration: started beside the old ones, switched, drained, replaced.
#pragma once

#include "kernel/supervisor/backoff.hpp"
#include "kernel/supervisor/crash_desk.hpp"
#include "kernel/supervisor/processes.hpp"
#include "kernel/supervisor/supervisor.hpp"
#include "kernel/supervisor/worker_process.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kernel::supervisor {

struct Generation {
    unsigned number = 0;
    std::vector<std::shared_ptr<WorkerProcess>> workers;
    bool served = false;  ///< it was whole once: from then on its crashes count
    bool draining = false;
};

class Generations {
public:
    /// `empty` is called when, after stop(), no worker is left.
    /// `serves` is called for each generation that begins to.
    Generations(boost::asio::io_context& io, const Options& options, int metrics_fd,
                std::function<void()> empty, std::function<void(const Plan&)> serves);

    /// Starts a new generation beside the current one and drains that one. Answers once no old worker
    /// accepts connections any more; on any failure the current one stays, and the answer says why.
    boost::asio::awaitable<std::string> advance();
    /// Drains them all; asked twice, kills them.
    void stop();
    /// Buries the dead and replaces those that are missed.
    void reap();

    unsigned current() const { return current_; }
    CrashDesk& desk() { return desk_; }
    const CrashDesk& desk() const { return desk_; }
    /// Kills workers in which a plugin hangs; until stop().
    boost::asio::awaitable<void> watch_hangs();

    const std::string& problems() const { return problems_; }  ///< of the reading that serves
    concejo::Json workers() const;
    std::vector<RunningWorker> running() const;

private:
    std::shared_ptr<WorkerProcess> launch(unsigned number, WorkerKind kind);
    boost::asio::awaitable<std::string> start_worker(unsigned number, WorkerKind kind);
    boost::asio::awaitable<std::string> start_all(unsigned number, const Plan& plan);
    boost::asio::awaitable<void> replace(unsigned number, WorkerKind kind, std::chrono::milliseconds wait);
    boost::asio::awaitable<void> retire(unsigned number);
    boost::asio::awaitable<void> kill_late(unsigned number);
    void discard(unsigned number);
    bool find_culprit(const Generation& generation, const WorkerProcess& dead, int status);
    void publish();
    void bury(unsigned number);
    bool serves(unsigned number) const;

    boost::asio::io_context& io_;
    const Options& options_;
    CrashDesk desk_;
    const int metrics_fd_;
    std::function<void()> empty_;
    std::function<void(const Plan&)> serves_;
    std::map<unsigned, Generation> generations_;
    unsigned current_ = 0, newest_ = 0;
    unsigned drain_seconds_ = 30;
    std::string problems_;
    bool stopping_ = false;
    Backoff backoff_;
};

}  // namespace kernel::supervisor
