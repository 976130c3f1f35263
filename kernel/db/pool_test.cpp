#include "kernel/db/listener.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>

using concejo::ErrorKind;
using kernel::db::Params;
using namespace std::chrono_literals;

namespace {

template <class F>
bool soon(F&& holds, std::chrono::milliseconds limit = 5s) {
    for (const auto until = std::chrono::steady_clock::now() + limit;
         std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(10ms)) {
        if (holds()) return true;
    }
    return holds();
}

kernel::db::Pool small(std::size_t size, std::chrono::milliseconds wait, unsigned tenants = 50) {
    kernel::db::PoolOptions options;
    options.dsn = tests::cluster().app_dsn();
    options.size = size;
    options.wait = wait;
    options.tenants_per_connection = tenants;
    return kernel::db::Pool(options);
}

}  // namespace

TEST_CASE("an exhausted pool waits, then says so") {
    auto pool = small(1, 200ms);
    auto held = std::make_unique<kernel::db::Transaction>(pool.begin_kernel());
    try {
        pool.begin_kernel();
        FAIL("there was a second connection");
    } catch (const concejo::Error& error) {
        CHECK(error.kind() == ErrorKind::unavailable);
    }
    std::thread later([&] {
        std::this_thread::sleep_for(50ms);
        held.reset();
    });
    CHECK_NOTHROW(pool.begin_kernel());
    later.join();
    CHECK(pool.stats().busy == 0);
}

TEST_CASE("connections stay with their tenant and are replaced when worn") {
    const auto a = tests::cluster().tenant("pool_a"), b = tests::cluster().tenant("pool_b"),
               c = tests::cluster().tenant("pool_c");
    auto pool = small(2, 1s, 2);
    const auto backend = [&](const kernel::db::Tenant& tenant) {
        return pool.begin(tenant).exec("select pg_backend_pid()").integer(0, 0);
    };
    const auto of_a = backend(a), of_b = backend(b);
    CHECK(of_a != of_b);
    for (int i = 0; i < 3; ++i) {
        CHECK(backend(a) == of_a);
        CHECK(backend(b) == of_b);
    }
    for (int i = 0; i < 4; ++i) backend(c), backend(a), backend(b);
    CHECK(pool.stats().recycled > 0);
    CHECK(pool.stats().open <= 2);
}

TEST_CASE("sessions that the server ended are replaced unseen between transactions") {
    auto pool = small(2, 1s);
    pool.begin_kernel().exec("select 1");
    tests::cluster().superuser(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'concejo_app'");
    std::this_thread::sleep_for(100ms);
    CHECK(pool.begin_kernel().exec("select 1").integer(0, 0) == 1);
    CHECK(pool.stats().replaced >= 1);
}

TEST_CASE("a session ended in the middle is a transient error, and with_retry does it again") {
    auto pool = small(2, 1s);
    int tries = 0;
    const auto answer = pool.with_retry([&](kernel::db::Pool& p) {
        auto tx = p.begin_kernel();
        const auto pid = tx.exec("select pg_backend_pid()").text(0, 0);
        if (++tries == 1) {
            tests::cluster().superuser("select pg_terminate_backend(" + pid + ")");
            std::this_thread::sleep_for(100ms);
        }
        const auto value = tx.exec("select 42").integer(0, 0);
        tx.commit();
        return value;
    });
    CHECK(answer == 42);
    CHECK(tries == 2);
}

TEST_CASE("a server that is not there is unavailable, not a hang") {
    kernel::db::PoolOptions options;
    options.dsn = "host=/nonexistent dbname=x user=y";
    kernel::db::Pool pool(options);
    try {
        pool.begin_kernel();
        FAIL("it connected");
    } catch (const concejo::Error& error) {
        CHECK(error.kind() == ErrorKind::unavailable);
        CHECK(kernel::db::is_transient(error));
    }
    CHECK(pool.stats().open == 0);
    options.dsn = "nonsense";
    CHECK_THROWS_AS(kernel::db::Pool(options), concejo::Error);
}

TEST_CASE("notifications arrive after COMMIT only, and a reconnection is told") {
    auto pool = small(2, 1s);
    std::mutex mutex;
    std::vector<std::string> heard;
    std::atomic<int> connections{0};
    const kernel::db::Listener listener(
        tests::cluster().app_dsn(), {"paginas", "Otro canal"},
        [&](std::string_view channel, std::string_view payload) {
            const std::lock_guard lock(mutex);
            heard.push_back(std::string(channel) + ":" + std::string(payload));
        },
        [&] { ++connections; });
    const auto count = [&] {
        const std::lock_guard lock(mutex);
        return heard.size();
    };
    REQUIRE(soon([&] { return connections == 1; }));
    {
        auto tx = pool.begin_kernel();
        tx.notify("paginas", "deshecho");
    }
    auto tx = pool.begin_kernel();
    tx.notify("paginas", "28179");
    tx.notify("Otro canal", "ñ");
    std::this_thread::sleep_for(50ms);
    CHECK(count() == 0);
    tx.commit();
    REQUIRE(soon([&] { return count() == 2; }));
    CHECK(heard == std::vector<std::string>{"paginas:28179", "Otro canal:ñ"});
    tests::cluster().superuser(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'concejo "
        "listen'");
    REQUIRE(soon([&] { return connections == 2; }));
    auto again = pool.begin_kernel();
    again.notify("paginas", "2");
    again.commit();
    CHECK(soon([&] { return count() == 3; }));
}
