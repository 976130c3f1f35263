#include "kernel/supervisor/admin_socket.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/supervisor/loop.hpp"
#include "kernel/supervisor/short_path.hpp"
#include "kernel/supervisor/supervisor.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kernel::supervisor {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using protocol = net::local::stream_protocol;

namespace {

constexpr std::size_t longest_line = 256 << 10, longest_answer = 8 << 20;

/// Whether the other side has this process's rights anyway.
bool is_owner(protocol::socket& socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == 0 || peer.uid == ::geteuid();
}

}  // namespace

AdminSocket::AdminSocket(net::io_context& io, std::filesystem::path path, Answer answer)
    : path_(std::move(path)), answer_(std::move(answer)), acceptor_(io) {}

AdminSocket::~AdminSocket() {
    if (!acceptor_.is_open()) return;
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void AdminSocket::start() {
    std::filesystem::create_directories(path_.parent_path());
    std::filesystem::remove(path_);
    const ShortPath short_path(path_);
    try {
        acceptor_.open();
        acceptor_.bind(short_path.endpoint());
        ::chmod(path_.c_str(), 0600);
        acceptor_.listen();
    } catch (const std::exception& error) {
        throw Error(ErrorKind::internal,
                    base::tr("no se puede crear {0}: {1}", path_.string(), error.what()));
    }
    net::co_spawn(acceptor_.get_executor(), accept(), net::detached);
}

net::awaitable<void> AdminSocket::accept() {
    for (;;) {
        auto [error, socket] = co_await acceptor_.async_accept(quietly);
        if (error) co_return;
        net::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), net::detached);
    }
}

net::awaitable<void> AdminSocket::serve(protocol::socket socket) {
    std::string line;
    const auto [error, size] =
        co_await net::async_read_until(socket, net::dynamic_buffer(line, longest_line), '\n', quietly);
    if (error) co_return;
    Json answer;
    try {
        answer = co_await answer_(Json::parse(std::string_view(line).substr(0, size)), is_owner(socket));
    } catch (const std::exception& problem) {
        answer = Json::object({{"ok", false}, {"error", problem.what()}});
    }
    const auto text = answer.dump() + "\n";
    co_await net::async_write(socket, net::buffer(text), quietly);
}

void connect_to_server(protocol::socket& socket, const std::filesystem::path& path,
                       const paths::Paths& paths) {
    boost::system::error_code error;
    const ShortPath short_path(path);
    socket.connect(short_path.endpoint(), error);
    if (error)
        throw Error(
            ErrorKind::unavailable,
            base::tr("no hay ningún servidor en marcha en {0}: arránquelo con «concejo serve --dir {1}»",
                     paths.dir.string(), paths.dir.string()));
}

Json ask_supervisor(const paths::Paths& paths, const Json& request) {
    net::io_context io;
    protocol::socket socket(io);
    connect_to_server(socket, paths.admin_socket(), paths);
    boost::system::error_code error;
    net::write(socket, net::buffer(request.dump() + "\n"));
    std::string answer;
    net::read_until(socket, net::dynamic_buffer(answer, longest_answer), '\n', error);
    if (error) throw Error(ErrorKind::unavailable, base::tr("el servidor ha terminado sin responder"));
    return Json::parse(answer);
}

bool supervisor_runs(const paths::Paths& paths) {
    try {
        return ask_supervisor(paths, Json::object({{"command", "status"}})).bool_or("ok", false);
    } catch (const Error&) {
        return false;
    }
}

}  // namespace kernel::supervisor
