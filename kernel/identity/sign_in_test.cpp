#include "kernel/identity/sign_in.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/identity/fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

namespace kernel::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Status = SignInStatus;

TEST_CASE("the right password opens a session, in any case of the login") {
    TestIdentity identity;
    const auto user = identity.a_user("Sara");
    const auto outcome = identity.sign_in()(identity.credentials(" sARA "));
    REQUIRE(outcome.status == Status::ok);
    CHECK(outcome.session->session.user_id == user.id);
    CHECK(identity.audited("session.login", "ok") == 1);
}

TEST_CASE("a wrong password, a login nobody has, and another municipality's account look alike") {
    TestIdentity identity, other;
    identity.a_user("sara");
    other.a_user("marta");
    const auto sign_in = identity.sign_in();
    for (const auto& outcome :
         {sign_in(identity.credentials("sara", "no es esta")), sign_in(identity.credentials("nadie")),
          sign_in(identity.credentials("marta")), sign_in(identity.credentials(std::string("a\0b", 3))),
          sign_in(identity.credentials("\xff"))}) {
        CHECK(outcome.status == Status::wrong);
        CHECK_FALSE(outcome.session);
        CHECK_FALSE(outcome.until);
    }
    CHECK(identity.audited("session.login", "failed") == 5);
    CHECK(other.audited("session.login", "failed") == 0);
    CHECK(TestIdentity::count("audit a where tenant = '" + identity.tenant +
                              "' and a::text like '%nadie%'") == 0);
}

TEST_CASE("a login ends the session that the browser had before") {
    TestIdentity identity;
    identity.a_user();
    const auto before = identity.a_session();
    auto again = identity.credentials();
    again.previous = before.token;
    const auto after = identity.sign_in()(again);
    CHECK(after.session->token != before.token);
    CHECK_FALSE(identity.sessions.find(identity.tenant, before.token));
}

TEST_CASE("failures make wait: a second, two, then a minute, doubling to an hour") {
    CHECK(LockRule{}.wait_after(1) == seconds(0));
    CHECK(LockRule{}.wait_after(2) == seconds(0));
    CHECK(LockRule{}.wait_after(3) == seconds(1));
    CHECK(LockRule{}.wait_after(4) == seconds(2));
    CHECK(LockRule{}.wait_after(5) == minutes(1));
    CHECK(LockRule{}.wait_after(6) == minutes(2));
    CHECK(LockRule{}.wait_after(10) == minutes(32));
    CHECK(LockRule{}.wait_after(11) == minutes(60));
    CHECK(LockRule{}.wait_after(1000) == minutes(60));
    CHECK(AttemptRules{}.address.wait_after(19) == seconds(0));
    CHECK(AttemptRules{}.address.wait_after(20) == minutes(1));
}

TEST_CASE("an account that failed five times is not looked at for a minute, whatever the password") {
    for (const bool known : {true, false}) {
        TestIdentity identity;
        if (known) identity.a_user();
        const auto wrong = identity.credentials("secretaria", "no es esta");
        for (int i = 0; i < 5; ++i) {
            REQUIRE(identity.sign_in()(wrong).status ==
                    Status::wrong);  // a new object each time: nothing is kept in the process
            if (i < 4) identity.clock.advance(seconds(3));
        }
        const auto lock_end = identity.clock.now() + minutes(1);
        const auto locked = identity.sign_in()(identity.credentials());
        CHECK(locked.status == Status::locked);
        CHECK(locked.until == lock_end);
        CHECK(identity.audited("session.lock", "denied") == 1);
        identity.clock.advance(minutes(1) - seconds(1));
        CHECK(identity.sign_in()(identity.credentials()).status == Status::locked);
        identity.clock.advance(seconds(1));
        CHECK(identity.sign_in()(identity.credentials()).status == (known ? Status::ok : Status::wrong));
        if (!known) continue;
        // A success forgets the failures.
        for (int i = 0; i < 2; ++i) CHECK_FALSE(identity.sign_in()(wrong).until);
    }
}

TEST_CASE("an administrator unlocks an account") {
    TestIdentity identity;
    const auto user = identity.a_user();
    for (int i = 0; i < 5; ++i) {
        identity.sign_in()(identity.credentials("secretaria", "no es esta"));
        identity.clock.advance(seconds(3));
    }
    REQUIRE(identity.sign_in()(identity.credentials()).status == Status::locked);
    identity.users.unlock(identity.tenant, user.id, identity.by);
    CHECK(identity.sign_in()(identity.credentials()).status == Status::ok);
}

TEST_CASE("an address that tries many logins is not heard, others are") {
    TestIdentity identity, elsewhere;
    identity.a_user();
    for (int i = 0; i < 20; ++i) {
        auto guess = identity.credentials("login" + std::to_string(i), "no es esta");
        guess.peer = "203.0.113." + std::to_string(i);  // one /24
        REQUIRE(identity.sign_in()(guess).status == Status::wrong);
    }
    auto from_there = identity.credentials();
    from_there.peer = "203.0.113.200";
    CHECK(identity.sign_in()(from_there).status == Status::locked);
    CHECK(identity.sign_in()(identity.credentials()).status == Status::ok);
    elsewhere.a_user();  // one municipality's trouble is not another's
    auto other_town = elsewhere.credentials();
    other_town.peer = from_there.peer;
    CHECK(elsewhere.sign_in()(other_town).status == Status::ok);
    identity.clock.advance(minutes(1));
    CHECK(identity.sign_in()(from_there).status == Status::ok);
}

TEST_CASE("guesses at the same moment are counted like guesses one after another") {
    TestIdentity identity;
    identity.a_user();
    std::atomic<int> heard{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 6; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 4; ++i)
                heard += identity.sign_in()(identity.credentials("secretaria", "no es esta")).status ==
                         Status::wrong;
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(heard == 3);  // the third one begins the wait of a second, and the clock stands still
}

TEST_CASE("with a second factor the password alone gives a ticket, and the code the session") {
    TestIdentity identity;
    const auto user = identity.a_user();
    const auto secret = new_totp_secret();
    identity.second_factor.set(identity.tenant, user.id, secret, identity.by);
    for (const auto& shown : {base::base32(secret, false), base::base64url(secret), base::hex(secret)})
        CHECK(TestIdentity::count("users u where u::text like '%" + shown + "%'") == 0);
    const auto first = identity.sign_in()(identity.credentials());
    REQUIRE(first.status == Status::needs_totp);
    CHECK_FALSE(first.session);
    Credentials second;
    second.tenant = identity.tenant;
    second.ticket = first.ticket;
    second.code = totp_code(secret, totp_step(identity.clock.now()) + 7);
    const auto wrong = identity.sign_in()(second);
    CHECK(wrong.status == Status::wrong);
    second.code = totp_code(secret, totp_step(identity.clock.now()));
    second.ticket = wrong.ticket;
    CHECK(identity.sign_in()(second).status == Status::ok);
    CHECK(identity.sign_in()(second).status == Status::wrong);  // the same code once more
    identity.clock.advance(seconds(30));
    auto both = identity.credentials();
    both.code = totp_code(secret, totp_step(identity.clock.now()));
    CHECK(identity.sign_in()(both).status == Status::ok);
    CHECK(identity.audited("session.login", "ok") == 2);
}

TEST_CASE("knowing the password does not buy guesses at the code") {
    TestIdentity identity;
    const auto user = identity.a_user();
    identity.second_factor.set(identity.tenant, user.id, new_totp_secret(), identity.by);
    auto status = Status::wrong;
    for (int i = 0; i < 5; ++i) {
        auto guess = identity.credentials();
        REQUIRE(identity.sign_in()(guess).status == Status::needs_totp);  // does not reset the count
        guess.code = "12345" + std::to_string(i);
        status = identity.sign_in()(guess).status;
        REQUIRE(status == Status::wrong);
        identity.clock.advance(seconds(3));
    }
    CHECK(identity.sign_in()(identity.credentials()).status == Status::locked);
}

TEST_CASE("a ticket is for one municipality, five minutes, and the password it was given for") {
    TestIdentity identity, other;
    const auto user = identity.a_user();
    const auto secret = new_totp_secret();
    identity.second_factor.set(identity.tenant, user.id, secret, identity.by);
    Credentials second;
    second.ticket = identity.sign_in()(identity.credentials()).ticket;
    const auto with = [&](const std::string& tenant, const std::string& ticket) {
        auto given = second;
        given.tenant = tenant;
        given.ticket = ticket;
        given.code = totp_code(secret, totp_step(identity.clock.now()));
        return identity.sign_in()(given).status;
    };
    CHECK(with(other.tenant, second.ticket) == Status::expired);
    for (const std::string& ticket : {second.ticket + "A", "9" + second.ticket, std::string("x"),
                                      std::string(".."), user.id + ".99999999999.AAAA"})
        CHECK(with(identity.tenant, ticket) == Status::expired);
    identity.clock.advance(minutes(5));
    CHECK(with(identity.tenant, second.ticket) == Status::expired);
    second.ticket = identity.sign_in()(identity.credentials()).ticket;
    identity.users.passwd(identity.tenant, user.id, "cuatro perros en el patio", false, identity.by);
    CHECK(with(identity.tenant, second.ticket) == Status::expired);
}

TEST_CASE("a second factor counts only when confirmed with a code of its own") {
    TestIdentity identity;
    const auto user = identity.a_user();
    const auto offer = identity.second_factor.offer(identity.tenant, user.id, "Ribera");
    CHECK(offer.uri.find("secret=" + offer.secret + "&") != std::string::npos);
    CHECK(identity.sign_in()(identity.credentials()).status == Status::ok);
    CHECK_FALSE(identity.second_factor.confirm(identity.tenant, user.id, "000000", identity.by));
    const auto code = totp_code(*base::unbase32(offer.secret), totp_step(identity.clock.now()));
    CHECK(identity.second_factor.confirm(identity.tenant, user.id, code, identity.by));
    CHECK(identity.sign_in()(identity.credentials()).status == Status::needs_totp);
    CHECK_THROWS_WITH(identity.second_factor.offer(identity.tenant, user.id, "Ribera"),
                      Catch::Contains("ya tiene"));
    CHECK(identity.users.find(identity.tenant, "secretaria")->has_totp);
    identity.second_factor.remove(identity.tenant, user.id, identity.by);
    CHECK(identity.sign_in()(identity.credentials()).status == Status::ok);
}

TEST_CASE("a hash of yesterday's cost is made anew at the login") {
    TestIdentity identity;
    const auto user = identity.a_user();
    const Passwords stronger(HashCost{2, 16384});
    const SignIn sign_in(*identity.pool, stronger, identity.second_factor, identity.sessions, identity.keys,
                         identity.clock);
    const std::string of_user =
        "users where id = '" + user.id + "' and password_hash like '$argon2id$v=19$m=16,t=2,%'";
    CHECK(TestIdentity::count(of_user) == 0);
    CHECK(sign_in(identity.credentials()).status == Status::ok);
    CHECK(TestIdentity::count(of_user) == 1);
    CHECK(sign_in(identity.credentials()).status == Status::ok);
}

}  // namespace
}  // namespace kernel::identity
