// Children that die in every way a plugin can make them, and what their page says afterwards.
#include "kernel/crash/blame.hpp"
#include "kernel/crash/fatal.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/crash/shared_page.hpp"

#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <latch>
#include <thread>
#include <vector>

using namespace kernel::crash;
using namespace std::chrono_literals;

namespace {

struct Death {
    int status = 0;
    std::optional<Blame> blame;
    bool by(int signal) const { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }
};

/// Runs `life` in a child with a page of its own.
Death death_of(const std::function<void()>& life) {
    const SharedPage shared;
    const pid_t pid = ::fork();
    if (pid == 0) {
        const rlimit no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS}) ::signal(signal, SIG_DFL);
        attach(&shared.page());
        watch_for_death(shared.page());
        life();
        ::_exit(0);
    }
    Death death;
    REQUIRE(::waitpid(pid, &death.status, 0) == pid);
    death.blame = blame_for_death(shared.page(), WIFEXITED(death.status));
    return death;
}

/// A neighbour in another plugin, for as long as the process lives.
void neighbour(const char* plugin) {
    std::latch inside(1);
    std::thread([&inside, plugin] {
        const Mark mark(Phase::call, plugin, "00002", "peticion-vecina");
        inside.count_down();
        for (;;) ::pause();
    }).detach();
    inside.wait();
}

int deep(int n) {
    volatile char room[4096];
    room[0] = static_cast<char>(n);
    return n < 0 ? 0 : deep(n + 1) + room[0];
}

void throw_uncaught(int n) noexcept { std::vector<int>().at(static_cast<std::size_t>(n)); }

/// Aligned and not null, so that sanitizers let it through to the processor.
volatile int* nowhere = reinterpret_cast<volatile int*>(8);

}  // namespace

TEST_CASE("whoever was running in the thread that fell is blamed, not its neighbours") {
    const auto death = death_of([] {
        neighbour("es.vecino");
        const Mark mark(Phase::call, "es.culpable", "00001", "peticion-7");
        *nowhere = 1;
    });
    REQUIRE(death.blame);
    CHECK(death.blame->plugin == "es.culpable");
    CHECK(death.blame->tenant == "00001");
    CHECK(death.blame->request == "peticion-7");
    CHECK(death.blame->reason == "SIGSEGV");
    CHECK(death.blame->phase == Phase::call);
}

TEST_CASE("the process dies of the same signal as it would have") {
    CHECK(death_of([] { *nowhere = 1; }).by(SIGSEGV));
    CHECK(death_of([] { std::abort(); }).by(SIGABRT));
    CHECK(death_of([] { ::raise(SIGFPE); }).by(SIGFPE));
}

TEST_CASE("abort, an exception that nobody catches and a stack that overflows are told") {
    const auto in_thread = [](auto fall) {
        return death_of([fall] {
            neighbour("es.vecino");
            std::thread([fall] {
                const Mark mark(Phase::call, "es.culpable", "00001", "r");
                fall();
            }).join();
        });
    };
    const auto aborted = in_thread([] { std::abort(); });
    REQUIRE(aborted.blame);
    CHECK(aborted.blame->reason == "SIGABRT");
    const auto thrown = in_thread([] { throw_uncaught(1); });
    REQUIRE(thrown.blame);
    CHECK(thrown.blame->reason == "SIGABRT");
    const auto overflowed = in_thread([] { deep(0); });
    REQUIRE(overflowed.blame);
    CHECK(overflowed.blame->plugin == "es.culpable");
    CHECK(overflowed.blame->reason == "SIGSEGV");
}

TEST_CASE("exit() from within a plugin is its fault; _exit() when it was the only one") {
    const auto left = death_of([] {
        neighbour("es.vecino");
        std::thread([] {
            const Mark mark(Phase::call, "es.culpable", "00001", "r");
            std::exit(3);
        }).join();
    });
    REQUIRE(left.blame);
    CHECK(left.blame->plugin == "es.culpable");
    CHECK(left.blame->reason == "exit");
    const auto alone = death_of([] {
        const Mark mark(Phase::call, "es.culpable", "00001", "r");
        ::_exit(3);
    });
    REQUIRE(alone.blame);
    CHECK(alone.blame->plugin == "es.culpable");
    const auto doubtful = death_of([] {
        neighbour("es.vecino");
        const Mark mark(Phase::call, "es.culpable", "00001", "r");
        ::_exit(3);
    });
    CHECK_FALSE(doubtful.blame);
}

TEST_CASE("a death outside every plugin, or by another's hand, is nobody's fault") {
    CHECK_FALSE(death_of([] { std::abort(); }).blame);
    const auto own_thread = death_of([] {
        neighbour("es.vecino");
        std::thread([] { std::abort(); }).join();
    });
    CHECK_FALSE(own_thread.blame);
    const auto killed = death_of([] {
        const Mark mark(Phase::call, "es.culpable", "00001", "r");
        ::kill(::getpid(), SIGKILL);
    });
    CHECK(killed.by(SIGKILL));
    CHECK_FALSE(killed.blame);
    CHECK_FALSE(death_of([] {
                    die_in_peace();
                    const Mark mark(Phase::call, "es.culpable", "00001", "r");
                    std::abort();
                }).blame);
}

TEST_CASE("after a nested call the caller answers for itself again") {
    const auto inner = death_of([] {
        const Mark outer(Phase::call, "es.llama", "00001", "r");
        const Mark mark(Phase::call, "es.atiende", "00001", "r");
        std::abort();
    });
    REQUIRE(inner.blame);
    CHECK(inner.blame->plugin == "es.atiende");
    const auto outer = death_of([] {
        const Mark mark(Phase::call, "es.llama", "00001", "r");
        { const Mark nested(Phase::call, "es.atiende", "00001", "r"); }
        std::abort();
    });
    REQUIRE(outer.blame);
    CHECK(outer.blame->plugin == "es.llama");
}

TEST_CASE("a call is hung from its moment on, and one without a moment never") {
    const SharedPage shared;
    attach(&shared.page());
    const auto now = std::chrono::steady_clock::now();
    {
        const Mark job(Phase::call, "es.largo", "00001", "job-1");
        CHECK_FALSE(blame_for_hang(shared.page(), now + 1000h));
    }
    {
        const Mark page(Phase::call, "es.lento", "00001", "r-1", now + 60s);
        CHECK_FALSE(blame_for_hang(shared.page(), now + 59s));
        const auto hung = blame_for_hang(shared.page(), now + 60s);
        REQUIRE(hung);
        CHECK(hung->plugin == "es.lento");
        CHECK(hung->reason == "colgado");
    }
    CHECK_FALSE(blame_for_hang(shared.page(), now + 1000h));
    attach(nullptr);
}

TEST_CASE("threads that end leave their slot to others") {
    const SharedPage shared;
    attach(&shared.page());
    for (std::size_t i = 0; i < 2 * slot_count; ++i)
        std::thread([] { const Mark mark(Phase::call, "es.uno", "00001", "r"); }).join();
    std::thread([&] {
        const Mark mark(Phase::start, "es.uno", "", "");
        CHECK(running_slot() != nobody);
        CHECK(starting_now(shared.page())->plugin == "es.uno");
    }).join();
    attach(nullptr);
}

TEST_CASE("what a corrupt page says is not believed") {
    const SharedPage shared;
    auto& page = shared.page();
    page.culprit = 1;
    page.signal = 11;
    CHECK_FALSE(blame_for_death(page, false));  // an idle slot
    page.slots[0].frame.phase = Phase::call;
    CHECK_FALSE(blame_for_death(page, false));  // no name
    std::memset(page.slots[0].frame.plugin, '\x01', plugin_size);
    CHECK_FALSE(blame_for_death(page, false));
    std::memset(page.slots[0].frame.plugin, 'a', plugin_size);  // no end
    REQUIRE(blame_for_death(page, false));
    CHECK(blame_for_death(page, false)->plugin == std::string(plugin_size, 'a'));
    page.slots[0].frame.phase = static_cast<Phase>(77);
    CHECK_FALSE(blame_for_death(page, false));
    for (const int culprit : {-1, -77, 100'000}) {
        page.culprit = culprit;
        CHECK_FALSE(blame_for_death(page, false));
    }
}
