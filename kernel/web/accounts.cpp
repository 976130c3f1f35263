#include "kernel/web/accounts.hpp"

#include "kernel/plugins/actor.hpp"

#include <algorithm>

namespace kernel::web {

using plugins::RouteKind;

namespace {

/// RFC 6750, CKAN's own field, or the bare token as CKAN's older clients send it. Another scheme (a proxy's
/// Basic) is none of ours.
std::string_view token_of(const http::Request& request) {
    const auto ckan = request.field("x-ckan-api-key");
    if (!ckan.empty()) return ckan;
    const auto given = request.field("authorization");
    if (given.size() > 7 && http::same_name(given.substr(0, 7), "bearer ")) return given.substr(7);
    return given.starts_with("cj_") ? given : std::string_view();
}

identity::SessionLimits limits_of(const config::AccessConfig& access) {
    identity::SessionLimits limits;
    limits.idle = access.session_idle;
    limits.absolute = access.session_life;
    limits.touch =
        std::min(limits.touch, limits.idle / 4);  // written often enough for the shortest idle time
    return limits;
}

identity::AttemptRules rules_of(const config::AccessConfig& access) {
    identity::AttemptRules rules;
    rules.account.failures = static_cast<int>(access.failures);
    rules.address.failures = static_cast<int>(access.address_failures);
    for (auto* rule : {&rules.account, &rules.address}) {
        rule->first = access.lock;
        rule->longest = access.longest_lock;
    }
    // Who forgets sooner than the lock lasts has no lock.
    rules.address_memory = std::max(rules.address_memory, access.longest_lock);
    return rules;
}

}  // namespace

Accounts::Accounts(db::Pool& given, const identity::Passwords& passwords, const identity::Keys& keys,
                   const base::Clock& clock, const config::AccessConfig& access)
    : pool(given),
      rules(rules_of(access)),
      sessions(pool, clock, limits_of(access)),
      tokens(pool, clock),
      second_factor(pool, keys, clock),
      users(pool, passwords, clock),
      sign_in(pool, passwords, second_factor, sessions, keys, clock, rules) {}

AccountBook::AccountBook(plugins::Services& services, const identity::Keys& keys, const base::Clock& clock)
    : services_(services),
      permissions_(services.registry.permissions, services.registry.roles),
      idempotency_(clock) {
    for (const auto& tenant : services.tenants.all()) {
        auto& pool = services.databases.of(*tenant);
        auto& accounts = by_pool_[&pool];
        if (!accounts)
            accounts = std::make_unique<Accounts>(pool, passwords_, keys, clock, services.platform.access);
    }
}

Accounts& AccountBook::of(const tenancy::Tenant& tenant) {
    return *by_pool_.at(&services_.databases.of(tenant));
}

bool AccountBook::recognise(Visit& visit, const Cookies& cookies) {
    visit.visitor = visit.asked().cookie(cookies.visitor()).value_or("");
    const auto kind = visit.address.kind;
    if (kind == RouteKind::api || kind == RouteKind::bare) {
        const auto secret = token_of(visit.asked());
        if (!secret.empty()) by_token(visit, secret);
        if (!secret.empty() || kind == RouteKind::api)
            return secret.empty() || visit.who.kind == identity::PrincipalKind::token;
    }
    by_session(visit, cookies);
    return true;
}

void AccountBook::by_session(Visit& visit, const Cookies& cookies) {
    const auto token = visit.asked().cookie(cookies.session());
    if (!token || token->empty()) return;
    visit.session = of(visit.place()).sessions.find(visit.place().id, *token);
    if (!visit.session) return;
    visit.session_token = *token;
    visit.who = permissions_.principal(*visit.session);
}

void AccountBook::by_token(Visit& visit, std::string_view secret) {
    if (!identity::Tokens::well_formed(secret)) return;
    if (auto who = of(visit.place()).tokens.verify(visit.place().id, secret)) visit.who = std::move(*who);
}

identity::Origin origin_of(const Visit& visit) {
    return {plugins::actor_of(visit.who), visit.asked().peer, visit.request_id};
}

}  // namespace kernel::web
