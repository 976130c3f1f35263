// Where Prometheus asks: HTTP on a unix socket for the installation's own people, and on a TCP port where the
// configuration says so. Never on the public port.
#pragma once

#include "kernel/http/server.hpp"
#include "kernel/metrics/page.hpp"

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace kernel::supervisor {

class MetricsFront {
public:
    /// `collect` may block for some seconds; called on threads of the front's own.
    explicit MetricsFront(std::function<metrics::Page()> collect);
    ~MetricsFront();
    MetricsFront(const MetricsFront&) = delete;
    MetricsFront& operator=(const MetricsFront&) = delete;

    /// The socket is its user's and group's (-1: as it comes), and nobody else's. Throws concejo::Error.
    void listen_on_socket(const std::filesystem::path& path, uid_t user, gid_t group);
    /// In place of the port that was listened on; 0: none. Throws concejo::Error, and then there is none.
    void listen_on_port(const std::string& address, unsigned short port);
    /// Waits for a scrape that is under way.
    void close();

private:
    class Answers;
    class Door;
    std::unique_ptr<Answers> answers_;
    std::unique_ptr<Door> socket_, port_;
    std::filesystem::path path_;
    std::string address_;
    unsigned short port_number_ = 0;
};

}  // namespace kernel::supervisor
