#include "kernel/supervisor/reloads.hpp"

#include <boost/asio.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace net = boost::asio;
using kernel::supervisor::Reloads;

namespace {

/// A reload that ends when the test says so, and answers with its number.
struct Bench {
    net::io_context io{1};
    net::steady_timer gate{io, std::chrono::steady_clock::time_point::max()};
    int begun = 0, at_once = 0, most_at_once = 0;
    std::vector<std::string> answers;
    Reloads reloads{io, [this] { return reload(); }};

    net::awaitable<std::string> reload() {
        const auto number = std::to_string(++begun);
        most_at_once = std::max(most_at_once, ++at_once);
        co_await gate.async_wait(net::as_tuple(net::use_awaitable));
        --at_once;
        if (number == "3") throw std::runtime_error("tercera");
        co_return number;
    }
    net::awaitable<void> client() { answers.push_back(co_await reloads.ask()); }
    void ask() {
        net::co_spawn(io, client(), net::detached);
        settle();
    }
    void finish_one() {
        gate.cancel();
        settle();
    }
    /// Everything that can go on without the gate.
    void settle() {
        io.restart();
        io.poll();
    }
};

}  // namespace

TEST_CASE("a reload asked for alone runs at once") {
    Bench bench;
    bench.ask();
    CHECK(bench.begun == 1);
    CHECK(bench.answers.empty());
    bench.finish_one();
    CHECK(bench.answers == std::vector<std::string>{"1"});
}

TEST_CASE("those asked for while one is under way wait for it and share the next") {
    Bench bench;
    for (int i = 0; i < 4; ++i) bench.ask();
    CHECK(bench.begun == 1);
    bench.finish_one();
    CHECK(bench.answers == std::vector<std::string>{"1"});
    bench.finish_one();
    CHECK(bench.answers == std::vector<std::string>{"1", "2", "2", "2"});
    CHECK(bench.begun == 2);
    CHECK(bench.most_at_once == 1);
}

TEST_CASE("one that throws answers with its text, and the next still runs") {
    Bench bench;
    for (int i = 0; i < 4; ++i) {
        bench.ask();
        bench.finish_one();
    }
    CHECK(bench.answers == std::vector<std::string>{"1", "2", "tercera", "4"});
}
