// The way of a request through the web layer, on a handler thread: address, route, who, whether they may, and
// the answer.
#include "kernel/base/log.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/db/error.hpp"
#include "kernel/http/text.hpp"
#include "kernel/web/language.hpp"
#include "kernel/web/security.hpp"
#include "kernel/web/site_parts.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::web {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using plugins::RouteKind;

namespace {

std::string allow_line(const std::vector<std::string>& methods) {
    std::string line;
    for (const auto& method : methods) line += (line.empty() ? "" : ", ") + method;
    return line;
}

}  // namespace

http::Response Site::Parts::dispatch(Visit& visit) {
    const Entry* entry = nullptr;
    if (auto ended = approach(visit, entry)) return std::move(*ended);
    visit.staff_layout = entry->kind == RouteKind::staff && visit.session.has_value();
    return enter(visit, *entry);
}

// The same as for the request itself, which follows when the body is there: nobody writes to our disk before
// that.
http::BodyAdmission Site::Parts::admit(Visit& visit) {
    const Entry* entry = nullptr;
    if (auto ended = approach(visit, entry)) return {std::move(ended), {}, 0};
    if (!form_is_ours(visit, *entry))
        return {errors.answer(visit, 403, pages.say(visit.language, texts::form_expired)), {}, 0};
    if (entry->admit) return entry->admit(visit);
    return {enter(visit, *entry), {}, 0};  // an open route that takes files, asked by nobody
}

std::optional<http::Response> Site::Parts::approach(Visit& visit, const Entry*& route) {
    const auto& request = visit.asked();
    if (inspectable && request.path.starts_with("/-/dev/components")) return preview(visit);
    if (visit.address.root) return to_language(visit);
    if (visit.address.foreign) return errors.answer(visit, 404);
    auto found = routes.find(visit.address, request.method, visit.place());
    // Addresses that are not there count too: whoever looks for holes asks for little else.
    if (auto refused = refused_by_rate(visit, found.entry)) return refused;
    if (!found.entry && found.allowed.empty()) return nothing_there(visit);
    if (const auto target = canonical_target(visit.address, request.target)) {
        http::Response moved(308);
        moved.set("Location", *target);
        return moved;
    }
    if (!found.entry) {
        auto answer = request.method == "OPTIONS" ? http::Response(204) : errors.answer(visit, 405);
        answer.set("Allow", allow_line(found.allowed));
        return answer;
    }
    const auto& entry = *found.entry;
    route = found.entry;
    hits.add(entry.number);
    visit.path_parameters = std::move(found.parameters);
    if (entry.plugin) visit.owner = entry.plugin->plugin_id;
    if (entry.plugin && visit.place().unavailable.count(entry.plugin->plugin_id))
        return errors.answer(visit, 503);
    if (entry.plugin && crash::in_quarantine(entry.plugin->plugin_id, visit.place().id)) {
        auto answer = errors.answer(visit, 503);
        answer.set("Retry-After", "300");  // a person looks at it
        return answer;
    }
    if (!accounts.recognise(visit, cookies) && !entry.lenient)
        return unauthorised(visit, pages.say(visit.language, texts::token_invalid));
    return refused_by_permission(visit, entry);
}

/// A module that should serve here and was not even loaded: what it would answer is not known.
bool Site::Parts::lacks_a_module(const tenancy::Tenant& tenant) const {
    const auto& known = services.registry.routes;
    return std::any_of(tenant.unavailable.begin(), tenant.unavailable.end(), [&](const auto& missing) {
        return std::none_of(known.begin(), known.end(),
                            [&](const auto& route) { return route.plugin_id == missing.first; });
    });
}

http::Response Site::Parts::nothing_there(Visit& visit) {
    if (lacks_a_module(visit.place())) return errors.answer(visit, 503);  // "gone" would be a lie
    if (visit.address.kind != RouteKind::page || visit.address.rest != "/" || changes_state(visit.asked()))
        return errors.answer(visit, 404);
    http::Response moved(302);  // a municipality without a module that makes a home page
    moved.set("Location", write_address(RouteKind::page, visit.language, "/mapa-web"));
    return moved;
}

http::Response Site::Parts::enter(Visit& visit, const Entry& entry) {
    if (changes_state(visit.asked())) {
        if (!form_is_ours(visit, entry))
            return errors.answer(visit, 403, pages.say(visit.language, texts::form_expired));
        auto response = once(visit, entry);
        if (visit.carried_out) cache.changed(visit.place().id);  // other nodes hear of it by NOTIFY
        return response;
    }
    const bool nobody = visit.who.kind == identity::PrincipalKind::anonymous && is_anonymous(visit.asked());
    return entry.cached && nobody ? cacheable(visit, entry) : run(visit, entry);
}

http::Response Site::Parts::to_language(Visit& visit) {
    const auto& request = visit.asked();
    if (request.method != "GET" && request.method != "HEAD") {
        auto refused = errors.answer(visit, 405);
        refused.set("Allow", "GET, HEAD");
        return refused;
    }
    const auto query = without_trackers(request.raw_query());
    http::Response moved(302);
    moved.set("Location",
              write_address(RouteKind::page, visit.language, "/") + (query.empty() ? "" : "?" + query));
    moved.set("Vary", "Accept-Language, Cookie");
    return moved;
}

http::Response Site::Parts::unauthorised(Visit& visit, const std::string& detail) {
    auto answer = errors.answer(visit, 401, detail);
    answer.set("WWW-Authenticate", "Bearer");
    return answer;
}

std::optional<http::Response> Site::Parts::refused_by_rate(Visit& visit, const Entry* entry) {
    const auto& request = visit.asked();
    if (own.unlimited(request) || request.sink)
        return std::nullopt;  // a body that was admitted has been counted
    const bool writes = changes_state(request) && !(entry && entry->chunks);
    auto& limit = writes ? limits.writes : limits.pages;
    const auto wait = limit.take(OwnPages::client_of(request), std::chrono::steady_clock::now());
    if (!wait) return std::nullopt;
    auto answer = errors.answer(visit, 429);
    answer.cause = writes ? "write_rate" : "page_rate";
    answer.set("Retry-After", std::to_string(wait->count()));
    return answer;
}

std::optional<http::Response> Site::Parts::refused_by_permission(Visit& visit, const Entry& entry) {
    const auto& who = visit.who;
    if (entry.kind == RouteKind::staff) {
        if (entry.open) return std::nullopt;
        const auto path = [&](std::string_view rest) {
            return write_address(RouteKind::staff, visit.language, rest);
        };
        if (!visit.session) {
            // What was being sent is lost; its page is where to begin again.
            const bool sent = changes_state(visit.asked());
            const bool readable = !sent || routes.find(visit.address, "GET", visit.place()).entry;
            const auto back =
                readable ? safe_return(visit.asked().target, visit.place().config.languages) : std::nullopt;
            const bool ended = sent || visit.asked().cookie(cookies.session());
            auto query = std::string(ended ? "?caducada=1" : "");
            if (back && *back != path("/"))
                query +=
                    (query.empty() ? "?" : "&") + std::string("volver=") + http::percent_encoded(*back, "/");
            return see_other(path("/acceso") + query);
        }
        if (visit.session->must_change && entry.pattern != "/clave" && entry.pattern != "/salir")
            return see_other(path("/clave"));
    }
    if (entry.permission.empty() || who.may(entry.permission)) return std::nullopt;
    const auto with_permission = [&](const char* text) {
        auto said = pages.say(visit.language, text);
        constexpr std::string_view hole = "{permission}";
        if (const auto at = said.find(hole); at != said.npos) said.replace(at, hole.size(), entry.permission);
        return said;
    };
    if (entry.kind == RouteKind::api && who.kind == identity::PrincipalKind::anonymous) {
        return unauthorised(visit, with_permission(texts::token_needed));
    }
    return errors.answer(visit, 403,
                         entry.kind == RouteKind::api ? with_permission(texts::token_lacks) : std::string());
}

// Programs bring their token with each call, so that no other page can make a browser send it: only what
// rides on a cookie, or comes from a page's form, needs proof that the form was ours.
bool Site::Parts::form_is_ours(const Visit& visit, const Entry& entry) const {
    if (entry.kind == RouteKind::api || visit.who.kind == identity::PrincipalKind::token) return true;
    if (!from_own_pages(visit.asked())) return false;
    if (entry.kind == RouteKind::bare && !visit.session) return true;
    auto token = visit.asked().form_value("csrf_token").value_or("");
    if (token.empty()) token = visit.asked().field("x-csrf-token");
    if (visit.session && identity::csrf_ok(visit.session->csrf_secret, token)) return true;
    return (!visit.session || entry.open) && visitors.ok(visit.place().id, visit.visitor, token);
}

http::Response Site::Parts::failed(Visit& visit, const std::exception& thrown) {
    const auto* known = dynamic_cast<const Error*>(&thrown);
    const auto error = known ? *known : Error(ErrorKind::internal, thrown.what());
    const int status = http_status(error.kind());
    const base::LogContext who{"web", visit.place().config.slug, {}, visit.request_id};
    if (status >= 500)
        base::log_error(who, "petición fallida",
                        Json::object({{"path", visit.asked().path}, {"error", error.what()}}));
    // Texts of 500 and 503 are for the log: they may name servers, files, statements. So may the database's.
    const std::string_view text = error.what();
    if (status >= 500 || text.starts_with(db::error_prefix)) return errors.answer(visit, status);
    const auto told = services.catalogs.tell(visit.language, visit.owner, text);
    const bool for_people =
        told.known || error.kind() == ErrorKind::invalid || error.kind() == ErrorKind::conflict;
    if (!for_people && !ErrorPages::for_programs(visit)) return errors.answer(visit, status);
    return errors.answer(visit, status, told.text, told.lang);
}

void Site::Parts::finish(Visit& visit, http::Response& response) {
    for (const auto& line : visit.cookies) response.add("Set-Cookie", line);
    if (visit.shows_form && visit.new_visitor && !visit.session)
        response.add("Set-Cookie", cookies.set(cookies.visitor(), visit.visitor, std::chrono::hours(24)));
    const bool personal =
        visit.address.kind == RouteKind::staff || visit.session || visit.shows_form || !visit.cookies.empty();
    if (personal && visit.address.kind != RouteKind::bare)
        response.set("Cache-Control", "no-store");
    else if (response.field("cache-control").empty())
        response.set("Cache-Control", personal ? "private, no-cache" : "no-cache");
    const bool page = response.field("content-type").starts_with("text/html");
    if (page) response.set("Content-Language", visit.language);
    if (visit.address.language.empty() && response.field("vary").empty())
        response.set("Vary", "Accept-Language, Cookie");
    response.tenant = visit.place().config.slug;
    response.kind = measured_as(visit.address.kind);
    protect(response, secure);
}

}  // namespace kernel::web
