#include "kernel/http/edge.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "concejo/error.hpp"
#include "kernel/http/session.hpp"

namespace kernel::http {
namespace {

using net::ip::tcp;
using namespace std::chrono_literals;

constexpr int accepts_in_turn = 16;  // the queue is shared with the other workers
constexpr auto full_pause = 20ms;
constexpr auto deadline_tick = 100ms;

tcp family_of(int fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size);
    return storage.ss_family == AF_INET6 ? tcp::v6() : tcp::v4();
}

Address address_of(const sockaddr_storage& storage) {
    Address out;
    if (storage.ss_family == AF_UNIX) {
        Address::parse("127.0.0.1", out);  // somebody of this machine
    } else if (storage.ss_family == AF_INET6) {
        std::memcpy(out.bytes, &reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr, 16);
    } else {
        out.bytes[10] = out.bytes[11] = 0xff;
        std::memcpy(out.bytes + 12, &reinterpret_cast<const sockaddr_in&>(storage).sin_addr, 4);
    }
    return out;
}

}  // namespace

Edge::Edge(Core& core) : core_(core), acceptor_(loop_) {
    int own = ::fcntl(core.options.listen_fd, F_DUPFD_CLOEXEC, 3);
    if (own < 0)
        throw concejo::Error(
            concejo::ErrorKind::internal,
            fmt::format("listening descriptor {}: {}", core.options.listen_fd, std::strerror(errno)));
    ::fcntl(own, F_SETFL, ::fcntl(own, F_GETFL) | O_NONBLOCK);
    acceptor_.assign(family_of(own), own);
}

Edge::~Edge() { stop(); }

void Edge::start() {
    net::co_spawn(loop_, accept_loop(), net::detached);
    net::co_spawn(loop_, enforce_deadlines(), net::detached);
    thread_ = std::thread([this] { loop_.run(); });
}

std::future<void> Edge::stop_accepting() {
    auto close = std::make_shared<std::packaged_task<void()>>([this] {
        error_code ignored;
        acceptor_.close(ignored);
    });
    auto closed = close->get_future();
    if (thread_.joinable())
        net::post(loop_, [close] { (*close)(); });
    else
        (*close)();  // never started: nobody turns the loop
    return closed;
}

void Edge::stop() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
}

Task<void> Edge::accept_loop() {
    Timer pause(loop_.get_executor());
    bool full = false;
    while (!core_.draining && acceptor_.is_open()) {
        if (core_.counters.connections >= core_.limits.connections) {
            if (!std::exchange(full, true)) core_.limited("connections");  // once for each time
            pause.expires_after(full_pause);
            co_await pause.async_wait(awaited);
            continue;
        }
        full = false;
        auto [error] = co_await acceptor_.async_wait(Acceptor::wait_read, awaited);
        if (error || core_.draining) break;
        if (accept_some()) continue;
        ++core_.counters.accept_errors;
        core_.limited("descriptors");
        pause.expires_after(core_.limits.accept_pause);
        co_await pause.async_wait(awaited);
    }
    error_code ignored;
    acceptor_.close(ignored);
}

/// False when the system has no descriptor or memory for another connection.
bool Edge::accept_some() {
    for (int i = 0; i < accepts_in_turn && core_.counters.connections < core_.limits.connections; ++i) {
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        // Not async_accept: it gives descriptors that a child process would inherit.
        int fd = ::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&storage), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
            return false;
        if (fd < 0) continue;  // that client is gone already
        ++core_.counters.accepted;
        auto peer = address_of(storage);
        if (!core_.proxies.trusts(peer) && !core_.admission.open(peer)) {
            static constexpr std::string_view answer =
                "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: "
                "close\r\n\r\n";
            ++core_.counters.refused;
            core_.limited("address_connections");
            [[maybe_unused]] auto sent =
                ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            ::close(fd);
            continue;
        }
        ++core_.counters.connections;
        Socket socket(loop_);
        socket.assign(storage.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), fd);
        net::co_spawn(loop_, serve(std::move(socket), peer), net::detached);
    }
    return true;
}

Task<void> Edge::serve(Socket socket, Address peer) {
    Connection connection(core_, connections_, std::move(socket), peer);
    Session session(connection);
    co_await session.run();
}

Task<void> Edge::enforce_deadlines() {
    Timer tick(loop_.get_executor());
    for (;;) {
        tick.expires_after(deadline_tick);
        co_await tick.async_wait(awaited);
        auto now = Clock::now();
        for (auto* connection : connections_) connection->check(now);
    }
}

}  // namespace kernel::http
