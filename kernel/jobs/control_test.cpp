// What people and handlers may do to jobs: order, cancel, put away, batches, keys for what happens outside.
#include "kernel/db/listener.hpp"
#include "kernel/jobs/desk_for_tests.hpp"

#include <catch2/catch.hpp>

#include <mutex>
#include <set>

using kernel::jobs::Cancelled;
using kernel::jobs::Job;
using kernel::jobs::JobContext;
using kernel::jobs::Runner;
using namespace std::chrono_literals;
using tests::Desk;
using tests::put;
using tests::quick;

TEST_CASE("larger priorities first, then the older") {
    Desk desk("control_1");
    for (const int priority : {0, 5, -3, 5, 9}) {
        Job job{"prueba", "orden"};
        job.priority = priority;
        desk.queue(job);
    }
    std::mutex mutex;
    std::vector<int> order;
    auto options = quick();
    options.threads = 1;
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            const std::lock_guard lock(mutex);
            order.push_back(desk.look(job.id()).priority);
        },
        options);
    runner.start();
    REQUIRE(Desk::eventually([&] {
        const std::lock_guard lock(mutex);
        return order.size() == 5;
    }));
    CHECK(order == std::vector{9, 5, 5, 0, -3});
}

TEST_CASE("a waiting job that is cancelled leaves the queue at once") {
    Desk desk("control_2");
    const auto id = desk.queue("no");
    CHECK(desk.cancel(id) == Cancelled::at_once);
    CHECK(desk.look(id).state == "cancelled");
    Runner runner(*desk.pool, put, quick());
    runner.start();
    const auto later = desk.queue("si");
    REQUIRE(desk.reaches(later, "done"));
    CHECK(desk.look(id).state == "cancelled");
    CHECK(desk.cancel(id) == Cancelled::no);
    CHECK(desk.cancel(later) == Cancelled::no);
    CHECK(desk.effects() == 1);
}

TEST_CASE("a running job that is cancelled is told, and its commit refused") {
    Desk desk("control_3");
    std::atomic<bool> inside{false}, told{false};
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            put(job);
            inside = true;
            if (job.kind() == "sordo") return std::this_thread::sleep_for(500ms);
            told = Desk::eventually([&] { return job.cancelled(); });
        },
        quick());
    runner.start();
    for (const auto* kind : {"atento", "sordo"}) {
        inside = false;
        const auto id = desk.queue(kind);
        REQUIRE(Desk::eventually([&] { return inside.load(); }));
        CHECK(desk.cancel(id) == Cancelled::asked);
        CHECK(desk.look(id).cancel_requested);
        CHECK(desk.reaches(id, "cancelled"));
    }
    CHECK(told);
    CHECK(desk.effects() == 0);
}

TEST_CASE("progress() alone is enough to hear of it") {
    Desk desk("control_4");
    auto options = quick();
    options.poll = 5s;
    std::atomic<bool> inside{false}, told{false};
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            inside = true;
            told = Desk::eventually(
                [&] {
                    job.progress(1, 1, "a medias");
                    return job.cancelled();
                },
                3s);
        },
        options);
    const auto id = desk.queue("avanza");
    runner.start();
    REQUIRE(Desk::eventually([&] { return inside.load(); }));
    CHECK(desk.cancel(id) == Cancelled::asked);
    CHECK(desk.reaches(id, "cancelled"));
    CHECK(told);
    CHECK(desk.look(id).message == "a medias");
}

TEST_CASE("dead letters: listed, repeated with the same key, put away") {
    Desk desk("control_5");
    std::mutex mutex;
    std::vector<std::string> keys;
    std::atomic<bool> works{false};
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            const std::lock_guard lock(mutex);
            keys.push_back(job.job().idempotency_key);
            if (!works) throw std::runtime_error("no hay manera");
        },
        quick());
    runner.start();
    const auto first = desk.queue("uno", 2), second = desk.queue("dos", 1);
    REQUIRE(desk.reaches(first, "dead"));
    REQUIRE(desk.reaches(second, "dead"));
    const auto dead = desk.kernel_tx([](auto& tx) { return kernel::jobs::list(tx, "dead"); });
    REQUIRE(dead.size() == 2);
    CHECK(dead[0].id == second);
    CHECK(dead[1].last_error == "no hay manera");
    CHECK(desk.kernel_tx([&](auto& tx) { return kernel::jobs::discard(tx, second); }));
    CHECK(desk.look(second).state == "discarded");
    CHECK_FALSE(desk.retry(second));
    works = true;
    CHECK(desk.retry(first));
    REQUIRE(desk.reaches(first, "done"));
    CHECK_FALSE(desk.kernel_tx([&](auto& tx) { return kernel::jobs::discard(tx, first); }));
    CHECK(keys.size() == 4);
    CHECK(std::set<std::string>(keys.begin(), keys.end()).size() == 2);
    CHECK(desk.look(first).idempotency_key.size() == 36);
}

TEST_CASE("one whose unique key was queued again meanwhile is not repeated") {
    Desk desk("control_6");
    const auto first = desk.queue("unico", 8, "k");
    REQUIRE(desk.cancel(first) == Cancelled::at_once);
    CHECK(desk.queue("unico", 8, "k") != 0);
    try {
        desk.retry(first);
        FAIL("it was repeated");
    } catch (const concejo::Error& error) {
        CHECK(error.kind() == concejo::ErrorKind::conflict);
    }
}

TEST_CASE("another municipality's jobs are neither seen nor touched") {
    Desk mine("control_7"), other("control_8");
    const auto id = other.queue("ajeno");
    CHECK(mine.look(id).id == 0);
    CHECK(mine.cancel(id) == Cancelled::no);
    CHECK_FALSE(mine.retry(id));
    CHECK(mine.kernel_tx([](auto& tx) { return kernel::jobs::list(tx, ""); }).empty());
    CHECK(other.kernel_tx([](auto& tx) { return kernel::jobs::list(tx, "waiting"); }).size() == 1);
    CHECK(other.kernel_tx([](auto& tx) { return kernel::jobs::count(tx)[0].jobs; }) == 1);
}

TEST_CASE("a kind's pauses grow as its policy says") {
    kernel::jobs::Policy policy;
    CHECK(kernel::jobs::pause_after(policy, 1) == 5s);
    CHECK(kernel::jobs::pause_after(policy, 3) == 20s);
    CHECK(kernel::jobs::pause_after(policy, 60) == 1h);
    policy = {3, 100ms, 1.5, 200ms, 1};
    CHECK(kernel::jobs::pause_after(policy, 2) == 150ms);
    CHECK(kernel::jobs::pause_after(policy, 3) == 200ms);
}

TEST_CASE("a batch is one transaction; where it fails, its jobs run one by one") {
    Desk desk("control_9");
    std::atomic<std::size_t> largest{0};
    std::atomic<int> calls{0};
    for (int i = 0; i < 40; ++i) desk.queue(i == 17 ? "malo" : "bueno", 1);
    for (int i = 0; i < 10; ++i) {
        Job job{"prueba", "bueno", concejo::Json::object({{"malo", i == 4}})};
        job.max_attempts = 1;
        desk.queue(job);
    }
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            ++calls;
            largest = std::max<std::size_t>(largest, job.jobs().size());
            put(job);
            for (const auto& one : job.jobs())
                if (one.payload.find("malo") && one.payload.at("malo").as_bool())
                    throw std::runtime_error("así no");
        },
        quick(50));
    runner.start();
    REQUIRE(Desk::eventually([&] {
        return tests::cluster().superuser(
                   "select count(*) from concejo.jobs where tenant = 'control_9' and state in "
                   "('done', 'dead')") == "50";
    }));
    runner.stop();
    CHECK(largest > 30);
    CHECK(desk.effects() == 49);
    CHECK(desk.kernel_tx([](auto& tx) { return kernel::jobs::list(tx, "dead"); }).size() == 1);
    CHECK(calls > 10);
}

TEST_CASE("one of a batch is cancelled: the others are done") {
    Desk desk("control_10");
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 10; ++i) ids.push_back(desk.queue("lote"));
    auto options = quick(10);
    options.threads = 1;
    std::atomic<bool> inside{false}, go{false};
    Runner runner(
        *desk.pool,
        [&](JobContext& job) {
            put(job);
            if (job.jobs().size() > 1) inside = true;
            Desk::eventually([&] { return go || job.jobs().size() == 1; });
        },
        options);
    runner.start();
    REQUIRE(Desk::eventually([&] { return inside.load(); }));
    CHECK(desk.cancel(ids[3]) == Cancelled::asked);
    go = true;
    for (const auto id : ids) CHECK(desk.reaches(id, id == ids[3] ? "cancelled" : "done"));
    CHECK(desk.effects() == 9);
}

TEST_CASE("who watches a municipality hears of its jobs") {
    Desk desk("control_11");
    std::mutex mutex;
    std::set<std::string> heard;
    Runner runner(*desk.pool, put, quick());
    runner.start();
    std::atomic<bool> listening{false};
    const kernel::db::Listener listener(
        tests::cluster().app_dsn(), {kernel::jobs::jobs_channel},
        [&](auto, auto tenant) {
            const std::lock_guard lock(mutex);
            heard.insert(std::string(tenant));
        },
        [&] { listening = true; });
    REQUIRE(Desk::eventually([&] { return listening.load(); }));
    desk.queue("algo");
    CHECK(Desk::eventually([&] {
        const std::lock_guard lock(mutex);
        return heard.count("control_11") == 1;
    }));
}
