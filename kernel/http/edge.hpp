// One thread of the front: its own event loop, its own acceptor, its own connections.
#pragma once

#include <future>
#include <thread>

#include "kernel/http/asio.hpp"
#include "kernel/http/connection.hpp"
#include "kernel/http/core.hpp"

namespace kernel::http {

class Edge {
public:
    explicit Edge(Core& core);
    ~Edge();  ///< stops the loop; connections end where they stand

    void start();
    std::future<void> stop_accepting();  ///< any thread but the edge's own; kept once its acceptor is closed
    void stop();                         ///< ends the loop and its thread

private:
    Task<void> accept_loop();
    Task<void> enforce_deadlines();
    Task<void> serve(Socket socket, Address peer);
    bool accept_some();

    Core& core_;
    Connection::Registry connections_;  // outlives the loop, whose end destroys the sessions
    net::io_context loop_{1};
    Acceptor acceptor_;
    std::thread thread_;
};

}  // namespace kernel::http
