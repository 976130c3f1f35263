// One worker from its start to its end, as its pipe tells it.
#pragma once

#include "kernel/crash/blame.hpp"
#include "kernel/crash/shared_page.hpp"
#include "kernel/supervisor/child.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace kernel::supervisor {

enum class WorkerKind { web, job };

inline const char* name_of(WorkerKind kind) { return kind == WorkerKind::web ? "web" : "job"; }

/// The pipe says "ready\n", or why not; before that, a dot now and then from a worker whose start is long (it
/// migrates a thousand municipalities). Its end says that the worker takes nothing new any more, or is dead.
class WorkerProcess : public std::enable_shared_from_this<WorkerProcess> {
public:
    /// `page` is the one that the child has inherited.
    WorkerProcess(boost::asio::io_context& io, WorkerKind kind, const Spawned& child,
                  std::unique_ptr<crash::SharedPage> page);
    void listen();  ///< once, after make_shared

    WorkerKind kind() const { return kind_; }
    pid_t pid() const { return pid_; }
    crash::Page& page() const { return page_->page(); }
    bool is_ready() const { return ready_; }
    std::chrono::steady_clock::duration lived() const { return std::chrono::steady_clock::now() - started_; }

    /// Empty once it is ready; else why it is not. `limit`: of silence.
    boost::asio::awaitable<std::string> ready(std::chrono::seconds limit);
    /// True once it has stopped accepting, or is dead; false when the limit came first.
    boost::asio::awaitable<bool> closed(std::chrono::seconds limit);
    void died();
    /// Kills it, for a reason that is known already: its death is not looked into.
    void condemn();
    bool is_condemned() const { return condemned_; }

private:
    boost::asio::awaitable<void> read();
    template <class Condition>
    boost::asio::awaitable<bool> until(Condition condition, std::chrono::seconds limit);

    const WorkerKind kind_;
    const pid_t pid_;
    const std::unique_ptr<crash::SharedPage> page_;
    const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    boost::asio::posix::stream_descriptor pipe_;
    boost::asio::steady_timer changed_;  ///< never expires: cancelled to wake who waits
    std::string said_;
    unsigned signs_ = 0;  ///< of life, before it is ready
    bool ready_ = false, closed_ = false, condemned_ = false;
};

}  // namespace kernel::supervisor
