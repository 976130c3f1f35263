#include "kernel/identity/tokens.hpp"

#include "kernel/identity/fixture.hpp"

#include <catch2/catch.hpp>

namespace kernel::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("a token is a principal with its scopes, in its municipality only") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    const auto made =
        tokens.create(identity.tenant, " Portal provincial ", {"sede.publicar"}, std::nullopt, identity.by);
    CHECK(made.secret.rfind("cj_", 0) == 0);
    CHECK(made.secret.size() == 52);
    const auto who = tokens.verify(identity.tenant, made.secret);
    REQUIRE(who);
    CHECK(who->kind == PrincipalKind::token);
    CHECK(who->id == made.token.id);
    CHECK(who->login == "Portal provincial");
    CHECK(who->may("sede.publicar"));
    CHECK_FALSE(who->may("usuarios.gestionar"));
    CHECK_FALSE(tokens.verify("otro", made.secret));
    CHECK_FALSE(tokens.revoke("otro", made.token.id, identity.by));
    CHECK(tokens.list("otro").empty());
    CHECK(tokens.verify(identity.tenant, made.secret));
    CHECK(identity.audited("token.create", "ok") == 1);
}

TEST_CASE("neither the token nor its random part stands in the database") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    const auto made = tokens.create(identity.tenant, "x", {"a"}, std::nullopt, identity.by);
    CHECK(TestIdentity::count("api_tokens t where t::text like '%" + made.secret.substr(3, 20) + "%'") == 0);
    CHECK(TestIdentity::count("audit a where a::text like '%" + made.secret.substr(3, 20) + "%'") == 0);
}

TEST_CASE("one wrong character is noticed before the database is asked") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    const auto secret = tokens.create(identity.tenant, "x", {"a"}, std::nullopt, identity.by).secret;
    CHECK(Tokens::well_formed(secret));
    for (std::size_t i = 0; i < secret.size(); ++i) {
        auto changed = secret;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(Tokens::well_formed(changed));
        CHECK_FALSE(tokens.verify(identity.tenant, changed));
    }
    for (const char* wrong : {"", "cj_", "Bearer", "cj_' or 1=1"}) CHECK_FALSE(Tokens::well_formed(wrong));
}

TEST_CASE("an expired or revoked token is nobody") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    const auto brief =
        tokens.create(identity.tenant, "un día", {"a"}, identity.clock.now() + hours(24), identity.by);
    const auto lasting = tokens.create(identity.tenant, "siempre", {"a"}, std::nullopt, identity.by);
    CHECK(brief.token.expires_at == identity.clock.now() + hours(24));
    identity.clock.advance(hours(24) - minutes(1));
    CHECK(tokens.verify(identity.tenant, brief.secret));
    identity.clock.advance(minutes(1));
    CHECK_FALSE(tokens.verify(identity.tenant, brief.secret));
    CHECK(tokens.verify(identity.tenant, lasting.secret));
    CHECK(tokens.revoke(identity.tenant, lasting.token.id, identity.by));
    CHECK_FALSE(tokens.verify(identity.tenant, lasting.secret));
    CHECK_FALSE(tokens.revoke(identity.tenant, lasting.token.id, identity.by));
    CHECK_FALSE(tokens.revoke(identity.tenant, "no uuid", identity.by));
    CHECK(tokens.list(identity.tenant).size() == 2);
    CHECK(identity.audited("token.revoke", "ok") == 1);
}

TEST_CASE("the last use is written once a minute") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    const auto made = tokens.create(identity.tenant, "x", {"a"}, std::nullopt, identity.by);
    const auto last = [&] { return tokens.list(identity.tenant).front().last_used_at; };
    CHECK_FALSE(last());
    tokens.verify(identity.tenant, made.secret);
    const auto start = identity.clock.now();
    CHECK(last() == start);
    identity.clock.advance(std::chrono::seconds(59));
    tokens.verify(identity.tenant, made.secret);
    CHECK(last() == start);
    identity.clock.advance(std::chrono::seconds(1));
    tokens.verify(identity.tenant, made.secret);
    CHECK(last() == start + minutes(1));
}

TEST_CASE("a token without a name, without scopes or already over is not made") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    CHECK_THROWS_WITH(tokens.create(identity.tenant, " ", {"a"}, std::nullopt, identity.by),
                      Catch::Contains("nombre"));
    CHECK_THROWS_WITH(tokens.create(identity.tenant, "x", {}, std::nullopt, identity.by),
                      Catch::Contains("permiso"));
    CHECK_THROWS_WITH(tokens.create(identity.tenant, "x", {"a"}, identity.clock.now(), identity.by),
                      Catch::Contains("ya pasó"));
}

TEST_CASE("a token makes tokens: no more than it may, for no longer, in its name, and they end with it") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    const auto tenant = std::string(identity.tenant);
    const auto born =
        tokens.create(tenant, "Portal", {"a", "b"}, identity.clock.now() + hours(24), identity.by);
    const auto maker = *tokens.verify(tenant, born.secret);
    const Origin by{"token:" + maker.id, "", ""};
    const auto in = [&](const auto& work) {
        auto tx = identity.pool->begin_kernel(tenant);
        auto result = work(tx);
        tx.commit();
        return result;
    };
    const auto make = [&](const Principal& who, const std::vector<std::string>& scopes,
                          std::optional<base::TimePoint> expires) {
        return in([&](db::Transaction& tx) {
            return tokens.make(tx, who, "hija", scopes, expires, {"token:" + who.id, "", ""});
        });
    };
    const auto child = make(maker, {"a"}, std::nullopt);
    CHECK(child.token.expires_at == born.token.expires_at);
    CHECK(make(maker, {"a"}, identity.clock.now() + hours(1)).token.expires_at ==
          identity.clock.now() + hours(1));
    const auto who = tokens.verify(tenant, child.secret);
    REQUIRE(who);
    CHECK((who->id == child.token.id && who->login == "Portal" && who->name == "hija"));
    CHECK((who->may("a") && !who->may("b")));
    CHECK_THROWS_AS(make(maker, {"a", "c"}, std::nullopt), concejo::Error);
    CHECK_THROWS_AS(make(*who, {"a"}, std::nullopt), concejo::Error);
    Principal staff = maker;
    staff.kind = PrincipalKind::staff;
    CHECK_THROWS_AS(make(staff, {"a"}, std::nullopt), concejo::Error);
    CHECK_FALSE(tokens.verify("otro", child.secret));

    // Each sees and revokes what is its own.
    const auto stranger =
        *tokens.verify(tenant, tokens.create(tenant, "Otro", {"a"}, std::nullopt, identity.by).secret);
    const auto seen = [&](const Principal& one) {
        return in([&](db::Transaction& tx) { return tokens.made_by(tx, one); });
    };
    REQUIRE(seen(maker).size() == 3);
    CHECK(seen(maker)[0].id == maker.id);
    CHECK(seen(stranger).size() == 1);
    CHECK(seen(*who).size() == 1);
    const auto revoke = [&](const Principal& one, const std::string& id) {
        return in([&](db::Transaction& tx) { return tokens.revoke_made(tx, one, id, by); });
    };
    const auto id_of = [&](const Principal& one, const std::string& secret) {
        return in([&](db::Transaction& tx) { return tokens.id_of(tx, one, secret); });
    };
    CHECK(id_of(maker, child.secret) == child.token.id);
    CHECK(id_of(stranger, child.secret).empty());
    CHECK(id_of(*who, born.secret).empty());
    CHECK_FALSE(revoke(stranger, child.token.id));
    CHECK_FALSE(revoke(*who, maker.id));
    const auto brief = make(maker, {"b"}, std::nullopt);
    CHECK(revoke(maker, brief.token.id));
    CHECK_FALSE(tokens.verify(tenant, brief.secret));
    CHECK(tokens.verify(tenant, child.secret));

    CHECK(tokens.revoke(tenant, maker.id, identity.by));
    CHECK_FALSE(tokens.verify(tenant, child.secret));
    CHECK(tokens.verify(tenant, tokens.create(tenant, "x", {"a"}, std::nullopt, identity.by).secret));
    CHECK_THROWS_AS(make(maker, {"a"}, std::nullopt), concejo::Error);
    CHECK(identity.audited("token.revoke", "ok") == 4);
}

TEST_CASE("those that have a scope are known by their names, in their municipality, while they live") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    const auto make = [&](const std::string& tenant, const char* name, const char* scope, int days) {
        std::optional<base::TimePoint> expires;
        if (days > 0) expires = identity.clock.now() + std::chrono::hours(24) * days;
        return tokens.create(tenant, name, {scope}, expires, identity.by);
    };
    const auto museum = make(identity.tenant, "Museo", "a", 0);
    const auto buses = make(identity.tenant, "Autobuses", "a", 0);
    make(identity.tenant, "Autobuses", "a", 0), make(identity.tenant, "Breve", "a", 1);
    make(identity.tenant, "Otra cosa", "b", 0), make("otro", "De otro municipio", "a", 0);
    const auto names = [&] {
        auto tx = identity.pool->begin_kernel(identity.tenant);
        return tokens.names_with(tx, "a");
    };
    const auto maker = *tokens.verify(identity.tenant, museum.secret);
    {
        auto tx = identity.pool->begin_kernel(identity.tenant);
        tokens.make(tx, maker, "hija", {"a"}, std::nullopt, {"token:" + maker.id, "", ""});
        tx.commit();
    }
    CHECK(names() == std::vector<std::string>{"Autobuses", "Breve", "Museo"});
    CHECK(tokens.revoke(identity.tenant, buses.token.id, identity.by));
    CHECK(names() == std::vector<std::string>{"Autobuses", "Breve", "Museo"});
    CHECK(tokens.revoke(identity.tenant, museum.token.id, identity.by));
    identity.clock.advance(std::chrono::hours(48));
    CHECK(names() == std::vector<std::string>{"Autobuses"});
}

TEST_CASE("a token makes a hundred at most that live") {
    TestIdentity identity;
    const Tokens tokens(*identity.pool, identity.clock);
    const auto maker = *tokens.verify(
        identity.tenant, tokens.create(identity.tenant, "x", {"a"}, std::nullopt, identity.by).secret);
    auto tx = identity.pool->begin_kernel(identity.tenant);
    const auto make = [&] {
        return tokens.make(tx, maker, "una", {"a"}, std::nullopt, {"token:" + maker.id, "", ""});
    };
    for (int n = 0; n < 99; ++n) make();
    const auto last = make();
    CHECK_THROWS_AS(make(), concejo::Error);
    CHECK(tokens.revoke_made(tx, maker, last.token.id, identity.by));
    CHECK_NOTHROW(make());
}

}  // namespace
}  // namespace kernel::identity
