// Internal to kernel/db: a connection on loan.
#pragma once

#include "kernel/db/connection.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/metrics/catalogue.hpp"

#include <condition_variable>
#include <mutex>
#include <vector>

namespace kernel::db {

struct Pool::State {
    explicit State(PoolOptions given) : options(std::move(given)) {}
    const PoolOptions options;
    std::string dsn;
    mutable std::mutex mutex;
    std::condition_variable freed;
    std::vector<std::unique_ptr<Connection>> idle;
    PoolStats stats;
    const metrics::Series& waits = metrics::here().series(metrics::pool_wait, {{"database", options.name}});
    const metrics::Series& timeouts =
        metrics::here().series(metrics::pool_timeouts, {{"database", options.name}});

    /// A connection, when one is free: what the wait was is measured.
    std::unique_ptr<Connection> take(const std::string& tenant);
    void give_back(std::unique_ptr<Connection> connection) noexcept;

private:
    std::unique_ptr<Connection> wait_for_one(const std::string& tenant);
    std::unique_ptr<Connection> pick(const std::string& tenant);
    std::unique_ptr<Connection> connect();
};

class Lease {
public:
    Lease(std::shared_ptr<Pool::State> state, const std::string& tenant)
        : state_(std::move(state)), connection_(state_->take(tenant)) {}
    ~Lease() { state_->give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Connection& operator*() const noexcept { return *connection_; }
    Connection* operator->() const noexcept { return connection_.get(); }

private:
    std::shared_ptr<Pool::State> state_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace kernel::db
