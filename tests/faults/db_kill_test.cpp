// The database dies under writes, in every way it can; afterwards it holds exactly what was acknowledged.
#include "tests/faults/db_ledger.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>

using namespace std::chrono_literals;

namespace {

constexpr const char* ddl =
    "create table asiento (n bigint primary key, en timestamptz not null default now())";

/// What a supervisor does: looks twice a second, starts what does not run.
class Watch {
public:
    explicit Watch(kernel::db::EmbeddedCluster& server)
        : thread_([this, &server] {
              for (; !done_; std::this_thread::sleep_for(100ms)) {
                  if (server.alive()) continue;
                  server.ensure_running();
                  ++starts_;
              }
          }) {}
    ~Watch() {
        done_ = true;
        thread_.join();
    }
    int starts() const { return starts_; }
    /// Sends the signal to the running postmaster and waits until it was replaced: sessions may go on writing
    /// for a moment after their postmaster is gone, so writes alone prove nothing.
    bool survives(kernel::db::EmbeddedCluster& server, int signal) const {
        const int before = starts_;
        const int pid = server.postmaster_pid();
        if (pid <= 0 || kill(pid, signal) != 0) return false;
        for (int i = 0; i < 600 && starts_ == before; ++i) std::this_thread::sleep_for(50ms);
        return starts_ == before + 1 && server.alive();
    }

private:
    std::atomic<bool> done_{false};
    std::atomic<int> starts_{0};
    std::thread thread_;
};

std::set<std::int64_t> rows(kernel::db::Pool& pool, const kernel::db::Tenant& tenant) {
    std::set<std::int64_t> found;
    const auto rows = pool.begin(tenant).exec("select n from asiento");
    for (std::size_t i = 0; i < rows.rows(); ++i) found.insert(rows.integer(i, 0));
    return found;
}

void check_ledger(tests::LedgerWriters& writers, kernel::db::Pool& pool, const kernel::db::Tenant& tenant) {
    const auto acknowledged = writers.stop();
    const auto stored = rows(pool, tenant);
    CHECK(writers.given_up() == "");
    CHECK(std::set<std::int64_t>(acknowledged.begin(), acknowledged.end()).size() == acknowledged.size());
    CHECK(stored == std::set<std::int64_t>(acknowledged.begin(), acknowledged.end()));
    CHECK(acknowledged.size() > 100);
}

}  // namespace

TEST_CASE("kill -9 of the postmaster, three times, under four writers") {
    tests::TestCluster cluster(true);
    const auto tenant = cluster.tenant("libro", ddl);
    auto pool = cluster.pool(6);
    const Watch watch(cluster.server());
    tests::LedgerWriters writers(*pool, tenant, 4);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(writers.advance(40));
        REQUIRE(watch.survives(cluster.server(), SIGKILL));
        REQUIRE(writers.advance(20));
    }
    CHECK(watch.starts() == 3);
    check_ledger(writers, *pool, tenant);
}

TEST_CASE("kill -9 of a backend makes the server restart its sessions; nothing acknowledged is lost") {
    tests::TestCluster cluster(true);
    const auto tenant = cluster.tenant("libro", ddl);
    auto pool = cluster.pool(6);
    tests::LedgerWriters writers(*pool, tenant, 4);
    const int postmaster = cluster.server().postmaster_pid();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(writers.advance(40));
        const auto victim = pool->with_retry([](kernel::db::Pool& p) {
            return p.begin_kernel().exec("select pg_backend_pid()").integer(0, 0);
        });
        kill(static_cast<pid_t>(victim), SIGKILL);
        REQUIRE(writers.advance(20));
    }
    CHECK(cluster.server().postmaster_pid() == postmaster);
    CHECK(pool->stats().replaced > 0);
    check_ledger(writers, *pool, tenant);
}

TEST_CASE("an immediate and a fast stop under writes") {
    tests::TestCluster cluster(true);
    const auto tenant = cluster.tenant("libro", ddl);
    auto pool = cluster.pool(6);
    const Watch watch(cluster.server());
    tests::LedgerWriters writers(*pool, tenant, 4);
    for (const int signal : {SIGQUIT, SIGINT, SIGQUIT}) {  // what pg_ctl -m immediate and -m fast send
        REQUIRE(writers.advance(40));
        REQUIRE(watch.survives(cluster.server(), signal));
        REQUIRE(writers.advance(20));
    }
    CHECK(watch.starts() == 3);
    check_ledger(writers, *pool, tenant);
}

TEST_CASE("the ledger would notice a lost row") {
    tests::TestCluster cluster;
    const auto tenant = cluster.tenant("libro", ddl);
    auto pool = cluster.pool(3);
    tests::LedgerWriters writers(*pool, tenant, 2);
    REQUIRE(writers.advance(50));
    const auto acknowledged = writers.stop();
    cluster.superuser("delete from m_libro.asiento where n = (select max(n) from m_libro.asiento)");
    CHECK(rows(*pool, tenant) != std::set<std::int64_t>(acknowledged.begin(), acknowledged.end()));
}
