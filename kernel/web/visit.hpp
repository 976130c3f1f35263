// One request on its way through the web layer: the scope that plugins run in, and what the kernel keeps
// beside it.
#pragma once

#include "kernel/http/message.hpp"
#include "kernel/identity/sessions.hpp"
#include "kernel/plugins/invoke.hpp"
#include "kernel/web/address.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kernel::web {

/// Lives on the stack of the handler thread. `scope.tenant` and `scope.request` are always set.
struct Visit : plugins::Scope {
    Address address;                           ///< what the path says
    bool staff_layout = false;                 ///< menu of the staff instead of the citizens'
    std::optional<identity::Session> session;  ///< of the browser, whatever the page
    std::string session_token;                 ///< the cookie's value
    std::string visitor;               ///< value of the visitor's form cookie; made here where there was none
    bool new_visitor = false;          ///< `visitor` is not in the browser yet
    std::string csrf, form_key;        ///< shown by the page that was rendered; empty: none was
    bool shows_form = false;           ///< a rendered page holds `csrf`: it belongs to this visitor alone
    std::vector<std::string> cookies;  ///< Set-Cookie lines to add
    std::string owner = "web";         ///< whose texts errors speak with: the plugin of the route, or ours
    bool carried_out = false;          ///< a state change of a plugin ran to its end

    http::Request& asked() const { return *request; }
    const tenancy::Tenant& place() const { return *tenant; }
};

/// Null for a scope without a request (a job, a command). Every scope with a request is a Visit: only Site
/// makes them.
inline Visit* visit_of(plugins::Scope& scope) {
    return scope.request ? static_cast<Visit*>(&scope) : nullptr;
}

}  // namespace kernel::web
