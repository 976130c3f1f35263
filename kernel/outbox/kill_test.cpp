// Dispatchers killed with -9 at any moment; the other side is a file to which each delivery adds its key.
#include "kernel/base/files.hpp"
#include "kernel/outbox/fixture.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

using namespace kernel::outbox;

namespace {

Told other_side(const std::string& file) {
    Told courier;
    courier.known = {{"repite", {false, OnUnknown::retry, 1000}},
                     {"pregunta", {false, OnUnknown::ask, 1000}},
                     {"sabe", {true, OnUnknown::ask, 1000}}};
    courier.doing = [file](Delivery& delivery) {
        // Long enough that the work outlasts the kills, and that each of them finds some in each phase.
        std::this_thread::sleep_for(3ms);
        delivery.sending();
        std::this_thread::sleep_for(10ms);
        const int fd = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
        const auto line = delivery.kind() + " " + delivery.key() + "\n";
        if (::write(fd, line.data(), line.size()) < 0) throw std::runtime_error("write");
        ::close(fd);
        std::this_thread::sleep_for(25ms);
    };
    return courier;
}

}  // namespace

TEST_CASE("dispatcher", "[.worker]") {  // the process that the next case kills
    const char* dsn = std::getenv("OUTBOX_TEST_DSN");
    if (!dsn) return;
    kernel::db::PoolOptions options;
    options.dsn = dsn;
    kernel::db::Pool pool(options);
    auto courier = other_side(std::getenv("OUTBOX_TEST_FILE"));
    Dispatcher dispatcher(pool, courier, quick());
    dispatcher.start();
    std::this_thread::sleep_for(120s);
}

TEST_CASE(
    "killed dispatchers lose nothing, repeat only what may be repeated, and show what nobody can know") {
    Desk desk("outbox_7");
    const kernel::base::TempDir folder;
    const auto file = (folder.path() / "buzon").string();
    constexpr int each = 150;
    for (int i = 0; i < each; ++i)
        for (const char* kind : {"repite", "pregunta", "sabe"}) desk.place(kind);
    setenv("OUTBOX_TEST_DSN", tests::cluster().app_dsn().c_str(), 1);
    setenv("OUTBOX_TEST_FILE", file.c_str(), 1);
    const auto spawn = [] {
        pid_t pid = 0;
        const char* argv[] = {"outbox_test", "dispatcher", nullptr};
        REQUIRE(posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, const_cast<char**>(argv), environ) ==
                0);
        return pid;
    };
    std::vector<pid_t> workers{spawn(), spawn()};
    int kills = 0;
    for (const auto until = std::chrono::steady_clock::now() + 120s;
         std::chrono::steady_clock::now() < until;) {
        std::this_thread::sleep_for(350ms);
        if (kills < 12) {
            auto& victim = workers[static_cast<std::size_t>(kills++ % 2)];
            kill(victim, SIGKILL);
            waitpid(victim, nullptr, 0);
            victim = spawn();
            continue;
        }
        const auto left = count(*desk.pool, desk.tenant.id);
        if (left.waiting + left.sending == 0) break;
    }
    for (const auto worker : workers) {
        kill(worker, SIGKILL);
        waitpid(worker, nullptr, 0);
    }
    std::map<std::string, std::map<std::string, int>> arrived;
    std::ifstream in(file);
    for (std::string kind, key; in >> kind >> key;) ++arrived[kind][key];
    CHECK(kills == 12);
    CHECK(arrived["repite"].size() == each);
    CHECK(arrived["sabe"].size() == each);
    int unknown = 0, delivered = 0, repeated = 0;
    for (const auto& effect : list(*desk.pool, desk.tenant.id, "", 1000)) {
        INFO(effect.kind << " " << effect.key << " " << effect.state << " " << effect.last_error);
        const auto times = arrived[effect.kind][effect.key];
        repeated += times > 1;
        if (effect.kind != "pregunta") {
            CHECK(effect.state == "delivered");
            CHECK(times >= 1);
            continue;
        }
        CHECK(times <= 1);
        CHECK((effect.state == "unknown" || (effect.state == "delivered" && times == 1)));
        (effect.state == "unknown" ? unknown : delivered) += 1;
    }
    CHECK(unknown + delivered == each);
    CHECK(unknown > 0);   // the kills did hit between the sending and the mark
    CHECK(repeated > 0);  // and there was something to repeat
    WARN("kills " << kills << ", repeated " << repeated << ", unknown " << unknown << " of " << each);
}
