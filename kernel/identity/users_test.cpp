#include "kernel/identity/fixture.hpp"

#include <catch2/catch.hpp>

#include <mutex>
#include <thread>

namespace kernel::identity {
namespace {

TEST_CASE("an account is found by its login in any case, in its own municipality") {
    TestIdentity identity;
    const auto user = identity.a_user("Sara.Ria", {"secretaria"});
    CHECK(user.roles == std::vector<std::string>{"secretaria"});
    CHECK(user.has_password);
    const auto found = identity.users.find(identity.tenant, "sara.ria");
    REQUIRE(found);
    CHECK(found->id == user.id);
    CHECK(found->name == "Sara Ría");
    CHECK(found->created_at == identity.clock.now());
    CHECK_FALSE(identity.users.find("otro", "sara.ria"));
    CHECK_FALSE(identity.users.find_by_id("otro", user.id));
    CHECK_FALSE(identity.users.find_by_id(identity.tenant, "no uuid"));
    CHECK(identity.audited("user.add", "ok") == 1);
}

TEST_CASE("a login is taken once in a municipality, and free in the next") {
    TestIdentity one, two;
    one.a_user("sara");
    CHECK_THROWS_WITH(one.a_user("SARA"), Catch::Contains("ya hay un usuario 'SARA'"));
    CHECK_NOTHROW(two.a_user("sara"));
    CHECK(one.users.list(one.tenant).size() == 1);
}

TEST_CASE("operators of the platform have a tenant of their own") {
    TestIdentity identity;
    identity.tenant = platform_tenant;
    CHECK(platform_tenant.size() > 40);  // maxLength of municipio.id in kernel/config/municipio.schema.yaml
    const auto login = "op" + base::random_hex(4);
    identity.a_user(login);
    CHECK(identity.users.find(platform_tenant, login));
    CHECK(identity.sign_in()(identity.credentials(login)).status == SignInStatus::ok);
}

TEST_CASE("a bad login or password is refused before anything is written") {
    TestIdentity identity;
    for (const char* login : {"", "con espacio", "ñ", "a/b"})
        CHECK_THROWS_WITH(identity.a_user(login), Catch::Contains("no sirve"));
    CHECK_THROWS_WITH(identity.users.add({identity.tenant, "sara", "", "", {}, "corta", false}, identity.by),
                      Catch::Contains("demasiado corta"));
    CHECK(identity.users.list(identity.tenant).empty());
}

TEST_CASE("a new password ends the sessions, but the one that asks") {
    TestIdentity identity;
    const auto user = identity.a_user();
    const auto kept = identity.a_session(), ended = identity.a_session();
    CHECK(identity.users.knows_password(identity.tenant, user.id, TestIdentity::password));
    identity.users.passwd(identity.tenant, user.id, "cuatro perros en el patio", false, identity.by,
                          kept.session.id);
    CHECK(identity.sessions.find(identity.tenant, kept.token));
    CHECK_FALSE(identity.sessions.find(identity.tenant, ended.token));
    CHECK_FALSE(identity.users.knows_password(identity.tenant, user.id, TestIdentity::password));
    CHECK(identity.sign_in()(identity.credentials()).status == SignInStatus::wrong);
    CHECK(identity.sign_in()(identity.credentials("secretaria", "cuatro perros en el patio")).status ==
          SignInStatus::ok);
    CHECK(identity.audited("user.passwd", "ok") == 1);
}

TEST_CASE("other roles mean another login") {
    TestIdentity identity;
    const auto user = identity.a_user();
    const auto session = identity.a_session();
    identity.users.set_roles(identity.tenant, user.id, {"secretaria"}, identity.by);
    CHECK_FALSE(identity.sessions.find(identity.tenant, session.token));
    CHECK(identity.sessions.find(identity.tenant, identity.a_session().token)->roles ==
          std::vector<std::string>{"secretaria"});
    CHECK(TestIdentity::count("audit where tenant = '" + identity.tenant +
                              "' and details->>'after' = 'secretaria'") == 1);
}

TEST_CASE("a disabled account is out at once and stays out until enabled") {
    TestIdentity identity;
    const auto user = identity.a_user();
    const auto session = identity.a_session();
    identity.users.set_disabled(identity.tenant, user.id, true, identity.by);
    CHECK_FALSE(identity.sessions.find(identity.tenant, session.token));
    CHECK(identity.sign_in()(identity.credentials()).status == SignInStatus::disabled);
    CHECK(identity.sign_in()(identity.credentials("secretaria", "otra cosa")).status == SignInStatus::wrong);
    identity.users.set_disabled(identity.tenant, user.id, false, identity.by);
    CHECK(identity.sign_in()(identity.credentials()).status == SignInStatus::ok);
    CHECK_FALSE(identity.sessions.find(identity.tenant, session.token));
}

TEST_CASE("the last administrator stays, also when two take it from each other at once") {
    TestIdentity identity;
    const auto one = identity.a_user("una", {"administracion"});
    CHECK_THROWS_WITH(identity.users.set_roles(identity.tenant, one.id, {}, identity.by),
                      Catch::Contains("última"));
    CHECK_THROWS_WITH(identity.users.set_disabled(identity.tenant, one.id, true, identity.by),
                      Catch::Contains("última"));
    const auto two = identity.a_user("dos", {"administracion"});
    int refused = 0;
    std::mutex guard;
    const auto block = [&](const std::string& id) {
        try {
            identity.users.set_disabled(identity.tenant, id, true, identity.by);
        } catch (const concejo::Error&) {
            const std::lock_guard lock(guard);
            ++refused;
        }
    };
    std::thread other([&] { block(one.id); });
    block(two.id);
    other.join();
    CHECK(refused == 1);
}

TEST_CASE("accounts come page by page, and by words") {
    TestIdentity identity;
    for (const char* login : {"ana", "Berta", "carla", "diana"}) identity.a_user(login);
    const auto first = identity.users.page(identity.tenant, "", "", 2);
    REQUIRE(first.size() == 2);
    CHECK(first[1].login == "Berta");
    CHECK(identity.users.page(identity.tenant, "", "Berta", 5)[0].login == "carla");
    CHECK(identity.users.page(identity.tenant, "ANA", "", 5).size() == 2);
    CHECK(identity.users.page(identity.tenant, "%", "", 5).empty());
}

TEST_CASE("a password of the kernel's making opens once for choosing another") {
    TestIdentity identity;
    const auto user = identity.a_user("ana");
    const auto password = identity.users.reset_password(identity.tenant, user.id, identity.by);
    CHECK(identity.users.knows_password(identity.tenant, user.id, password));
    CHECK(identity.users.find(identity.tenant, "ana")->must_change);
}

TEST_CASE("changes to nobody, or to somebody of another municipality, are refused") {
    TestIdentity one, two;
    const auto user = one.a_user();
    CHECK_THROWS_WITH(two.users.set_roles(two.tenant, user.id, {"administracion"}, two.by),
                      Catch::Contains("no hay ningún usuario"));
    CHECK_THROWS_WITH(two.users.set_disabled(two.tenant, user.id, true, two.by),
                      Catch::Contains("no hay ningún usuario"));
    CHECK_THROWS_WITH(two.users.passwd(two.tenant, user.id, "cuatro perros en el patio", false, two.by),
                      Catch::Contains("no hay ningún usuario"));
    CHECK_THROWS_WITH(two.users.unlock(two.tenant, user.id, two.by),
                      Catch::Contains("no hay ningún usuario"));
    CHECK_THROWS_WITH(two.second_factor.offer(two.tenant, user.id, "x"),
                      Catch::Contains("no hay ningún usuario"));
    CHECK_THROWS_WITH(two.users.set_roles(two.tenant, "nadie", {}, two.by),
                      Catch::Contains("no hay ningún usuario"));
    CHECK(one.sign_in()(one.credentials()).status == SignInStatus::ok);
}

}  // namespace
}  // namespace kernel::identity
