// What a site is made of. Internal to kernel/web.
#pragma once

#include "kernel/db/listener.hpp"
#include "kernel/web/own_pages.hpp"
#include "kernel/web/page_cache.hpp"
#include "kernel/web/site.hpp"

#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

namespace kernel::web {

struct Site::Parts {
    Parts(plugins::Services&, Pages&, const identity::Keys&, const base::Clock&, SiteOptions);

    plugins::Services& services;
    Pages& pages;
    const base::Clock& clock;
    const SiteOptions options;
    const bool secure, inspectable;  ///< inspectable: development or demonstration
    Cookies cookies;
    ErrorPages errors;
    RateLimits limits;
    AccountBook accounts;
    identity::VisitorCsrf visitors;
    JobFeed feed;
    OwnPages own;
    RouteTable routes;
    SharedCounters hits;
    PageCache cache;
    std::atomic<std::uint32_t> quarantine_seen{0};         ///< what is cached is older than this list
    std::vector<std::unique_ptr<db::Listener>> listeners;  // last: their threads touch the cache

    // ---- edge thread
    std::optional<http::Response> system_answer(const http::Request&);
    http::Response other_method(const http::Request&, std::string_view allowed) const;
    std::optional<http::Response> static_answer(const http::Request&);
    std::optional<http::Response> cached_answer(const http::Request&, const tenancy::Tenant&);
    PageKey key_of(const http::Request&, const tenancy::Tenant&, const std::string& language) const;
    /// Nobody known is asking: no session cookie, no token.
    bool is_anonymous(const http::Request&) const;
    std::string language_of(const http::Request&, const tenancy::Tenant&, const Address&) const;

    // ---- worker pool
    Visit new_visit(http::Request&, const tenancy::Tenant&) const;
    /// The route, and who asks; an answer where the request ends before its handler.
    std::optional<http::Response> approach(Visit&, const Entry*& entry);
    http::Response dispatch(Visit&);
    http::BodyAdmission admit(Visit&);
    http::Response to_language(Visit&);
    http::Response nothing_there(Visit&);
    bool lacks_a_module(const tenancy::Tenant&) const;
    http::Response unauthorised(Visit&, const std::string& detail);
    http::Response preview(Visit&);
    http::Response enter(Visit&, const Entry&);
    http::Response once(Visit&, const Entry&);
    http::Response cacheable(Visit&, const Entry&);
    http::Response run(Visit&, const Entry&, std::optional<std::int64_t>* valid_until = nullptr);
    std::optional<http::Response> refused_by_rate(Visit&, const Entry*);
    std::optional<http::Response> refused_by_permission(Visit&, const Entry&);
    bool form_is_ours(const Visit&, const Entry&) const;
    http::Response failed(Visit&, const std::exception&);
    void finish(Visit&, http::Response&);
};

/// Addresses of the installation itself, counted behind the route table's.
inline constexpr std::string_view system_paths[] = {"/-/live",     "/-/ready",  "/-/echo",
                                                    "/-/static/*", "/-/routes", "/-/dev/components"};

}  // namespace kernel::web
