#include "kernel/identity/sessions.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/identity/csrf.hpp"
#include "kernel/identity/fixture.hpp"
#include "kernel/identity/housekeeping.hpp"

#include <catch2/catch.hpp>

namespace kernel::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("the database does not hold what the browser holds") {
    TestIdentity identity;
    identity.a_user();
    const auto session = identity.a_session();
    CHECK(session.token.size() == 43);
    CHECK(session.session.id == base::sha256_hex(session.token));
    CHECK(TestIdentity::count("sessions s where tenant = '" + identity.tenant + "'") == 1);
    CHECK(TestIdentity::count("sessions s where tenant = '" + identity.tenant + "' and s::text like '%" +
                              session.token + "%'") == 0);
    CHECK(session.session.ip_prefix == "192.0.2.0/24");
    CHECK(session.session.agent == "Mozilla/5.0 (test)");
}

TEST_CASE("a session is its municipality's own") {
    TestIdentity one, two;
    one.a_user();
    two.a_user();
    const auto session = one.a_session();
    CHECK(one.sessions.find(one.tenant, session.token));
    CHECK_FALSE(two.sessions.find(two.tenant, session.token));
    CHECK_FALSE(two.sessions.rotate(two.tenant, session.token));
    CHECK_FALSE(two.sessions.close(two.tenant, session.token, two.by));
    CHECK_FALSE(two.sessions.revoke(two.tenant, session.session.user_id, session.session.id, two.by));
    CHECK(two.sessions.revoke_all(two.tenant, session.session.user_id, two.by) == 0);
    CHECK(two.sessions.list(two.tenant, session.session.user_id).empty());
    CHECK(one.sessions.find(one.tenant, session.token));
}

TEST_CASE("thirty minutes without a request end a session; requests keep it until twelve hours are over") {
    TestIdentity identity;
    identity.a_user();
    const auto idle = identity.a_session(), busy = identity.a_session();
    identity.clock.advance(minutes(30) - seconds(1));
    CHECK(identity.sessions.find(identity.tenant, busy.token));
    identity.clock.advance(seconds(1));
    CHECK_FALSE(identity.sessions.find(identity.tenant, idle.token));
    CHECK(identity.sessions.list(identity.tenant, busy.session.user_id).size() == 1);
    for (int spent = 30; spent + 25 < 12 * 60; spent += 25) {
        identity.clock.advance(minutes(25));
        REQUIRE(identity.sessions.find(identity.tenant, busy.token));
    }
    identity.clock.advance(minutes(25));
    CHECK_FALSE(identity.sessions.find(identity.tenant, busy.token));
}

TEST_CASE("the time of the last request is written once a minute") {
    TestIdentity identity;
    identity.a_user();
    const auto session = identity.a_session();
    const auto start = identity.clock.now();
    identity.clock.advance(seconds(59));
    CHECK(identity.sessions.find(identity.tenant, session.token)->last_seen_at == start);
    identity.clock.advance(seconds(1));
    CHECK(identity.sessions.find(identity.tenant, session.token)->last_seen_at == start + seconds(60));
    identity.clock.advance(seconds(30));
    CHECK(identity.sessions.find(identity.tenant, session.token)->last_seen_at == start + seconds(60));
}

TEST_CASE("rotation gives another token and another form secret, keeps the end, and kills the old token") {
    TestIdentity identity;
    identity.a_user();
    const auto before = identity.a_session();
    const auto form = csrf_token(before.session.csrf_secret);
    identity.clock.advance(minutes(5));
    const auto after = identity.sessions.rotate(identity.tenant, before.token);
    REQUIRE(after);
    CHECK(after->token != before.token);
    CHECK(after->session.expires_at == before.session.expires_at);
    CHECK_FALSE(identity.sessions.find(identity.tenant, before.token));
    const auto found = identity.sessions.find(identity.tenant, after->token);
    REQUIRE(found);
    CHECK(found->id == after->session.id);
    CHECK_FALSE(csrf_ok(found->csrf_secret, form));
    CHECK_FALSE(identity.sessions.rotate(identity.tenant, before.token));
}

TEST_CASE("log-out ends one session and says so in the record") {
    TestIdentity identity;
    identity.a_user();
    const auto here = identity.a_session(), there = identity.a_session();
    CHECK(identity.sessions.close(identity.tenant, here.token, identity.by));
    CHECK_FALSE(identity.sessions.find(identity.tenant, here.token));
    CHECK_FALSE(identity.sessions.close(identity.tenant, here.token, identity.by));
    CHECK(identity.sessions.find(identity.tenant, there.token));
    CHECK(identity.audited("session.logout", "ok") == 1);
}

TEST_CASE("a user sees the own sessions, ends one, and ends the others everywhere") {
    TestIdentity identity;
    const auto user = identity.a_user();
    identity.a_user("interventora");
    const auto a = identity.a_session(), b = identity.a_session(), c = identity.a_session();
    const auto hers = identity.a_session("interventora");
    CHECK(identity.sessions.list(identity.tenant, user.id).size() == 3);
    CHECK_FALSE(identity.sessions.revoke(identity.tenant, user.id, hers.session.id, identity.by));
    CHECK(identity.sessions.revoke(identity.tenant, user.id, b.session.id, identity.by));
    CHECK_FALSE(identity.sessions.find(identity.tenant, b.token));
    CHECK(identity.sessions.revoke_all(identity.tenant, user.id, identity.by, a.session.id) == 1);
    CHECK(identity.sessions.find(identity.tenant, a.token));
    CHECK_FALSE(identity.sessions.find(identity.tenant, c.token));
    CHECK(identity.sessions.find(identity.tenant, hers.token));
    CHECK(identity.sessions.revoke_all(identity.tenant, user.id, identity.by) == 1);
    CHECK(identity.audited("session.revoke_all", "ok") == 2);
}

TEST_CASE("what no browser of ours holds is no session") {
    TestIdentity identity;
    identity.a_user();
    const auto session = identity.a_session();
    for (const std::string& token : {std::string(), std::string(43, 'A'), session.session.id,
                                     session.token + "A", std::string("' or 1=1 --"), std::string(43, '\0')})
        CHECK_FALSE(identity.sessions.find(identity.tenant, token));
}

TEST_CASE("what ended a week ago is removed") {
    TestIdentity identity;
    identity.a_user();
    const auto session = identity.a_session();
    identity.clock.advance(std::chrono::hours(12 + 24 * 7) - seconds(1));
    remove_expired(*identity.pool, identity.clock);
    CHECK(TestIdentity::count("sessions where tenant = '" + identity.tenant + "'") == 1);
    CHECK(TestIdentity::count("login_attempts where tenant = '" + identity.tenant + "'") == 0);
    identity.clock.advance(seconds(2));
    CHECK(remove_expired(*identity.pool, identity.clock).sessions >= 1);
    CHECK(TestIdentity::count("sessions where tenant = '" + identity.tenant + "'") == 0);
}

}  // namespace
}  // namespace kernel::identity
