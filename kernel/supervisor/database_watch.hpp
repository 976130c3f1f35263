// Keeps the embedded database alive while the supervisor runs.
#pragma once

#include "kernel/supervisor/supervisor.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

namespace kernel::supervisor {

class DatabaseWatch {
public:
    DatabaseWatch(boost::asio::io_context& io, DatabaseKeeper& keeper) : io_(io), keeper_(keeper) {}
    void start();
    void stop() { stopping_ = true; }
    void join() { blocking_.join(); }  ///< what it is doing ends first

private:
    boost::asio::awaitable<void> watch();
    std::string look_after();

    boost::asio::io_context& io_;
    boost::asio::thread_pool blocking_{1};  ///< the keeper blocks
    DatabaseKeeper& keeper_;
    bool stopping_ = false;
};

}  // namespace kernel::supervisor
