// The kernel's own addresses, as entries for the route table.
#pragma once

#include "kernel/web/accounts.hpp"
#include "kernel/web/error_pages.hpp"
#include "kernel/web/job_feed.hpp"
#include "kernel/web/rate_limits.hpp"
#include "kernel/web/route_table.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace kernel::web {

/// What these pages stand on. Lives as long as the site.
struct OwnPages {
    plugins::Services& services;
    Pages& pages;
    AccountBook& accounts;
    const ErrorPages& errors;
    const Cookies& cookies;
    RateLimits& limits;
    const identity::Keys& keys;
    const base::Clock& clock;
    JobFeed& feed;
    const std::function<concejo::Json(const concejo::Json&)>& supervisor;  ///< SiteOptions
    const bool limit_loopback;

    bool unlimited(const http::Request&) const;  ///< an address that rate limits leave alone
    /// What rate limits count by: the address, or for IPv6 its /64.
    static std::string client_of(const http::Request&);

    /// Login, second step, logout.
    void add_sign_in(std::vector<Entry>&);
    /// Home of the staff, sessions, second factor, password.
    void add_account(std::vector<Entry>&);
    /// The work in the background: list, events, retry, cancel, discard.
    void add_jobs(std::vector<Entry>&);
    /// Effects outside and what the staff decide about them.
    void add_outbox(std::vector<Entry>&);
    /// Accounts of the municipality.
    void add_users(std::vector<Entry>&);
    /// Modules: on, off and their settings, here or (for who administers the installation) anywhere.
    void add_modules(std::vector<Entry>&);
    /// The record of who did what.
    void add_audit(std::vector<Entry>&);
    /// How the platform is, for who may see it.
    void add_health(std::vector<Entry>&);
    /// Municipalities and plugins; nothing where platform.yaml names no municipality for it.
    void add_installation(std::vector<Entry>&);
    /// Resumable uploads.
    void add_uploads(std::vector<Entry>&);
    /// Site map for people and for robots, robots.txt, favicon, security.txt, component preview.
    void add_public(std::vector<Entry>&);
};

Entry own_entry(plugins::RouteKind kind, std::string method, std::string pattern, OwnHandler handler);
/// add(method, pattern, &P::function): pages of the staff answered by functions of `pages`, for those with `permission`.
template <class P>
auto adding(std::vector<Entry>& table, std::shared_ptr<P> pages, std::string_view permission = {}) {
    return [&table, pages, permission](const char* method, std::string_view pattern,
                                       http::Response (P::*handler)(Visit&) const) -> Entry& {
        auto& entry = table.emplace_back(
            own_entry(plugins::RouteKind::staff, method, std::string(pattern),
                      [pages, handler](Visit& visit) { return (*pages.*handler)(visit); }));
        entry.permission = permission;
        return entry;
    };
}
/// "" where the form has no such field.
inline std::string form_text(const Visit& visit, std::string_view name) {
    return std::string(visit.asked().form_value(name).value_or(""));
}
/// A staff page's address in the visit's language.
inline std::string staff_path(const Visit& visit, std::string_view rest) {
    return write_address(plugins::RouteKind::staff, visit.language, rest);
}
http::Response html(std::string text, int status = 200);
/// 303, not to be kept.
http::Response see_other(std::string_view location);
/// {heading, items: [{field, text}]}, as the error summary of the theme takes it.
concejo::Json form_errors(const std::string& heading, std::string_view field, const std::string& text);

}  // namespace kernel::web
