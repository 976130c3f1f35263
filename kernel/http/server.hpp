// The HTTP front of one worker process: edge threads, handler pool, draining.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/http/access_log.hpp"
#include "kernel/http/application.hpp"
#include "kernel/http/limits.hpp"

namespace kernel::http {

/// Certificate chain and key in PEM. Read once: a new certificate arrives with a new generation of workers.
struct TlsFiles {
    std::string certificate, key;
    std::string client_authorities;  ///< not empty: client certificates are asked for and verified
};

struct ServerOptions {
    int listen_fd = -1;  ///< listening socket, inherited; the server works on duplicates and never closes it
    unsigned edge_threads = 1;
    unsigned handler_threads = 8;
    Limits limits{};
    std::vector<std::string>
        trusted_proxies{};  ///< addresses or networks: "10.0.0.7", "10.1.0.0/16", "fd00::/8"
    std::function<void(const AccessRecord&)> access_log{};  ///< called on edge threads; must not block
    /// What a handler threw, beside the request id that the client was shown. Edge threads; must not block.
    std::function<void(std::string_view request_id, std::string_view what)> error_log{};
    std::optional<TlsFiles> tls{};
    /// A limit that no record tells of, by a word like those of AccessRecord::cause: idle_timeout,
    /// handshake_timeout, connections, address_connections, descriptors, waiting_bytes. As the access log.
    std::function<void(std::string_view limit)> limit_log{};
};

/// Counters since start, and gauges of now. For the metrics page.
struct ServerStats {
    std::uint64_t accepted, requests, refused, timeouts, aborted, handler_errors, late_results, accept_errors;
    std::uint64_t connections, handlers_waiting, handlers_running, waiting_bytes, event_streams;
};

class Server {
public:
    /// The application must outlive the server. Throws concejo::Error for a bad proxy list or certificate.
    Server(Application& application, ServerOptions options);
    /// Stops at once what drain() did not end; waits for handlers that are running.
    ~Server();

    /// Begins accepting, in threads of its own; returns at once.
    void start();

    /// Stops accepting (the queue stays in the shared socket for the next generation), answers what is in
    /// flight with `Connection: close`, and leaves idle connections until their idle time-out. When it
    /// returns no connection is accepted any more; those that there are go on.
    void drain();

    /// True when no connection is left; false when `deadline` came first.
    bool wait_drained(std::chrono::steady_clock::time_point deadline);

    ServerStats stats() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A listening TCP socket (non-blocking, close-on-exec, backlog 4096), as a descriptor that the caller owns.
/// `address`: IPv4 or IPv6 literal; port 0 picks a free one; `patience`: how long a port that is in use is waited for.
/// Throws concejo::Error (unavailable) in Spanish.
int listen_on(const std::string& address, std::uint16_t port, std::chrono::milliseconds patience = {});

/// The listening socket that whoever started this process hands over (systemd's socket activation: LISTEN_FDS
/// sockets from descriptor 3 on, for the process LISTEN_PID), made non-blocking and close-on-exec; -1 where
/// none is. The variables are taken out of the environment, so that no child believes them. Throws
/// concejo::Error (invalid) for several sockets and for one that is no listening TCP socket.
int handed_over_socket();

/// The port a listening descriptor is bound to.
std::uint16_t port_of(int listen_fd);

}  // namespace kernel::http
