#include "kernel/jobs/desk_for_tests.hpp"
#include "kernel/jobs/schedule.hpp"

#include <catch2/catch.hpp>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <thread>

using kernel::jobs::JobContext;
using kernel::jobs::Runner;
using kernel::jobs::RunnerOptions;
using namespace std::chrono_literals;
using tests::Desk;
using tests::put;
using tests::quick;

TEST_CASE("a job runs once its transaction commits, and its effects with it") {
    Desk desk("jobs_1");
    Runner runner(*desk.pool, put, quick());
    runner.start();
    {
        auto tx = desk.pool->begin(desk.tenant);
        kernel::jobs::enqueue(tx, {"prueba", "deshecho"});
    }
    const auto id = desk.queue("hacer");
    REQUIRE(desk.reaches(id, "done"));
    CHECK(desk.effects() == 1);
}

TEST_CASE("a failing job is tried again later, its effects undone, and dies at the limit") {
    Desk desk("jobs_2");
    std::atomic<int> tries{0};
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            if (job.tenant().id != desk.tenant.id) return;
            put(job);
            ++tries;
            if (job.kind() == "nunca") throw std::runtime_error("no hay manera");
            if (job.kind() == "mal") throw concejo::Error(concejo::ErrorKind::invalid, "dato incorrecto");
            if (job.attempt() < 3) throw concejo::Error(concejo::ErrorKind::unavailable, "todavía no");
        },
        quick());
    runner.start();
    const auto third = desk.queue("tercera");
    REQUIRE(desk.reaches(third, "done"));
    CHECK(tries == 3);
    CHECK(desk.effects() == 1);
    const auto never = desk.queue("nunca", 2);
    REQUIRE(desk.reaches(never, "dead"));
    CHECK(desk.look(never).attempts == 2);
    CHECK(desk.look(never).last_error == "no hay manera");
    const auto wrong = desk.queue("mal");
    REQUIRE(desk.reaches(wrong, "dead"));
    CHECK(desk.look(wrong).attempts == 1);
    CHECK(desk.effects() == 1);
    CHECK(desk.retry(never));
    CHECK(desk.reaches(never, "dead"));
    CHECK_FALSE(desk.retry(third));
}

TEST_CASE("a unique key is queued once while it waits or runs") {
    Desk desk("jobs_3");
    const auto id = desk.queue("unico", 8, "k");
    CHECK(id != 0);
    CHECK(desk.queue("unico", 8, "k") == 0);
    CHECK(desk.queue("otro", 8, "k") != 0);
    Runner runner(*desk.pool, put, quick());
    runner.start();
    REQUIRE(desk.reaches(id, "done"));
    CHECK(desk.queue("unico", 8, "k") != 0);
}

TEST_CASE("a runner that loses its lease commits nothing") {
    Desk desk("jobs_4");
    std::atomic<bool> inside{false}, go{false};
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            put(job);
            if (job.attempt() > 1) return;
            inside = true;
            while (!go) std::this_thread::sleep_for(5ms);
        },
        quick());
    runner.start();
    const auto id = desk.queue("lento");
    while (!inside) std::this_thread::sleep_for(5ms);
    tests::cluster().superuser(
        "update concejo.jobs set lease_token = gen_random_uuid(), lease_until = now() - interval '1 s' where "
        "id = " +
        std::to_string(id));
    REQUIRE(desk.reaches(id, "done"));
    CHECK(desk.look(id).attempts == 2);
    go = true;
    runner.stop();
    CHECK(desk.effects() == 1);
}

TEST_CASE("stop waits for what runs; what does not end goes back to the queue") {
    Desk desk("jobs_5");
    static std::atomic<bool> inside, release;
    auto options = quick();
    options.drain = 300ms;
    {
        Runner runner(
            *desk.pool,
            [](JobContext& job) {
                put(job);
                inside = true;
                while (!release) std::this_thread::sleep_for(5ms);
            },
            options);
        runner.start();
        const auto id = desk.queue("eterno");
        while (!inside) std::this_thread::sleep_for(5ms);
        CHECK(runner.running() == 1);
        runner.stop();
        CHECK(desk.look(id).state == "waiting");
        CHECK(desk.look(id).attempts == 0);
        tests::cluster().superuser("update concejo.jobs set state = 'dead' where id = " + std::to_string(id));
    }
    release = true;
    std::this_thread::sleep_for(500ms);
    CHECK(desk.effects() == 0);
}

TEST_CASE("schedules repeat, follow the wall clock, and do not pile up") {
    Desk desk("jobs_6");
    kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id,
                                    {{"prueba", "cada", 1}, {"prueba", "nocturno", 0, "0 3 * * *"}});
    CHECK(tests::cluster().superuser("select to_char(next_at at time zone 'Europe/Madrid', 'HH24:MI') from "
                                     "concejo.schedules where tenant = 'jobs_6' and kind = 'nocturno'") ==
          "03:00");
    CHECK(tests::cluster().superuser("select next_at > now() and next_at <= now() + interval '25 hours' from "
                                     "concejo.schedules where tenant = 'jobs_6' and kind = 'nocturno'") ==
          "t");
    tests::cluster().superuser(
        "update concejo.schedules set next_at = now() - interval '3 days' where tenant = 'jobs_6' and kind = "
        "'nocturno'");
    Runner runner(*desk.pool, put, quick());
    runner.start();
    std::this_thread::sleep_for(2500ms);
    runner.stop();
    CHECK(tests::cluster().superuser("select count(*) from m_jobs_6.hecho where por = 'nocturno'") == "1");
    const auto repeated =
        std::stoi(tests::cluster().superuser("select count(*) from m_jobs_6.hecho where por = 'cada'"));
    CHECK(repeated >= 2);
    CHECK(repeated <= 4);
    kernel::jobs::Schedule first_monday{"prueba", "mensual"};
    first_monday.rrule = "FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9;BYMINUTE=15";
    first_monday.start = "2026-01-01T00:00";
    first_monday.late_seconds = 3600;
    kernel::jobs::Schedule ended{"prueba", "acabado"};
    ended.rrule = "FREQ=DAILY;UNTIL=20200101";
    ended.start = "2019-12-01T00:00";
    kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id, {first_monday, ended});
    CHECK(tests::cluster().superuser(
              "select to_char(next_at at time zone 'Europe/Madrid', 'ID HH24:MI') || ' ' || "
              "(extract(day from next_at) <= 7) from concejo.schedules where tenant = 'jobs_6' "
              "and kind = 'mensual'") == "1 09:15 true");
    CHECK(tests::cluster().superuser(
              "select next_at is null from concejo.schedules where tenant = 'jobs_6' and kind = "
              "'acabado'") == "t");
    tests::cluster().superuser(
        "update concejo.schedules set next_at = now() - interval '2 hours' where tenant = "
        "'jobs_6' and kind = 'mensual'");
    {
        auto tx = desk.pool->begin_kernel();
        CHECK(kernel::jobs::queue_due_schedules(tx) == 1);
        tx.commit();
    }
    CHECK(tests::cluster().superuser(
              "select next_at > now() from concejo.schedules where tenant = 'jobs_6' and kind = "
              "'mensual'") == "t");
    CHECK(tests::cluster().superuser(
              "select count(*) from concejo.jobs where tenant = 'jobs_6' and kind = 'mensual'") ==
          "0");  // too late
    kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id, {});
    CHECK(tests::cluster().superuser("select count(*) from concejo.schedules where tenant = 'jobs_6'") ==
          "0");
    CHECK_THROWS_AS(
        kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id, {{"p", "k", 0, "99 * * * *"}}),
        concejo::Error);
    kernel::jobs::Schedule martian{"p", "k", 0, "0 * * * *"};
    martian.zone = "Marte/Olympus";
    CHECK_THROWS_AS(kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id, {martian}), concejo::Error);
    first_monday.start.clear();
    CHECK_THROWS_AS(kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id, {first_monday}),
                    concejo::Error);
}

TEST_CASE("worker", "[.worker]") {  // the process that the next cases kill and freeze
    const char* dsn = std::getenv("JOBS_TEST_DSN");
    if (!dsn) return;
    kernel::db::PoolOptions options;
    options.dsn = dsn;
    kernel::db::Pool pool(options);
    auto settings = quick();
    settings.lease = 1s;
    Runner runner(
        pool,
        [](JobContext& job) {
            put(job);
            std::this_thread::sleep_for(job.kind() == "largo" ? 3500ms : 15ms);
        },
        settings);
    runner.start();
    std::this_thread::sleep_for(120s);
}

namespace {

/// A process of this program that runs jobs until it is killed.
class WorkerProcess {
public:
    WorkerProcess() {
        setenv("JOBS_TEST_DSN", tests::cluster().app_dsn().c_str(), 1);
        const char* argv[] = {"jobs_test", "worker", nullptr};
        REQUIRE(posix_spawn(&pid_, "/proc/self/exe", nullptr, nullptr, const_cast<char**>(argv), environ) ==
                0);
    }
    ~WorkerProcess() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;
    void signal(int number) const { kill(pid_, number); }

private:
    pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("a job longer than its lease keeps it by heartbeats") {
    Desk desk("jobs_8");
    const auto id = desk.queue("largo");
    const WorkerProcess one, other;
    REQUIRE(desk.reaches(id, "done", 20s));
    CHECK(desk.look(id).attempts == 1);
    CHECK(desk.effects() == 1);
}

TEST_CASE("a frozen process loses its job to another; when it wakes up it commits nothing") {
    Desk desk("jobs_9");
    const auto id = desk.queue("largo");
    const WorkerProcess frozen;
    REQUIRE(desk.reaches(id, "running"));
    frozen.signal(SIGSTOP);
    const WorkerProcess other;
    REQUIRE(Desk::eventually([&] { return desk.look(id).attempts == 2; }, 20s));
    frozen.signal(SIGCONT);
    REQUIRE(desk.reaches(id, "done", 20s));
    std::this_thread::sleep_for(4s);  // until the first attempt must have ended too
    CHECK(desk.effects() == 1);
    CHECK(desk.look(id).attempts == 2);
    CHECK(desk.look(id).state == "done");
}

TEST_CASE("killed worker processes: every job takes effect exactly once") {
    Desk desk("jobs_7");
    constexpr int count = 300;
    for (int i = 0; i < count; ++i) desk.queue("contado", 100);
    std::vector<std::unique_ptr<WorkerProcess>> workers;
    for (int i = 0; i < 2; ++i) workers.push_back(std::make_unique<WorkerProcess>());
    const auto done = [&] {
        return std::stoi(tests::cluster().superuser(
            "select count(*) from concejo.jobs where tenant = 'jobs_7' and state = 'done'"));
    };
    int kills = 0;
    for (const auto until = std::chrono::steady_clock::now() + 60s;
         done() < count && std::chrono::steady_clock::now() < until;) {
        std::this_thread::sleep_for(300ms);
        if (kills >= 6) continue;
        workers[static_cast<std::size_t>(kills++ % 2)] = std::make_unique<WorkerProcess>();
    }
    workers.clear();
    CHECK(kills == 6);
    CHECK(done() == count);
    CHECK(desk.effects() == count);
    CHECK(desk.pool->begin(desk.tenant).exec("select count(distinct clave) from hecho").integer(0, 0) ==
          count);
    CHECK(std::stoi(tests::cluster().superuser(
              "select max(attempts) from concejo.jobs where tenant = 'jobs_7'")) > 1);
}

TEST_CASE("a job whose plugin cannot run just now waits, however often it is tried") {
    Desk desk("jobs_postponed");
    std::atomic<int> tried{0};
    const auto id = desk.queue("espera", 1);
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            put(job);
            ++tried;
            throw kernel::jobs::Postponed("todavía no");
        },
        quick());
    runner.start();
    for (int i = 0; i < 400 && (tried == 0 || desk.look(id).state != "waiting"); ++i)
        std::this_thread::sleep_for(20ms);
    const auto job = desk.look(id);
    CHECK(tried == 1);
    CHECK(job.state == "waiting");
    CHECK(job.attempts == 0);
    CHECK(job.last_error == "todavía no");
    CHECK(desk.effects() == 0);
    runner.stop();
}
