// One client's socket with its deadline: bytes in, bytes out, plain or TLS. Lives on its edge's thread.
#pragma once

#include <boost/asio/ssl/stream.hpp>
#include <cstdint>
#include <list>
#include <memory>
#include <string_view>

#include "kernel/http/asio.hpp"
#include "kernel/http/core.hpp"

namespace kernel::http {

class Connection {
public:
    using Registry = std::list<Connection*>;

    Connection(Core& core, Registry& registry, Socket socket, const Address& peer);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// The time by which the present operation must end. check() enforces it.
    void arm(std::chrono::milliseconds from_now) { deadline_ = Clock::now() + from_now; }
    void extend(std::chrono::milliseconds more) { deadline_ += more; }
    void disarm() { deadline_ = Clock::time_point::max(); }
    bool expired() const noexcept { return expired_; }
    void forgive() { expired_ = false; }
    void check(Clock::time_point now);

    Task<bool> handshake();
    /// Up to `size` bytes; 0 at the end, at an error or past the deadline.
    Task<std::size_t> read(char* into, std::size_t size);
    /// Both pieces in one go where the socket takes them; the deadline moves on with each progress. `held`:
    /// these bytes are in memory for this reader alone, and count while they wait.
    Task<bool> write(std::string_view a, std::string_view b, bool held);
    Task<bool> send_file(int fd, std::uint64_t offset, std::uint64_t length);
    /// Once, on the edge's thread: the client has said something or is gone. Not together with read().
    template <class F>
    void when_readable(F then) {
        socket_.async_wait(Socket::wait_read, [then = std::move(then)](error_code error) mutable {
            if (error != net::error::operation_aborted) then();
        });
    }
    /// Ends our side and reads on for a while, so that a reset does not take the answer from the client.
    Task<void> linger();

    bool is_tls() const noexcept { return tls_ != nullptr; }
    const Address& peer() const noexcept { return peer_; }
    std::uint64_t written() const noexcept { return written_; }
    Core& core() noexcept { return core_; }
    Executor executor() { return socket_.get_executor(); }

private:
    Task<bool> send_file_tls(int fd, std::uint64_t offset, std::uint64_t length);

    Core& core_;
    Registry& registry_;
    Registry::iterator place_;
    Socket socket_;
    std::unique_ptr<net::ssl::stream<Socket&>> tls_;
    const Address peer_;
    Clock::time_point deadline_ = Clock::time_point::max();
    std::uint64_t written_ = 0;
    bool expired_ = false;
};

}  // namespace kernel::http
