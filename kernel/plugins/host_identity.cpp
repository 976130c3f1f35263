#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"

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

}  // namespace

const concejo_identity_1& identity_table() {
    static const concejo_identity_1 table{sizeof(concejo_identity_1), &who, &may, &permission, &role};
    return table;
}

}  // namespace kernel::plugins
