// From a request to an action, and from its result or failure to the answer.
#include "ckan_action.hpp"

#include "records.hpp"

#include <concejo/abi.h>

#include <algorithm>
#include <map>

namespace open_data::ckan {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr const char* json_type = "application/json;charset=utf-8";
constexpr std::uint64_t longest_body = 8u << 20;  ///< a few thousand rows at a time; files go to resource_*

std::map<std::string_view, Action> all_actions() {
    std::map<std::string_view, Action> all;
    for (const auto& some : {site_actions(),           package_actions(),      search_actions(),
                             organization_actions(),   tag_actions(),          vocabulary_actions(),
                             follower_actions(),       member_actions(),       user_actions(),
                             collaborator_actions(),   relationship_actions(), token_actions(),
                             administration_actions(), resource_actions(),     resource_view_actions(),
                             package_writes(),         resource_writes(),      organization_writes(),
                             datastore_reads(),        datastore_writes()})
        for (const auto& one : some) all.emplace(one.name, one);
    return all;
}

/// Whoever may call it may run a name in his own page: nothing but a name.
bool safe_callback(std::string_view name) {
    return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '$' || c == '.';
    });
}

std::string help_of(const Portal& portal, std::string_view name) {
    return portal.home() + "/api/3/action/help_show?name=" + std::string(name);
}

std::string failed(const std::string& help, const Json& error) {
    return Json::object({{"help", help}, {"error", error}, {"success", false}}).dump();
}

/// What went wrong that nobody foresaw: told to the log, and to the client that it happened.
Failure unforeseen(const Request& request, const Action& action, const concejo::Error& error) {
    auto failure = failure_of(error);
    if (failure.status() >= 500)
        request.log(CONCEJO_ERROR, "CKAN API",
                    Json::object({{"action", action.name}, {"error", error.what()}}));
    return failure;
}

std::string carry_out(const Request& request, const Portal& portal, const Action& action, bool signs) {
    if (request.method != "POST" && action.writes)
        throw bad_request("JSON Error: Invalid request. Please use POST method for your request");
    auto uploads = request.uploads();
    // What only reads takes its parameters from the address when it has some, whatever the method, unless a form came.
    const bool from_query =
        !action.writes &&
        (request.method != "POST" || (!request.query_pairs().empty() && !Arguments::is_form(request)));
    auto arguments = from_query ? Arguments::of_query(request) : Arguments::of_body(request, uploads);
    Ask ask(request, portal, std::move(arguments), from_query, signs, std::move(uploads));
    auto result = action.run(ask);
    if (action.writes && ask.keep) ask.tx.commit();
    return result;
}

void answer(const Request& request, Reply& reply) {
    const std::string name(request.path.substr(request.path.rfind('/') + 1));
    const auto* action = find_action(name);
    const auto callback = request.method == "POST" ? std::string() : request.query("callback").value_or("");
    if (!action || !action->writes) reply.field("Access-Control-Allow-Origin", "*");
    Portal portal(static_cast<const concejo::Call&>(request));
    portal.language = "es";  // what CKAN has once, is in Spanish
    const auto help = help_of(portal, name);
    int status = 200;
    std::string body;
    try {
        if (!action) throw bad_request("Action name not known: " + name.substr(0, 200));
        body = "{\"help\":";
        append_json(body, help);
        body += ",\"success\":true,\"result\":" + carry_out(request, portal, *action, callback.empty()) + "}";
    } catch (const Failure& failure) {
        status = failure.status(),
        body = failure.error().is_string() ? failure.error().dump() : failed(help, failure.error());
    } catch (const concejo::Error& error) {
        const auto failure = unforeseen(request, *action, error);
        status = failure.status(), body = failed(help, failure.error());
    }
    if (status == 503) reply.field("Retry-After", "5");
    if (action && action->secret) reply.field("Cache-Control", "no-store");
    if (status == 200 && safe_callback(callback))
        return reply.body("application/javascript;charset=utf-8", callback + "(" + body + ");");
    reply.status(status);
    reply.body(json_type, body);
}

void version(const Request&, Reply& reply) {
    reply.field("Access-Control-Allow-Origin", "*");
    reply.body(json_type, "{\"version\":3}");
}

}  // namespace

Ask::Ask(const Request& request_, const Portal& portal_, Arguments arguments, bool from_query_, bool signs,
         std::vector<concejo::Upload> uploads_)
    : request(request_),
      portal(portal_),
      args(std::move(arguments)),
      from_query(from_query_),
      writer(signs && request_.may(may_write)),
      collaborator(signs && request_.may(may_collaborate)),
      uploads(std::move(uploads_)),
      tx(request_.begin()),
      catalogue(tx) {}

std::string Ask::user() const {
    const auto who = request.who();
    return who.anonymous() ? std::string() : who.login.empty() ? who.id : who.login;
}

Failure Ask::denied(std::string_view doing) const {
    return of_type(403, "Authorization Error",
                   "Access denied: User " + user() + " not authorized to " + std::string(doing));
}

void Ask::need_writer(std::string_view doing) const {
    if (!writer) throw denied(doing);
}

void Ask::need_user(std::string_view doing) const {
    if (!writer && !collaborator) throw denied(doing);
}

namespace {
const std::map<std::string_view, Action>& known_actions() {
    static const auto all = all_actions();
    return all;
}
}  // namespace

const Action* find_action(std::string_view name) {
    const auto found = known_actions().find(name);
    return found == known_actions().end() ? nullptr : &found->second;
}

std::vector<const Action*> every_action() {
    std::vector<const Action*> list;
    for (const auto& [name, action] : known_actions()) list.push_back(&action);
    return list;
}

}  // namespace open_data::ckan

namespace open_data {

void register_ckan(concejo::Kernel& kernel) {
    for (const auto* version : {"/action", "/3/action"}) {
        const std::string base = version;
        // A key that CKAN does not know is nobody's: what is open is told, and the rest refused as to anybody.
        kernel.api("GET", base + "/:name", ckan::answer,
                   concejo::RouteOptions{.permission = {}, .lenient = true});
        kernel.api(
            "POST", base + "/:name", ckan::answer,
            concejo::RouteOptions{.permission = {}, .body_limit = ckan::longest_body, .lenient = true});
        // Those that take files: theirs is a route of its own, so that nothing else is written to the disk.
        for (const auto* name :
             {"resource_create", "resource_update", "resource_patch", "package_revise", "organization_create",
              "organization_update", "organization_patch", "group_create", "group_update", "group_patch"})
            kernel.api("POST", base + "/" + name, ckan::answer,
                       concejo::RouteOptions{.permission = {}, .uploads = true, .lenient = true});
    }
    kernel.api("GET", "/3", ckan::version);
}

}  // namespace open_data
