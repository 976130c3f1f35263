#include "kernel/jobs/runner.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <thread>

using kernel::db::Params;
using kernel::jobs::Job;
using kernel::jobs::JobContext;
using kernel::jobs::Runner;
using kernel::jobs::RunnerOptions;
using namespace std::chrono_literals;

namespace {

struct Desk {
    explicit Desk(const std::string& id)
        : tenant(tests::cluster().tenant(id, "create table hecho (clave bigint not null, por text)")) {
        tests::cluster().superuser(
            "update concejo.jobs set state = 'dead' where state in ('waiting', 'running')");  // of the cases
                                                                                              // before
    }
    kernel::db::Tenant tenant;
    std::unique_ptr<kernel::db::Pool> pool = tests::cluster().pool(12);

    std::int64_t queue(const std::string& kind, kernel::db::Pool& p, int max_attempts = 8,
                       const std::string& unique = {}) {
        auto tx = p.begin(tenant);
        Job job{"prueba", kind, concejo::Json::object({{"n", 1}})};
        job.max_attempts = max_attempts;
        job.unique_key = unique;
        const auto id = kernel::jobs::enqueue(tx, job);
        tx.commit();
        return id;
    }
    std::int64_t queue(const std::string& kind, int max_attempts = 8, const std::string& unique = {}) {
        return queue(kind, *pool, max_attempts, unique);
    }
    kernel::jobs::JobInfo look(std::int64_t id) {
        for (auto& job : kernel::jobs::list(*pool, tenant.id, "", 1000)) {
            if (job.id == id) return job;
        }
        return {};
    }
    bool reaches(std::int64_t id, const std::string& state, std::chrono::milliseconds limit = 10s) {
        for (const auto until = std::chrono::steady_clock::now() + limit;
             std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(20ms)) {
            if (look(id).state == state) return true;
        }
        return false;
    }
    std::int64_t effects() { return pool->begin(tenant).exec("select count(*) from hecho").integer(0, 0); }
};

RunnerOptions quick() {
    RunnerOptions options;
    options.threads = 2;
    options.poll = 30ms;
    options.first_pause = 50ms;
    options.lease = 2s;
    return options;
}

void put(JobContext& job) {
    job.transaction().exec("insert into hecho values ($1, $2)", Params(job.id(), job.kind()));
}

}  // namespace

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
    CHECK(kernel::jobs::retry(*desk.pool, never));
    CHECK(desk.reaches(never, "dead"));
    CHECK_FALSE(kernel::jobs::retry(*desk.pool, third));
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
    kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id, {});
    CHECK(tests::cluster().superuser("select count(*) from concejo.schedules where tenant = 'jobs_6'") ==
          "0");
    CHECK_THROWS_AS(
        kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id, {{"p", "k", 0, "99 * * * *"}}),
        concejo::Error);
    CHECK_THROWS_AS(kernel::jobs::declare_schedules(*desk.pool, desk.tenant.id,
                                                    {{"p", "k", 0, "0 * * * *", "Marte/Olympus"}}),
                    concejo::Error);
}

TEST_CASE("worker", "[.worker]") {  // the process that the next case kills
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
            std::this_thread::sleep_for(15ms);
        },
        settings);
    runner.start();
    std::this_thread::sleep_for(120s);
}

TEST_CASE("killed worker processes: every job takes effect exactly once") {
    Desk desk("jobs_7");
    constexpr int count = 300;
    for (int i = 0; i < count; ++i) desk.queue("contado", 100);
    setenv("JOBS_TEST_DSN", tests::cluster().app_dsn().c_str(), 1);
    const auto spawn = [] {
        pid_t pid = 0;
        const char* argv[] = {"jobs_test", "worker", nullptr};
        REQUIRE(posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, const_cast<char**>(argv), environ) ==
                0);
        return pid;
    };
    std::vector<pid_t> workers{spawn(), spawn()};
    const auto done = [&] {
        return std::stoi(tests::cluster().superuser(
            "select count(*) from concejo.jobs where tenant = 'jobs_7' and state = 'done'"));
    };
    int kills = 0;
    for (const auto until = std::chrono::steady_clock::now() + 60s;
         done() < count && std::chrono::steady_clock::now() < until;) {
        std::this_thread::sleep_for(300ms);
        if (kills >= 6) continue;
        auto& victim = workers[static_cast<std::size_t>(kills++ % 2)];
        kill(victim, SIGKILL);
        waitpid(victim, nullptr, 0);
        victim = spawn();
    }
    for (const auto worker : workers) {
        kill(worker, SIGKILL);
        waitpid(worker, nullptr, 0);
    }
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
