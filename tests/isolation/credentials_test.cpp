// What people and programs of one municipality hold, shown to the other.
#include "tests/isolation/towns.hpp"

#include "kernel/audit/audit.hpp"
#include "kernel/base/digest.hpp"
#include "kernel/identity/csrf.hpp"
#include "kernel/identity/idempotency.hpp"
#include "kernel/identity/totp.hpp"
#include "kernel/jobs/job.hpp"

#include <catch2/catch.hpp>

namespace tests {
namespace {

using namespace kernel::identity;

const Origin by{"system:test", "192.0.2.1", "cross"};

}  // namespace

TEST_CASE("a session opens its own municipality and no other") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        const auto &here = asker->tenant.id, &token = owner->session.token;
        REQUIRE(both.sessions.find(owner->tenant.id, token));
        CHECK_FALSE(both.sessions.find(here, token));
        CHECK_FALSE(both.sessions.rotate(here, token));
        CHECK_FALSE(both.sessions.close(here, token, by));
        CHECK(both.sessions.list(here, owner->user.id).empty());
        CHECK_FALSE(both.sessions.revoke(here, owner->user.id, owner->session.session.id, by));
        CHECK_FALSE(both.sessions.revoke(here, asker->user.id, owner->session.session.id, by));
        CHECK(both.sessions.revoke_all(here, owner->user.id, by) == 0);
        CHECK(both.sessions.find(owner->tenant.id, token));
        auto tx = both.pool->begin_kernel(here);
        CHECK(refused([&] { both.sessions.open(tx, owner->user.id, "", ""); }) == "not found");
    }
}

TEST_CASE("a login with a session of the other municipality in the browser does not end that one") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        Credentials given;
        given.tenant = asker->tenant.id;
        given.login = Towns::login;
        given.password = Towns::password;
        given.previous = owner->session.token;
        CHECK(both.sign_in(given).session->session.user_id == asker->user.id);
        CHECK(both.sessions.find(owner->tenant.id, owner->session.token));
    }
}

TEST_CASE("a token of one municipality is nobody in the other") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        REQUIRE(both.tokens.verify(owner->tenant.id, owner->token.secret));
        CHECK_FALSE(both.tokens.verify(asker->tenant.id, owner->token.secret));
        CHECK_FALSE(both.tokens.revoke(asker->tenant.id, owner->token.token.id, by));
        for (const auto& token : both.tokens.list(asker->tenant.id)) CHECK(token.tenant == asker->tenant.id);
        CHECK(both.tokens.verify(owner->tenant.id, owner->token.secret));
    }
}

TEST_CASE("accounts are not seen and not changed from the other side") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        const auto& here = asker->tenant.id;
        const auto& them = owner->user.id;
        CHECK_FALSE(both.users.find_by_id(here, them));
        CHECK(both.users.find(here, Towns::login)->id == asker->user.id);
        CHECK(both.users.list(here).size() == 1);
        CHECK_FALSE(both.users.knows_password(here, them, Towns::password));
        CHECK(refused([&] { both.users.passwd(here, them, "cuatro perros en el patio", false, by); }) ==
              "not found");
        CHECK(refused([&] { both.users.set_roles(here, them, {}, by); }) == "not found");
        CHECK(refused([&] { both.users.set_disabled(here, them, true, by); }) == "not found");
        CHECK(refused([&] { both.users.unlock(here, them, by); }) == "not found");
        CHECK(refused([&] { both.second_factor.set(here, them, asker->totp_secret, by); }) == "not found");
        CHECK(refused([&] { both.second_factor.remove(here, them, by); }) == "not found");
        const auto unchanged = both.users.find_by_id(owner->tenant.id, them);
        CHECK(unchanged->roles == owner->user.roles);
        CHECK_FALSE(unchanged->disabled);
        CHECK_FALSE(unchanged->has_totp);
        CHECK(both.users.knows_password(owner->tenant.id, them, Towns::password));
    }
}

TEST_CASE("the ticket of a first login step and the code serve in their municipality only") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        both.second_factor.set(owner->tenant.id, owner->user.id, owner->totp_secret, by);
        Credentials given;
        given.tenant = owner->tenant.id;
        given.login = Towns::login;
        given.password = Towns::password;
        const auto first = both.sign_in(given);
        REQUIRE(first.status == SignInStatus::needs_totp);
        Credentials second;
        second.ticket = first.ticket;
        second.code = totp_code(owner->totp_secret, totp_step(both.clock.now()));
        second.tenant = asker->tenant.id;
        CHECK(both.sign_in(second).status == SignInStatus::expired);
        second.tenant = owner->tenant.id;
        CHECK(both.sign_in(second).status == SignInStatus::ok);
        both.second_factor.remove(owner->tenant.id, owner->user.id, by);
    }
}

TEST_CASE("form tokens of one municipality's visitors and sessions are none in the other") {
    auto& both = towns();
    const VisitorCsrf visitors(both.keys, both.clock);
    for (const auto& [asker, owner] : both.sides()) {
        const auto cookie = visitors.new_cookie(owner->tenant.id);
        const auto token = visitors.token(owner->tenant.id, cookie);
        REQUIRE(visitors.ok(owner->tenant.id, cookie, token));
        CHECK_FALSE(visitors.ok(asker->tenant.id, cookie, token));
        CHECK_FALSE(
            csrf_ok(asker->session.session.csrf_secret, csrf_token(owner->session.session.csrf_secret)));
    }
}

TEST_CASE("a stored answer is given again in its own municipality only") {
    auto& both = towns();
    const Idempotency repeats(both.clock);
    const auto hash = kernel::base::sha256("");
    for (const auto& [asker, owner] : both.sides()) {
        auto tx = both.pool->begin(asker->tenant);
        const auto again = repeats.begin(tx, "owner", "key", "POST /", hash);
        REQUIRE(again.repeat == Repeat::replay);
        CHECK(again.answer->body == asker->secret);
    }
}

TEST_CASE("files, records and jobs of one are not there for the other") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        REQUIRE(both.blobs.verify(owner->tenant, owner->blob));
        CHECK(refused([&] { both.blobs.open(asker->tenant, owner->blob); }) == "not found");
        CHECK(refused([&] { both.blobs.read(asker->tenant, owner->blob, 0, 10, [](auto) {}); }) ==
              "not found");
        const auto entries = kernel::audit::last(*both.pool, asker->tenant.id, 1000);
        CHECK_FALSE(entries.empty());
        for (const auto& entry : entries) CHECK(entry.tenant == asker->tenant.id);
        const auto jobs_of = [&](const std::string& tenant) {
            auto tx = both.pool->begin_kernel(tenant);
            return kernel::jobs::list(tx, "");
        };
        const auto theirs = jobs_of(owner->tenant.id), jobs = jobs_of(asker->tenant.id);
        CHECK_FALSE(jobs.empty());
        for (const auto& job : jobs) CHECK(job.tenant == asker->tenant.id);
        CHECK_FALSE(theirs.empty());
        auto tx = both.pool->begin_kernel(asker->tenant.id);
        for (const auto& job : theirs) {
            CHECK_FALSE(kernel::jobs::find(tx, job.id).has_value());
            CHECK(kernel::jobs::cancel(tx, job.id) == kernel::jobs::Cancelled::no);
            CHECK_FALSE(kernel::jobs::retry(tx, job.id));
            CHECK_FALSE(kernel::jobs::discard(tx, job.id));
        }
    }
}

TEST_CASE("an event cannot be recorded under the other's name") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        const auto before = kernel::audit::last(*both.pool, owner->tenant.id, 1).front().number;
        {
            auto tx = both.pool->begin(asker->tenant);
            kernel::audit::record(
                tx, event_of(by, owner->tenant.id, "forged", ""));  // goes under the asker's own
            tx.commit();
        }
        CHECK(kernel::audit::last(*both.pool, owner->tenant.id, 1).front().number == before);
        CHECK(kernel::audit::last(*both.pool, asker->tenant.id, 1).front().action == "forged");
    }
}

}  // namespace tests
