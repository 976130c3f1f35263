#include "kernel/supervisor/reloads.hpp"

#include <boost/asio.hpp>

namespace kernel::supervisor {

namespace net = boost::asio;
using net::awaitable;

struct Reloads::Round {
    explicit Round(net::io_context& io) : ended(io, std::chrono::steady_clock::time_point::max()) {}
    net::steady_timer ended;  ///< never expires: cancelled to wake who waits
    bool done = false;
    std::string why;
};

awaitable<std::string> Reloads::ask() {
    if (!next_) next_ = std::make_shared<Round>(io_);
    const auto mine = next_;
    if (!std::exchange(running_, true)) net::co_spawn(io_, run(), net::detached);
    while (!mine->done) co_await mine->ended.async_wait(net::as_tuple(net::use_awaitable));
    co_return mine->why;
}

awaitable<void> Reloads::run() {
    while (next_) {
        const auto round = std::exchange(next_, nullptr);
        try {
            round->why = co_await reload_();
        } catch (const std::exception& error) {
            round->why = error.what();
        }
        round->done = true;
        round->ended.cancel();
    }
    running_ = false;
}

}  // namespace kernel::supervisor
