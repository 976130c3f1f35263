#include "kernel/web/accounts.hpp"

#include "kernel/plugins/actor.hpp"

#include <concejo/error.hpp>

namespace kernel::web {

using plugins::RouteKind;

Accounts::Accounts(db::Pool& given, const identity::Passwords& passwords, const identity::Keys& keys, const base::Clock& clock)
    : pool(given), sessions(pool, clock), tokens(pool, clock), second_factor(pool, keys, clock), users(pool, passwords, clock),
      sign_in(pool, passwords, second_factor, sessions, keys, clock) {}

AccountBook::AccountBook(plugins::Services& services, const identity::Keys& keys, const base::Clock& clock)
    : services_(services), permissions_(services.registry.permissions, services.registry.roles), idempotency_(clock) {
    for (const auto& tenant : services.tenants.all()) {
        auto& pool = services.databases.of(*tenant);
        auto& accounts = by_pool_[&pool];
        if (!accounts) accounts = std::make_unique<Accounts>(pool, passwords_, keys, clock);
    }
}

Accounts& AccountBook::of(const tenancy::Tenant& tenant) { return *by_pool_.at(&services_.databases.of(tenant)); }

void AccountBook::recognise(Visit& visit, const Cookies& cookies) {
    visit.visitor = visit.asked().cookie(cookies.visitor()).value_or("");
    const auto kind = visit.address.kind;
    if (kind == RouteKind::api || kind == RouteKind::bare) {
        if (by_token(visit) || kind == RouteKind::api) return;
    }
    by_session(visit, cookies);
}

void AccountBook::by_session(Visit& visit, const Cookies& cookies) {
    const auto token = visit.asked().cookie(cookies.session());
    if (!token || token->empty()) return;
    visit.session = of(visit.place()).sessions.find(visit.place().id, *token);
    if (!visit.session) return;
    visit.session_token = *token;
    visit.who = permissions_.principal(*visit.session);
}

bool AccountBook::by_token(Visit& visit) {
    std::string_view secret = visit.asked().field("x-ckan-api-key");
    if (secret.empty()) {
        secret = visit.asked().field("authorization");
        if (secret.size() > 7 && http::same_name(secret.substr(0, 7), "bearer ")) secret.remove_prefix(7);
    }
    if (secret.empty()) return false;
    auto who = identity::Tokens::well_formed(secret) ? of(visit.place()).tokens.verify(visit.place().id, secret) : std::nullopt;
    if (!who) throw concejo::Error(concejo::ErrorKind::forbidden, "la clave de la API no es válida, ha caducado o se ha retirado");
    visit.who = std::move(*who);
    return true;
}

identity::Origin origin_of(const Visit& visit) { return {plugins::actor_of(visit.who), visit.asked().peer, visit.request_id}; }

}  // namespace kernel::web
