// What the edge thread answers by itself: health, echo, static files, cached pages. Nothing here may block.
#include "kernel/crash/here.hpp"
#include "kernel/http/compression.hpp"
#include "kernel/http/range.hpp"
#include "kernel/web/language.hpp"
#include "kernel/web/security.hpp"
#include "kernel/web/site_parts.hpp"

#include <algorithm>

namespace kernel::web {

using concejo::Json;

namespace {

http::Response text(int status, std::string body) {
    http::Response response(status, "text/plain; charset=utf-8", std::move(body));
    response.set("Cache-Control", "no-store");
    return response;
}

http::Response json(const Json& body) {
    http::Response response(200, "application/json", body.dump());
    response.set("Cache-Control", "no-store");
    return response;
}

bool reads(const http::Request& request) { return request.method == "GET" || request.method == "HEAD"; }

}  // namespace

/// What another method than these gets; OPTIONS is answered as everywhere on the site.
http::Response Site::Parts::other_method(const http::Request& request, std::string_view allowed) const {
    auto answer = request.method == "OPTIONS" ? http::Response(204) : errors.plain(405, request.request_id);
    answer.set("Allow", std::string(allowed));
    protect(answer, secure);
    return answer;
}

std::optional<http::Response> Site::Parts::system_answer(const http::Request& request) {
    enum : std::size_t { live, ready, echo, statics, table };
    const auto* const found = std::find(std::begin(system_paths), std::end(system_paths), request.path);
    const auto which = static_cast<std::size_t>(found - std::begin(system_paths));
    if (which > table || which == statics || (!inspectable && (which == echo || which == table)))
        return std::nullopt;
    if (!reads(request) && !(which == echo && request.method == "POST"))
        return other_method(request, which == echo ? "GET, HEAD, POST" : "GET, HEAD");
    const auto first = routes.entries().size();
    hits.add(first + which);
    http::Response answer;
    if (which == live) {
        answer = text(200, "vivo\n");
    } else if (which == ready) {
        answer = !options.ready || options.ready() ? text(200, "listo\n") : text(503, "todavía no\n");
    } else if (which == echo) {
        answer = json(Json::object(
            {{"method", request.method}, {"target", request.target}, {"length", request.body.size()}}));
    } else {
        auto list = routes.list(hits);
        for (std::size_t i = 0; i < std::size(system_paths); ++i) {
            list.push_back(Json::object({{"kind", "system"},
                                         {"method", "GET"},
                                         {"pattern", system_paths[i]},
                                         {"path", system_paths[i]},
                                         {"permission", ""},
                                         {"owner", "kernel"},
                                         {"cached", false},
                                         {"uploads", false},
                                         {"hits", static_cast<long>(hits.count(first + i))}}));
        }
        answer = json(Json::object({{"routes", std::move(list)}}));
    }
    if (answer.status == 503) answer.set("Retry-After", "2");
    answer.kind = http::AddressKind::system;
    protect(answer, secure);
    return answer;
}

// Names carry the hash of their content: whoever has one may keep it for ever.
std::optional<http::Response> Site::Parts::static_answer(const http::Request& request) {
    constexpr std::string_view prefix = "/-/static/";
    if (!request.path.starts_with(prefix)) return std::nullopt;
    hits.add(routes.entries().size() + 3);
    const auto asset = pages.themes().asset(std::string_view(request.path).substr(prefix.size()));
    if (!asset) return errors.plain(404, request.request_id);
    if (!reads(request)) return other_method(request, "GET, HEAD");
    http::Response response(200, asset->type, http::SharedText(asset, &asset->bytes));
    auto etag = asset->etag;
    std::erase(etag, '"');
    if (!asset->gzip.empty()) response.set("Vary", "Accept-Encoding");
    if (!asset->gzip.empty() && !request.has_field("range") && http::accepted_encodings(request).gzip) {
        response.body = http::SharedText(asset, &asset->gzip);
        response.set("Content-Encoding", "gzip");
        etag += "-gz";
    }
    response.set("Cache-Control", "public, max-age=31536000, immutable");
    response = http::conditional(request, std::move(response), etag);
    response.kind = http::AddressKind::file;
    protect(response, secure);
    // The theme's own pictures are checked when it is loaded, and pages draw icons out of the sprite.
    response.set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
    return response;
}

bool Site::Parts::is_anonymous(const http::Request& request) const {
    return !request.cookie(cookies.session()) && !request.has_field("authorization") &&
           !request.has_field("x-ckan-api-key");
}

std::string Site::Parts::language_of(const http::Request& request, const tenancy::Tenant& tenant,
                                     const Address& address) const {
    return address.language.empty() ? negotiate(request, tenant.config.languages) : address.language;
}

PageKey Site::Parts::key_of(const http::Request& request, const tenancy::Tenant& tenant,
                            const std::string& language) const {
    const std::string_view target = request.target;
    return {tenant.id, language, std::string(target.substr(0, target.find('?'))),
            without_trackers(request.raw_query())};
}

std::optional<http::Response> Site::Parts::cached_answer(const http::Request& request,
                                                         const tenancy::Tenant& tenant) {
    if (!reads(request) || !is_anonymous(request)) return std::nullopt;
    const auto address = read_address(request.path, tenant.config.languages);
    if (address.root || address.kind == plugins::RouteKind::staff) return std::nullopt;
    if (const auto version = crash::quarantine_version(); version != quarantine_seen.load()) {
        quarantine_seen = version;
        cache.drop_all();  // pages, and parts of pages, of whoever is in quarantine now
    }
    auto kept = cache.find(key_of(request, tenant, language_of(request, tenant, address)), request);
    if (kept) kept->kind = measured_as(address.kind);
    return kept;
}

}  // namespace kernel::web
