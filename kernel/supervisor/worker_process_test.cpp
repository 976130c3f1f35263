#include "kernel/supervisor/worker_process.hpp"

#include "kernel/supervisor/loop.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace kernel::supervisor;
using namespace std::chrono_literals;

namespace {

/// A worker that is nothing but its end of the pipe.
struct Silent {
    net::io_context io{1};
    int ends[2]{-1, -1};
    std::shared_ptr<WorkerProcess> worker;
    std::string answer = "nothing yet";

    Silent() {
        REQUIRE(::pipe(ends) == 0);
        worker = std::make_shared<WorkerProcess>(io, WorkerKind::web, Spawned{::getpid(), ends[0]},
                                                 std::make_unique<kernel::crash::SharedPage>());
        worker->listen();
    }
    ~Silent() {
        if (ends[1] >= 0) ::close(ends[1]);
    }
    void say(std::string_view text) const { REQUIRE(::write(ends[1], text.data(), text.size()) > 0); }
    /// What `ready` says, while `script` plays.
    template <class Script>
    std::string ready(Script script) {
        net::co_spawn(
            io, [this]() -> awaitable<void> { answer = co_await worker->ready(1s); }, net::detached);
        std::thread player([&] { script(*this); });
        io.run_for(10s);
        player.join();
        return answer;
    }
};

}  // namespace

TEST_CASE("a worker whose start is long is waited for as long as it gives signs of life") {
    CHECK(Silent()
              .ready([](const Silent& it) {
                  for (int i = 0; i < 6; ++i) {
                      std::this_thread::sleep_for(400ms);
                      it.say(".");
                  }
                  it.say(".ready\n");
              })
              .empty());
}

TEST_CASE("silence is an end, and a reason is told without the dots before it") {
    CHECK(Silent().ready([](const Silent& it) { it.say(".."); }).find("1 s") != std::string::npos);
    CHECK(Silent().ready([](Silent& it) {
        it.say("..sin base de datos");
        ::close(it.ends[1]);
        it.ends[1] = -1;
    }) == "sin base de datos");
}
