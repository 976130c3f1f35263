#include "kernel/base/clock.hpp"
#include "kernel/identity/tokens.hpp"
#include "kernel/plugins/actor.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {
namespace {

using concejo::Json;

const char* name_of(identity::PrincipalKind kind) {
    switch (kind) {
        case identity::PrincipalKind::staff:
            return "staff";
        case identity::PrincipalKind::token:
            return "token";
        case identity::PrincipalKind::system:
            return "system";
        case identity::PrincipalKind::anonymous:
            break;
    }
    return "anonymous";
}

concejo_status who(concejo_call* call, concejo_sink sink, void* context) {
    return host_guard([&] {
        const auto& principal = call->scope->who;
        Json roles = Json::array(), scopes = Json::array();
        for (const auto& role : principal.roles) roles.push_back(role);
        if (principal.kind == identity::PrincipalKind::token) {
            for (const auto& scope : principal.permissions) scopes.push_back(scope);
        }
        const auto json = Json::object({{"kind", name_of(principal.kind)},
                                        {"id", principal.id},
                                        {"login", principal.login},
                                        {"name", principal.name},
                                        {"roles", roles},
                                        {"scopes", scopes}});
        sink(context, c_str(json.dump()));
    });
}

std::int32_t may(concejo_call* call, concejo_str permission) {
    return call->scope->who.may(view(permission));
}

concejo_status permission(const concejo_host* host, concejo_str declaration) {
    return host_guard([&] {
        auto& handle = registering(host, "un permiso");
        const auto json = Json::parse(view(declaration));
        handle.registry->permissions.push_back({handle.plugin->id, json.at("id").as_string(),
                                                json.string_or("label", json.at("id").as_string())});
    });
}

concejo_status role(const concejo_host* host, concejo_str declaration) {
    return host_guard([&] {
        auto& handle = registering(host, "un rol");
        const auto json = Json::parse(view(declaration));
        Role role{handle.plugin->id,
                  json.at("id").as_string(),
                  json.string_or("label", json.at("id").as_string()),
                  {}};
        for (const auto& permission : json.at("permissions").as_array())
            role.permissions.push_back(permission.as_string());
        handle.registry->roles.push_back(std::move(role));
    });
}

constexpr std::int64_t latest_expiry = 9'000'000'000;  ///< in the year 2255: what a TimePoint holds

Json unix_or_null(const std::optional<base::TimePoint>& at) {
    return at ? Json(base::unix_seconds(*at)) : Json();
}

identity::Tokens tokens_of(concejo_call* call) {
    static const base::SystemClock clock;
    return {call->services->databases.of(call->tenant()), clock};
}
identity::Origin origin_of(concejo_call* call) {
    const auto& scope = *call->scope;
    return {actor_of(scope.who), scope.request ? scope.request->peer : "", scope.request_id};
}

concejo_status make_token(concejo_call* call, concejo_tx* tx, concejo_str token, concejo_sink sink,
                          void* context) {
    return host_guard([&] {
        const auto asked = Json::parse(view(token));
        std::vector<std::string> scopes;
        for (const auto& one : asked.at("scopes").as_array()) scopes.push_back(one.as_string());
        std::optional<base::TimePoint> expires;
        if (const auto at = asked.int_or("expires", 0); at != 0) {
            if (at < 0 || at > latest_expiry)
                throw concejo::Error(concejo::ErrorKind::invalid, "expires: " + std::to_string(at));
            expires = base::TimePoint(std::chrono::seconds(at));
        }
        const auto made =
            tokens_of(call).make(transaction_of(tx), call->scope->who, asked.at("name").as_string(), scopes,
                                 expires, origin_of(call));
        sink(context, c_str(Json::object({{"id", made.token.id},
                                          {"secret", made.secret},
                                          {"expires", unix_or_null(made.token.expires_at)}})
                                .dump()));
    });
}

concejo_status list_tokens(concejo_call* call, concejo_tx* tx, concejo_sink sink, void* context) {
    return host_guard([&] {
        Json list = Json::array();
        for (const auto& one : tokens_of(call).made_by(transaction_of(tx), call->scope->who)) {
            Json scopes = Json::array();
            for (const auto& scope : one.scopes) scopes.push_back(scope);
            list.push_back(Json::object({{"id", one.id},
                                         {"name", one.name},
                                         {"scopes", std::move(scopes)},
                                         {"created", base::unix_seconds(one.created_at)},
                                         {"used", unix_or_null(one.last_used_at)},
                                         {"expires", unix_or_null(one.expires_at)}}));
        }
        sink(context, c_str(list.dump()));
    });
}

concejo_status revoke_token(concejo_call* call, concejo_tx* tx, concejo_str which) {
    return host_guard([&] {
        const auto asked = Json::parse(view(which));
        auto& inside = transaction_of(tx);
        const auto tokens = tokens_of(call);
        auto id = asked.string_or("id", "");
        if (id.empty()) id = tokens.id_of(inside, call->scope->who, asked.string_or("secret", ""));
        if (!tokens.revoke_made(inside, call->scope->who, id, origin_of(call)))
            throw concejo::Error(concejo::ErrorKind::not_found, "no hay ninguna clave así");
    });
}

concejo_status token_names(concejo_call* call, concejo_tx* tx, concejo_str scope, concejo_sink sink,
                           void* context) {
    return host_guard([&] {
        Json list = Json::array();
        for (auto& one : tokens_of(call).names_with(transaction_of(tx), view(scope)))
            list.push_back(std::move(one));
        sink(context, c_str(list.dump()));
    });
}

}  // namespace

const concejo_identity_1& identity_table() {
    static const concejo_identity_1 table{sizeof(concejo_identity_1),
                                          &who,
                                          &may,
                                          &permission,
                                          &role,
                                          &make_token,
                                          &list_tokens,
                                          &revoke_token,
                                          &token_names};
    return table;
}

}  // namespace kernel::plugins
