// What the edges of one server share.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>

#include "kernel/http/addresses.hpp"
#include "kernel/http/application.hpp"
#include "kernel/http/server.hpp"
#include "kernel/http/worker_pool.hpp"

namespace kernel::http {

struct Counters {
    std::atomic<std::uint64_t> accepted{0}, requests{0}, refused{0}, timeouts{0}, aborted{0},
        handler_errors{0}, late_results{0}, accept_errors{0}, connections{0}, waiting_bytes{0},
        event_streams{0};
};

struct Core {
    Core(Application& app, ServerOptions given);

    void limited(std::string_view limit) const {
        if (options.limit_log) options.limit_log(limit);
    }

    Application& application;
    const ServerOptions options;
    const Limits& limits;
    const TrustedProxies proxies;
    Admission admission;
    Counters counters;
    std::atomic<bool> draining{false};
    std::unique_ptr<boost::asio::ssl::context> tls;
    WorkerPool pool;  ///< last: its threads end before what they use
};

/// A context for TLS 1.2 and later from PEM files. Throws concejo::Error (invalid), in Spanish, naming the
/// file.
std::unique_ptr<boost::asio::ssl::context> make_tls(const TlsFiles& files);

}  // namespace kernel::http
