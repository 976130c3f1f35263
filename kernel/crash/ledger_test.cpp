#include "kernel/crash/ledger.hpp"
#include "kernel/base/files.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/crash/shared_page.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace kernel::crash;
using namespace std::chrono_literals;

namespace {

struct FakeClock : kernel::base::Clock {
    kernel::base::TimePoint time = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
    kernel::base::TimePoint now() const override { return time; }
};

struct Bench {
    kernel::base::TempDir folder;
    FakeClock clock;
    std::filesystem::path file = folder.path() / "cuarentena.json";
    Ledger ledger{file, clock};

    std::optional<Quarantine> crash(const std::string& plugin, const std::string& tenant,
                                    Phase phase = Phase::call) {
        return ledger.add({plugin, tenant, "r", phase, "SIGSEGV"});
    }
};

}  // namespace

TEST_CASE(
    "the third crash in ten minutes puts a plugin in quarantine, for the municipality that they share") {
    Bench bench;
    CHECK_FALSE(bench.crash("a", "00001"));
    bench.clock.time += 5min;
    CHECK_FALSE(bench.crash("a", "00001"));
    bench.clock.time += 4min + 59s;
    const auto quarantine = bench.crash("a", "00001");
    REQUIRE(quarantine);
    CHECK(quarantine->plugin == "a");
    CHECK(quarantine->tenant == "00001");
    CHECK(quarantine->crashes == 3);
    CHECK(quarantine->since == bench.clock.time);
    CHECK_FALSE(quarantine->starting);
}

TEST_CASE("three crashes that ten minutes do not hold are not enough") {
    Bench bench;
    CHECK_FALSE(bench.crash("a", "00001"));
    bench.clock.time += 5min;
    CHECK_FALSE(bench.crash("a", "00001"));
    bench.clock.time += 5min;  // the first is ten minutes old now
    CHECK_FALSE(bench.crash("a", "00001"));
    bench.clock.time += 1s;
    CHECK(bench.crash("a", "00001"));
}

TEST_CASE("crashes of two municipalities, or of none, put it in quarantine for all") {
    Bench bench;
    bench.crash("a", "00001");
    bench.crash("a", "00002");
    const auto quarantine = bench.crash("a", "00001");
    REQUIRE(quarantine);
    CHECK(quarantine->tenant.empty());
    for (int i = 0; i < 2; ++i) CHECK_FALSE(bench.crash("b", "", Phase::start));
    const auto starting = bench.crash("b", "", Phase::start);
    REQUIRE(starting);
    CHECK(starting->tenant.empty());
    CHECK(starting->starting);
}

TEST_CASE("each plugin's crashes are its own") {
    Bench bench;
    for (const char* plugin : {"a", "b", "c", "a", "b", "c"}) CHECK_FALSE(bench.crash(plugin, "00001"));
    CHECK(bench.crash("b", "00001"));
    CHECK(bench.ledger.quarantines().size() == 1);
}

TEST_CASE("a second municipality that crashes too widens the quarantine to all") {
    Bench bench;
    for (int i = 0; i < 3; ++i) bench.crash("a", "00001");
    const auto wider = bench.crash("a", "00002");
    REQUIRE(wider);
    CHECK(wider->tenant.empty());
    REQUIRE(bench.ledger.quarantines().size() == 1);
    CHECK(bench.ledger.quarantines()[0].tenant.empty());
    CHECK_FALSE(bench.crash("a", "00003"));  // what was in flight changes nothing
}

TEST_CASE("a new ledger remembers the crashes and the quarantines of the one before") {
    Bench bench;
    for (int i = 0; i < 3; ++i) bench.crash("a", "00001");
    for (int i = 0; i < 2; ++i) bench.crash("b", "00002");
    bench.clock.time += 1min;
    Ledger next(bench.file, bench.clock);
    REQUIRE(next.quarantines().size() == 1);
    CHECK(next.quarantines()[0].plugin == "a");
    CHECK(next.quarantines()[0].tenant == "00001");
    CHECK(next.quarantines()[0].since == bench.clock.time - 1min);
    CHECK(next.quarantines()[0].reason == "SIGSEGV");
    CHECK(next.recent("b").size() == 2);
    CHECK(next.add({"b", "00002", "r", Phase::call, "SIGABRT"}));
}

TEST_CASE("restoring lifts and forgets: three more crashes are needed") {
    Bench bench;
    for (int i = 0; i < 3; ++i) bench.crash("a", "00001");
    CHECK(bench.ledger.restore("otro", std::nullopt).empty());
    CHECK(bench.ledger.restore("a", "00002").empty());
    CHECK(bench.ledger.restore("a", "00001").size() == 1);
    CHECK(bench.ledger.quarantines().empty());
    for (int i = 0; i < 2; ++i) CHECK_FALSE(bench.crash("a", "00001"));
    CHECK(bench.crash("a", "00001"));
    CHECK(bench.ledger.restore("a", std::nullopt).size() == 1);
    CHECK(Ledger(bench.file, bench.clock).quarantines().empty());
}

TEST_CASE("what was restored can be put back") {
    Bench bench;
    for (int i = 0; i < 3; ++i) bench.crash("a", "", Phase::start);
    const auto lifted = bench.ledger.restore("a", std::nullopt);
    bench.ledger.put_back(lifted);
    bench.ledger.put_back(lifted);
    const Ledger next(bench.file, bench.clock);
    REQUIRE(next.quarantines().size() == 1);
    CHECK(next.quarantines()[0].starting);
    CHECK(next.quarantines()[0].crashes == 3);
}

TEST_CASE("a ledger that cannot be read is set aside, not obeyed and not lost") {
    Bench bench;
    const std::string whole =
        R"({"caidas":[],"cuarentena":[{"complemento":"a","municipio":"","desde":"2026-02-28T00:00:00Z"}]})";
    std::ofstream(bench.file) << whole;
    REQUIRE(Ledger(bench.file, bench.clock).quarantines().size() == 1);
    for (std::size_t cut = 0; cut < whole.size(); cut += 7) {
        std::ofstream(bench.file) << whole.substr(0, cut);
        CHECK(Ledger(bench.file, bench.clock).quarantines().empty());
        CHECK(kernel::base::read_file(bench.file.string() + ".ilegible", 1000) == whole.substr(0, cut));
    }
}

TEST_CASE("workers see what the supervisor publishes, and only that") {
    Bench bench;
    const SharedPage shared;
    attach(&shared.page());
    CHECK_FALSE(in_quarantine("a", "00001"));
    const auto before = quarantine_version();
    for (int i = 0; i < 3; ++i) bench.crash("a", "00001");
    for (int i = 0; i < 3; ++i) bench.crash("b", "", Phase::start);
    bench.ledger.publish(shared.page());
    CHECK(quarantine_version() != before);
    CHECK(in_quarantine("a", "00001"));
    CHECK_FALSE(in_quarantine("a", "00002"));
    CHECK(in_quarantine("b", "00002"));
    CHECK_FALSE(in_quarantine("c", "00001"));
    CHECK_FALSE(kept_from_loading("a"));
    CHECK(kept_from_loading("b"));
    bench.ledger.restore("a", std::nullopt);
    bench.ledger.publish(shared.page());
    CHECK_FALSE(in_quarantine("a", "00001"));
    CHECK(in_quarantine("b", "00001"));
    attach(nullptr);
    CHECK_FALSE(in_quarantine("b", "00001"));
}
