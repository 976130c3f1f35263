// One JSON object a line, in and out, on a unix socket that only the installation's user can reach (and,
// where workers run as another, that one: `usuario:`).
#pragma once

#include "kernel/paths/paths.hpp"

#include <concejo/json.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>
#include <functional>

namespace kernel::supervisor {

class AdminSocket {
public:
    /// `owner`: the other side is root, or runs as this process does.
    using Answer =
        std::function<boost::asio::awaitable<concejo::Json>(const concejo::Json& request, bool owner)>;
    AdminSocket(boost::asio::io_context& io, std::filesystem::path path, Answer answer);
    ~AdminSocket();
    /// Throws concejo::Error where the socket cannot be made.
    void start();

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::local::stream_protocol::socket socket);

    std::filesystem::path path_;
    Answer answer_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
};

/// To one of the running server's sockets. Throws Error{unavailable}, which says how to start one.
void connect_to_server(boost::asio::local::stream_protocol::socket& socket, const std::filesystem::path& path,
                       const paths::Paths& paths);

}  // namespace kernel::supervisor
