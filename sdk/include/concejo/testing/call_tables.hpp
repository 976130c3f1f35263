// The fake kernel's config/1, i18n/1 and identity/1: on whose behalf, in which language.
#pragma once

#include <concejo/testing/world.hpp>

#include <cstdio>
#include <ctime>

namespace concejo::inline v1::testing::detail {

inline const concejo_config_1& config_table() {
    static const concejo_config_1 table = [] {
        concejo_config_1 t{};
        t.size = sizeof t;
        t.settings = [](concejo_call* call, concejo_sink sink, void* context) {
            return answer([&] { give(sink, context, call_of(call).world->settings.dump()); });
        };
        t.municipality = [](concejo_call* call, concejo_sink sink, void* context) {
            return answer([&] { give(sink, context, call_of(call).world->municipality.dump()); });
        };
        return t;
    }();
    return table;
}

/// Dates, numbers and money are written plainly (AAAA-MM-DD, a point before the decimals): how each language
/// writes them is the kernel's affair, and a test would only repeat it.
inline std::string plain_time(std::int64_t seconds, bool time) {
    const std::time_t instant = seconds;
    std::tm parts{};
    ::gmtime_r(&instant, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, time ? "%Y-%m-%d %H:%M" : "%Y-%m-%d", &parts)};
}
inline std::string plain_number(double value, std::int32_t decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals < 0 ? 0 : decimals > 9 ? 9 : decimals, value);
    return text;
}

inline const concejo_i18n_1& i18n_table() {
    static const concejo_i18n_1 table = [] {
        concejo_i18n_1 t{};
        t.size = sizeof t;
        t.translate = [](concejo_call* raw_call, concejo_str msgid, concejo_sink sink, void* context) {
            return answer([&] {
                const auto& call = call_of(raw_call);
                give(sink, context, call.world->catalog.text(call.language, cpp(msgid)));
            });
        };
        t.plural = [](concejo_call* raw_call, concejo_str one, concejo_str many, std::int64_t n,
                      concejo_sink sink, void* context) {
            return answer([&] {
                const auto& call = call_of(raw_call);
                give(sink, context, call.world->catalog.text(call.language, cpp(one), cpp(many), n));
            });
        };
        t.date = [](concejo_call*, concejo_str iso, std::int32_t, concejo_sink sink, void* context) {
            return answer([&] {
                const auto text = cpp(iso);
                if (text.size() != 10 || text[4] != '-' || text[7] != '-')
                    throw Error(ErrorKind::invalid, "«" + std::string(text) + "» no es una fecha AAAA-MM-DD");
                give(sink, context, text);
            });
        };
        t.instant = [](concejo_call*, std::int64_t seconds, std::int32_t, std::int32_t time_style,
                       concejo_sink sink, void* context) {
            return answer([&] { give(sink, context, plain_time(seconds, time_style >= 0)); });
        };
        t.number = [](concejo_call*, double value, std::int32_t decimals, concejo_sink sink, void* context) {
            return answer([&] { give(sink, context, plain_number(value, decimals)); });
        };
        t.money = [](concejo_call*, std::int64_t cents, concejo_sink sink, void* context) {
            return answer([&] {
                const auto whole = std::to_string(cents < 0 ? -cents : cents);
                const auto digits = std::string(whole.size() < 3 ? 3 - whole.size() : 0, '0') + whole;
                give(sink, context,
                     (cents < 0 ? "-" : "") + digits.substr(0, digits.size() - 2) + "." +
                         digits.substr(digits.size() - 2) + " €");
            });
        };
        t.today = [](concejo_call* call, concejo_sink sink, void* context) {
            return answer([&] { give(sink, context, plain_time(call_of(call).world->now, false)); });
        };
        return t;
    }();
    return table;
}

inline auto& asking_token(concejo_call* raw_call) {
    auto& call = call_of(raw_call);
    if (call.caller.kind != "token")
        throw Error(ErrorKind::forbidden, "solo una clave puede hacer, ver y revocar las suyas");
    return call;
}

inline const concejo_identity_1& identity_table() {
    static const concejo_identity_1 table = [] {
        concejo_identity_1 t{};
        t.size = sizeof t;
        t.who = [](concejo_call* call, concejo_sink sink, void* context) {
            return answer([&] {
                const auto& who = call_of(call).caller;
                Json roles = Json::array(), scopes = Json::array();
                for (const auto& role : who.roles) roles.push_back(role);
                if (who.kind == "token")
                    for (const auto& scope : who.permissions) scopes.push_back(scope);
                give(sink, context,
                     Json::object({{"kind", who.kind},
                                   {"id", who.id},
                                   {"login", who.login},
                                   {"name", who.name},
                                   {"roles", roles},
                                   {"scopes", scopes}})
                         .dump());
            });
        };
        t.may = [](concejo_call* call, concejo_str permission) -> std::int32_t {
            bool may = false;
            (void)answer([&] { may = call_of(call).caller.may(cpp(permission)); });
            return may;
        };
        t.permission = [](const concejo_host* host, concejo_str declaration) {
            return answer([&] {
                auto& world = registering(host, "un permiso");
                auto json = Json::parse(cpp(declaration));
                (void)json.at("id").as_string();
                world.permissions.push_back(std::move(json));
            });
        };
        t.role = [](const concejo_host* host, concejo_str declaration) {
            return answer([&] {
                auto& world = registering(host, "un rol");
                auto json = Json::parse(cpp(declaration));
                (void)json.at("id").as_string();
                (void)json.at("permissions").as_array();
                world.roles.push_back(std::move(json));
            });
        };
        t.make_token = [](concejo_call* raw_call, concejo_tx*, concejo_str token, concejo_sink sink,
                          void* context) {
            return answer([&] {
                auto& world = *asking_token(raw_call).world;
                const auto asked = Json::parse(cpp(token));
                for (const auto& scope : asked.at("scopes").as_array())
                    if (!call_of(raw_call).caller.may(scope.as_string()))
                        throw Error(ErrorKind::forbidden, "una clave no puede dar permisos que no tiene");
                const auto id =
                    "00000000-0000-4000-8000-" + std::to_string(100000000001 + world.tokens.size());
                const auto expires = asked.int_or("expires", 0) ? Json(asked.int_or("expires", 0)) : Json();
                world.tokens.push_back(Json::object({{"id", id},
                                                     {"name", asked.at("name")},
                                                     {"scopes", asked.at("scopes")},
                                                     {"created", world.now},
                                                     {"used", nullptr},
                                                     {"expires", expires}}));
                give(sink, context,
                     Json::object({{"id", id}, {"secret", "cj_" + id}, {"expires", expires}}).dump());
            });
        };
        t.list_tokens = [](concejo_call* raw_call, concejo_tx*, concejo_sink sink, void* context) {
            return answer([&] {
                const auto& call = asking_token(raw_call);
                Json scopes = Json::array();
                for (const auto& scope : call.caller.permissions) scopes.push_back(scope);
                Json list = Json::array({Json::object({{"id", call.caller.id},
                                                       {"name", call.caller.name},
                                                       {"scopes", scopes},
                                                       {"created", call.world->now},
                                                       {"used", call.world->now},
                                                       {"expires", nullptr}})});
                for (auto one = call.world->tokens.rbegin(); one != call.world->tokens.rend(); ++one)
                    list.push_back(*one);
                give(sink, context, list.dump());
            });
        };
        t.revoke_token = [](concejo_call* raw_call, concejo_tx*, concejo_str which) {
            return answer([&] {
                const auto asked = Json::parse(cpp(which));
                auto id = asked.string_or("id", "");
                if (const auto secret = asked.string_or("secret", ""); id.empty() && secret.size() > 3)
                    id = secret.substr(3);
                auto& made = asking_token(raw_call).world->tokens;
                const auto found = std::find_if(
                    made.begin(), made.end(), [&](const Json& one) { return one.string_or("id", "") == id; });
                if (found != made.end())
                    made.erase(found);
                else if (id != call_of(raw_call).caller.id)
                    throw Error(ErrorKind::not_found, "no hay ninguna clave así");
            });
        };
        t.token_names = [](concejo_call* raw_call, concejo_tx*, concejo_str scope, concejo_sink sink,
                           void* context) {
            return answer([&] {
                Json list = Json::array();
                for (const auto& name : call_of(raw_call).world->token_names[std::string(cpp(scope))])
                    list.push_back(name);
                give(sink, context, list.dump());
            });
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail
