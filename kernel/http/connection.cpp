#include "kernel/http/connection.hpp"

#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>

namespace kernel::http {
namespace {

constexpr std::size_t file_turn = 512 * 1024;  // bytes before the other connections have their turn
constexpr std::size_t tls_turn = 64 * 1024;

/// Bytes in memory that wait for one slow reader.
class Waiting {
public:
    explicit Waiting(std::atomic<std::uint64_t>& total) : total_(total) {}
    ~Waiting() { total_ -= mine_; }
    std::uint64_t begin(std::uint64_t bytes) {
        mine_ = bytes;
        return total_ += bytes;
    }
    bool begun() const noexcept { return mine_ > 0; }

private:
    std::atomic<std::uint64_t>& total_;
    std::uint64_t mine_ = 0;
};

}  // namespace

Connection::Connection(Core& core, Registry& registry, Socket socket, const Address& peer)
    : core_(core), registry_(registry), socket_(std::move(socket)), peer_(peer) {
    place_ = registry_.insert(registry_.end(), this);
    error_code ignored;
    socket_.set_option(net::ip::tcp::no_delay(true), ignored);
    if (core_.tls) tls_ = std::make_unique<net::ssl::stream<Socket&>>(socket_, *core_.tls);
}

Connection::~Connection() {
    registry_.erase(place_);
    core_.admission.close(peer_);
    --core_.counters.connections;
}

void Connection::check(Clock::time_point now) {
    if (now <= deadline_) return;
    error_code ignored;
    if (expired_) {
        socket_.close(
            ignored);  // the cancellation found nothing to cancel, or its answer does not get through
        deadline_ = Clock::time_point::max();
        return;
    }
    expired_ = true;
    deadline_ = now + core_.limits.linger_time;
    socket_.cancel(ignored);
}

Task<bool> Connection::handshake() {
    if (!tls_) co_return true;
    arm(core_.limits.handshake_time);
    auto [error] = co_await tls_->async_handshake(net::ssl::stream_base::server, awaited);
    if (error && expired_) core_.limited("handshake_timeout");
    co_return !error;
}

Task<std::size_t> Connection::read(char* into, std::size_t size) {
    if (expired_) co_return 0;
    if (tls_) {
        auto [error, n] = co_await tls_->async_read_some(net::buffer(into, size), awaited);
        co_return error ? 0 : n;
    }
    auto [error, n] = co_await socket_.async_read_some(net::buffer(into, size), awaited);
    co_return error ? 0 : n;
}

Task<bool> Connection::write(std::string_view a, std::string_view b, bool held) {
    Waiting waiting(core_.counters.waiting_bytes);
    while (!a.empty() || !b.empty()) {
        if (expired_) co_return false;
        arm(core_.limits.write_time);
        std::size_t n = 0;
        error_code error;
        if (tls_) {
            auto part = a.empty() ? b : a;  // one record each: gathering would copy
            std::tie(error, n) =
                co_await tls_->async_write_some(net::buffer(part.data(), part.size()), awaited);
        } else {
            std::array<net::const_buffer, 2> both{net::buffer(a.data(), a.size()),
                                                  net::buffer(b.data(), b.size())};
            std::tie(error, n) = co_await socket_.async_write_some(both, awaited);
        }
        if (error) co_return false;
        written_ += n;
        auto of_a = std::min(n, a.size());
        a.remove_prefix(of_a);
        b.remove_prefix(n - of_a);
        if (held && !waiting.begun() && !b.empty() && waiting.begin(b.size()) > core_.limits.waiting_bytes) {
            core_.limited("waiting_bytes");
            co_return false;
        }
    }
    co_return true;
}

Task<bool> Connection::send_file(int fd, std::uint64_t offset, std::uint64_t length) {
    if (tls_) co_return co_await send_file_tls(fd, offset, length);
    auto at = static_cast<off_t>(offset);
    socket_.native_non_blocking(true);
    while (length > 0) {
        if (expired_) co_return false;
        arm(core_.limits.write_time);
        // SIGPIPE is ignored by the process (Server's constructor): sendfile has no MSG_NOSIGNAL.
        auto n = ::sendfile(socket_.native_handle(), fd, &at, std::min<std::uint64_t>(length, file_turn));
        if (n > 0) {
            length -= static_cast<std::uint64_t>(n);
            written_ += static_cast<std::uint64_t>(n);
            if (length > 0) co_await net::post(executor(), awaited);
        } else if (n < 0 && errno == EAGAIN) {
            auto [error] = co_await socket_.async_wait(Socket::wait_write, awaited);
            if (error) co_return false;
        } else if (n == 0 || errno != EINTR) {
            co_return false;  // the file is shorter than announced, or the client is gone
        }
    }
    co_return true;
}

Task<bool> Connection::send_file_tls(int fd, std::uint64_t offset, std::uint64_t length) {
    std::string piece;
    while (length > 0) {
        piece.resize(std::min<std::uint64_t>(length, tls_turn));
        auto n = ::pread(fd, piece.data(), piece.size(), static_cast<off_t>(offset));
        if (n <= 0) co_return false;
        bool sent = co_await write({piece.data(), static_cast<std::size_t>(n)}, {}, false);
        if (!sent) co_return false;
        offset += static_cast<std::uint64_t>(n);
        length -= static_cast<std::uint64_t>(n);
    }
    co_return true;
}

Task<void> Connection::linger() {
    error_code ignored;
    forgive();
    arm(core_.limits.linger_time);
    if (tls_) {
        auto [error] = co_await tls_->async_shutdown(awaited);
        if (error) co_return;
    }
    socket_.shutdown(Socket::shutdown_send, ignored);
    char drop[4096];
    std::size_t total = 0;
    while (!expired_ && total < core_.limits.linger_bytes) {
        auto [error, n] = co_await socket_.async_read_some(net::buffer(drop), awaited);
        if (error) break;
        total += n;
    }
}

}  // namespace kernel::http
