#include "kernel/supervisor/reloads.hpp"

#include <boost/asio.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>
#include <vector>

namespace net = boost::asio;
using namespace std::chrono_literals;
using kernel::supervisor::Reloads;

namespace {

/// A reload that takes a while and answers with its number.
struct Bench {
    net::io_context io{1};
    int begun = 0, at_once = 0, most_at_once = 0;
    std::vector<std::string> answers;
    Reloads reloads{io, [this] { return reload(); }};

    net::awaitable<std::string> reload() {
        const auto number = std::to_string(++begun);
        most_at_once = std::max(most_at_once, ++at_once);
        net::steady_timer work(io, 20ms);
        co_await work.async_wait(net::use_awaitable);
        --at_once;
        if (number == "3") throw std::runtime_error("tercera");
        co_return number;
    }
    net::awaitable<void> client() { answers.push_back(co_await reloads.ask()); }
    void ask() { net::co_spawn(io, client(), net::detached); }
    void run_for(std::chrono::milliseconds time) {
        io.restart();
        io.run_for(time);
    }
};

}  // namespace

TEST_CASE("a reload asked for alone runs at once") {
    Bench bench;
    bench.ask();
    bench.run_for(1s);
    CHECK(bench.answers == std::vector<std::string>{"1"});
}

TEST_CASE("those asked for while one is under way wait for it and share the next") {
    Bench bench;
    bench.ask();
    bench.run_for(5ms);
    REQUIRE(bench.begun == 1);
    for (int i = 0; i < 3; ++i) bench.ask();
    bench.run_for(1s);
    CHECK(bench.answers == std::vector<std::string>{"1", "2", "2", "2"});
    CHECK(bench.begun == 2);
    CHECK(bench.most_at_once == 1);
}

TEST_CASE("one that throws answers with its text, and the next still runs") {
    Bench bench;
    for (int i = 0; i < 4; ++i) {
        bench.ask();
        bench.run_for(1s);
    }
    CHECK(bench.answers == std::vector<std::string>{"1", "2", "tercera", "4"});
}
