// What the plugins of this process have declared in start(). Filled by the loader, then read only.
#pragma once

#include "kernel/jobs/policy.hpp"
#include "kernel/outbox/rules.hpp"

#include <concejo/abi.h>
#include <concejo/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kernel::plugins {

struct LoadedPlugin;

enum class RouteKind {
    page = CONCEJO_ROUTE_PUBLIC,
    staff = CONCEJO_ROUTE_STAFF,
    api = CONCEJO_ROUTE_API,
    bare = CONCEJO_ROUTE_BARE
};

struct Route {
    std::size_t id = 0;  ///< index in Registry::routes
    LoadedPlugin* plugin = nullptr;
    std::string plugin_id;
    RouteKind kind = RouteKind::page;
    bool uploads = false;
    bool cached = false;
    bool lenient = false;
    std::string method, pattern, permission;
    std::uint64_t body_limit = 0;  ///< 0: the installation's default
    concejo_http_handler handler = nullptr;
    void* context = nullptr;
};

struct MenuEntry {
    std::string plugin_id, place, label, path, permission, group, icon;
    int order = 0;
};

struct Provider {
    LoadedPlugin* plugin = nullptr;
    std::string plugin_id, name;  ///< name: the block's place, the event …
    int order = 0;
    concejo_provider handler = nullptr;
    void* context = nullptr;
};

struct Permission {
    std::string plugin_id, id, label;
};
struct Role {
    std::string plugin_id, id, label;
    std::vector<std::string> permissions;
};

/// What the audit's record names. `automated`: what is published of one that no person performs; else "".
struct Action {
    std::string plugin_id, code, label, automated;
};

struct Command {
    LoadedPlugin* plugin = nullptr;
    std::string plugin_id;
    concejo::Json declaration;
    concejo_command handler = nullptr;
    void* context = nullptr;
};

struct Responder {
    LoadedPlugin* plugin = nullptr;
    std::string plugin_id;
    concejo_responder handler = nullptr;
    void* context = nullptr;
};

struct JobHandler {
    LoadedPlugin* plugin = nullptr;
    std::string plugin_id, kind;
    concejo_job_handler handler = nullptr;
    void* context = nullptr;
    std::string label{};  ///< for people; may be empty
    jobs::Policy policy{};
};

struct EffectKind {
    LoadedPlugin* plugin = nullptr;
    std::string plugin_id, kind, label;
    outbox::KindRules rules;
    concejo_effect_handler deliver = nullptr;
    concejo_provider reconcile = nullptr;
    void* context = nullptr;
};

struct Registry {
    std::vector<Route> routes;
    std::vector<MenuEntry> menus;
    std::vector<Provider> blocks, searches, site_maps, subscribers;
    std::vector<Permission> permissions;
    std::vector<Role> roles;
    std::vector<Action> actions;
    std::vector<Command> commands;
    std::map<std::string, Responder> services;  ///< "evidence:1"
    std::vector<JobHandler> jobs;
    std::vector<EffectKind> effects;
    std::vector<std::pair<std::string, concejo::Json>>
        schedules;  ///< plugin id, {"kind","every_seconds"|"cron"|"rrule"}

    /// Null where no plugin declares it.
    const Action* action(std::string_view code) const {
        for (const auto& action : actions)
            if (action.code == code) return &action;
        return nullptr;
    }
    /// Null where nobody runs jobs of that kind.
    const JobHandler* job_handler(std::string_view plugin, std::string_view kind) const {
        for (const auto& handler : jobs)
            if (handler.kind == kind && handler.plugin_id == plugin) return &handler;
        return nullptr;
    }
    jobs::Policy job_policy(std::string_view plugin, std::string_view kind) const {
        const auto* handler = job_handler(plugin, kind);
        return handler ? handler->policy : jobs::Policy{};
    }
};

}  // namespace kernel::plugins
