#include "kernel/identity/idempotency.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/identity/fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <thread>

namespace kernel::identity {
namespace {

const std::string asked = base::sha256("titulo=Bando");

struct Town {
    TestIdentity identity;
    db::Tenant tenant = tests::cluster().tenant(identity.tenant, "create table effect (n integer);");
    Idempotency repeats{identity.clock};

    db::Transaction tx(std::chrono::milliseconds lock = std::chrono::milliseconds(2000)) {
        db::Timeouts timeouts;
        timeouts.lock = lock;
        return identity.pool->begin(tenant, timeouts);
    }
    IdempotencyOutcome begin(db::Transaction& tx, const std::string& owner = "s1",
                             const std::string& route = "POST /anuncios", const std::string& hash = asked) {
        return repeats.begin(tx, owner, "k1", route, hash);
    }
    int effects() {
        return std::stoi(tests::cluster().superuser("select count(*) from " + tenant.schema + ".effect"));
    }
};

TEST_CASE("the second call gets the first one's answer, and nothing is done twice") {
    Town town;
    {
        auto tx = town.tx();
        REQUIRE(town.begin(tx).repeat == Repeat::fresh);
        tx.exec("insert into effect values (1)");
        town.repeats.finish(tx, "s1", "k1", {303, "/es/tablon/7", "text/plain", "Ño \"hecho\""});
        tx.exec("insert into effect values (2)");  // still in the municipality's own schema and role
        tx.commit();
    }
    auto tx = town.tx();
    const auto again = town.begin(tx);
    REQUIRE(again.repeat == Repeat::replay);
    CHECK(again.answer->status == 303);
    CHECK(again.answer->location == "/es/tablon/7");
    CHECK(again.answer->body == "Ño \"hecho\"");
    CHECK(town.effects() == 2);
}

TEST_CASE("what is rolled back was never asked") {
    Town town;
    {
        auto tx = town.tx();
        REQUIRE(town.begin(tx).repeat == Repeat::fresh);
        tx.exec("insert into effect values (1)");
        town.repeats.finish(tx, "s1", "k1", {303, "/", "", ""});
    }
    auto tx = town.tx();
    CHECK(town.begin(tx).repeat == Repeat::fresh);
    CHECK(town.effects() == 0);
}

TEST_CASE("a key is not for another request, and not of another's") {
    Town town;
    {
        auto tx = town.tx();
        REQUIRE(town.begin(tx).repeat == Repeat::fresh);
        town.repeats.finish(tx, "s1", "k1", {200, "", "", "secret"});
        tx.commit();
    }
    auto tx = town.tx();
    CHECK(town.begin(tx, "s1", "POST /otros").repeat == Repeat::mismatch);
    CHECK(town.begin(tx, "s1", "POST /anuncios", base::sha256("titulo=Otro")).repeat == Repeat::mismatch);
    CHECK(town.begin(tx, "s2").repeat == Repeat::fresh);
    Town other;
    auto theirs = other.tx();
    CHECK(other.begin(theirs).repeat == Repeat::fresh);
}

TEST_CASE("a call while the first is still at it waits for it, or is told so") {
    Town town;
    auto first = town.tx();
    REQUIRE(town.begin(first).repeat == Repeat::fresh);
    auto second = town.tx(std::chrono::milliseconds(100));
    CHECK(town.begin(second).repeat == Repeat::in_progress);
    CHECK_NOTHROW(second.exec("insert into effect values (1)"));  // the transaction is still good
    second.rollback();
    auto waiting = std::async(std::launch::async, [&] {
        auto tx = town.tx();
        return town.begin(tx).repeat;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    town.repeats.finish(first, "s1", "k1", {303, "/", "", ""});
    first.commit();
    CHECK(waiting.get() == Repeat::replay);
}

TEST_CASE("of many at once one does it") {
    Town town;
    std::atomic<int> done{0}, replayed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&] {
            auto tx = town.tx();
            const auto outcome = town.begin(tx);
            if (outcome.repeat == Repeat::replay) ++replayed;
            if (outcome.repeat != Repeat::fresh) return;
            tx.exec("insert into effect values (1)");
            town.repeats.finish(tx, "s1", "k1", {303, "/", "", ""});
            tx.commit();
            ++done;
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(done == 1);
    CHECK(replayed == 5);
    CHECK(town.effects() == 1);
}

TEST_CASE("begun in a transaction of its own, it is in progress until finished, or abandoned") {
    Town town;
    const auto begin = [&] {
        auto tx = town.tx();
        const auto repeat = town.begin(tx).repeat;
        tx.commit();
        return repeat;
    };
    CHECK(begin() == Repeat::fresh);
    CHECK(begin() == Repeat::in_progress);
    town.identity.clock.advance(std::chrono::minutes(5) + std::chrono::seconds(1));
    CHECK(begin() == Repeat::fresh);
    auto tx = town.tx();
    town.repeats.finish(tx, "s1", "k1", {200, "", "application/json", "{}"});
    CHECK_THROWS_WITH(town.repeats.finish(tx, "s1", "k1", {500, "", "", ""}),
                      Catch::Contains("no se había empezado"));
}

TEST_CASE("a key is a short printable word") {
    Town town;
    auto tx = town.tx();
    for (const std::string& key :
         {std::string(), std::string(201, 'k'), std::string("a b"), std::string("ñ"), std::string("a\nb")})
        CHECK_THROWS_WITH(town.repeats.begin(tx, "s1", key, "POST /", asked),
                          Catch::Contains("Idempotency-Key"));
}

}  // namespace
}  // namespace kernel::identity
