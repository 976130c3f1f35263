#include "kernel/http/server.hpp"

#include <csignal>
#include <thread>

#include "kernel/http/core.hpp"
#include "kernel/http/edge.hpp"

namespace kernel::http {

Core::Core(Application& app, ServerOptions given)
    : application(app),
      options(std::move(given)),
      limits(options.limits),
      proxies(options.trusted_proxies),
      admission(limits),
      tls(options.tls ? make_tls(*options.tls) : nullptr),
      pool(options.handler_threads, limits.handler_queue) {}

struct Server::Impl {
    Impl(Application& application, ServerOptions options) : core(application, std::move(options)) {
        for (unsigned i = 0; i < std::max(1u, core.options.edge_threads); ++i)
            edges.push_back(std::make_unique<Edge>(core));
    }

    Core core;
    std::vector<std::unique_ptr<Edge>> edges;
};

Server::Server(Application& application, ServerOptions options) {
    std::signal(SIGPIPE, SIG_IGN);  // sendfile to a client that left
    impl_ = std::make_unique<Impl>(application, std::move(options));
}

Server::~Server() {
    // Loops first, then the handlers that still run (they post to loops that exist but do not turn), then
    // both.
    for (auto& edge : impl_->edges) edge->stop();
    impl_->core.pool.finish();
}

void Server::start() {
    for (auto& edge : impl_->edges) edge->start();
}

void Server::drain() {
    impl_->core.draining = true;
    std::vector<std::future<void>> closed;
    for (auto& edge : impl_->edges) closed.push_back(edge->stop_accepting());
    for (auto& edge : closed) edge.wait();
}

bool Server::wait_drained(std::chrono::steady_clock::time_point deadline) {
    while (impl_->core.counters.connections > 0) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

ServerStats Server::stats() const {
    const auto& c = impl_->core.counters;
    const auto& pool = impl_->core.pool;
    return {c.accepted,       c.requests,      c.refused,       c.timeouts,    c.aborted,
            c.handler_errors, c.late_results,  c.accept_errors, c.connections, pool.waiting(),
            pool.running(),   c.waiting_bytes, c.event_streams};
}

}  // namespace kernel::http
