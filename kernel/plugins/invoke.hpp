// Calls into plugins on somebody's behalf. The only place where the kernel runs a plugin's code after
// start().
#pragma once

#include "kernel/http/message.hpp"
#include "kernel/identity/principal.hpp"
#include "kernel/plugins/registry.hpp"
#include "kernel/tenancy/tenant.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kernel::db {
class Transaction;
}

namespace kernel::plugins {

/// On whose behalf a plugin runs: everything that a concejo_call stands for, before a plugin is chosen.
struct Scope {
    const tenancy::Tenant* tenant = nullptr;
    std::string language = "es";
    identity::Principal who;
    http::Request* request = nullptr;  ///< null in jobs, commands and events
    std::vector<http::Field> path_parameters;
    std::string request_id;
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    db::Transaction* transaction = nullptr;  ///< what the handler begins is a part of it, where there is one
};

/// What the handler answered, before the web layer adds headers, cookies and cache.
struct Reply {
    http::Response response;
    std::optional<std::int64_t> valid_until;  ///< Unix seconds: time alone changes the page then
};

class Services;  // everything the host tables stand on: see services.hpp

/// Runs a route's handler. Throws concejo::Error with the plugin's status and text.
Reply run_route(Services&, const Route&, Scope&);

/// Asks every provider of the list that is active for the tenant; one that fails is logged and left out.
/// Answers (plugin id, parsed JSON) in the list's order.
std::vector<std::pair<std::string, concejo::Json>> ask(Services&, const std::vector<Provider>&,
                                                       std::string_view argument, Scope&);

}  // namespace kernel::plugins
