#include "kernel/web/site.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/log.hpp"
#include "kernel/plugins/pages_changed.hpp"
#include "kernel/web/compress.hpp"
#include "kernel/web/language.hpp"
#include "kernel/web/security.hpp"
#include "kernel/web/site_parts.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::web {

namespace {

std::vector<Entry> own_entries(OwnPages& own) {
    std::vector<Entry> table;
    own.add_sign_in(table);
    own.add_account(table);
    own.add_jobs(table);
    own.add_outbox(table);
    own.add_users(table);
    own.add_modules(table);
    own.add_audit(table);
    own.add_health(table);
    own.add_installation(table);
    own.add_uploads(table);
    own.add_public(table);
    return table;
}

/// Workers with the same routes count together; others (another generation with other plugins) apart.
std::filesystem::path hits_file(const std::filesystem::path& base, const RouteTable& routes) {
    if (base.empty()) return {};
    std::string all;
    for (const auto& entry : routes.entries())
        all += entry.method + ' ' + name_of(entry.kind) + entry.pattern + '\n';
    return base.string() + "." + base::sha256_hex(all).substr(0, 12);
}

/// What an error page needs of a request that is not ours to change.
http::Request known_of(const http::Request& head) {
    http::Request known;
    known.method = head.method;
    known.target = head.target;
    known.path = head.path;
    known.host = head.host;
    known.authority = head.authority;
    known.fields = head.fields;
    known.secure = head.secure;
    known.request_id = head.request_id;
    return known;
}

}  // namespace

Site::Parts::Parts(plugins::Services& s, Pages& p, const identity::Keys& keys, const base::Clock& c,
                   SiteOptions o)
    : services(s),
      pages(p),
      clock(c),
      options(std::move(o)),
      secure(pages.secure()),
      inspectable(services.platform.mode != config::Mode::produccion),
      cookies(secure),
      errors(pages, secure),
      limits(services.platform.http.rates),
      accounts(services, keys, clock),
      visitors(keys, clock),
      feed(services),
      own{services,
          pages,
          accounts,
          errors,
          cookies,
          limits,
          keys,
          clock,
          feed,
          options.supervisor,
          options.limit_loopback},
      routes(services.registry, own_entries(own)),
      hits(inspectable ? hits_file(options.hits, routes) : std::filesystem::path(),
           routes.entries().size() + std::size(system_paths)),
      cache(clock, options.cache_bytes, 64, options.changes) {
    if (!options.spool.empty()) std::filesystem::create_directories(options.spool);
    for (const auto& dsn : options.listen) {
        listeners.push_back(std::make_unique<db::Listener>(
            dsn, std::vector<std::string>{plugins::pages_channel, jobs::jobs_channel},
            [this](std::string_view channel, std::string_view tenant) {
                channel == jobs::jobs_channel ? feed.news(tenant) : cache.drop(tenant);
            },
            [this] { cache.drop_all(); }));
    }
}

Site::Site(plugins::Services& services, Pages& pages, const identity::Keys& keys, const base::Clock& clock,
           SiteOptions options)
    : parts_(std::make_unique<Parts>(services, pages, keys, clock, std::move(options))) {}

Site::~Site() = default;

http::BodyPlan Site::plan(const http::Request& head) {
    const auto& limits = parts_->services.platform.http.limits;
    http::BodyPlan plan;
    plan.limit = limits.body_bytes;
    const auto* tenant = parts_->services.tenants.by_host(head.host);
    if (!tenant) return plan;
    const auto address = read_address(head.path, tenant->config.languages);
    const auto* entry = parts_->routes.find(address, head.method, *tenant).entry;
    if (!entry) return plan;
    plan.ask = static_cast<bool>(entry->admit);
    if (entry->body_limit) plan.limit = entry->body_limit;
    if (!entry->uploads) return plan;
    // Nobody fills our disk before having logged in.
    if (address.kind == plugins::RouteKind::staff && !head.cookie(parts_->cookies.session())) return plan;
    if (address.kind == plugins::RouteKind::api && parts_->is_anonymous(head)) {
        plan.ask = entry->permission.empty();  // the route says so itself, without the body
        return plan;
    }
    plan.spool = true;
    plan.spool_dir = parts_->options.spool;
    constexpr std::uint64_t form_around_the_file = 1u << 20;
    plan.limit = (entry->body_limit ? entry->body_limit : limits.upload_bytes) + form_around_the_file;
    return plan;
}

std::optional<http::Response> Site::answer_inline(const http::Request& request) {
    if (auto answer = parts_->system_answer(request)) return answer;
    const auto* tenant = parts_->services.tenants.by_host(request.host);
    if (!tenant) {
        if (parts_->pages.is_neutral(request.path)) return parts_->static_answer(request);
        return parts_->errors.misdirected(&request);
    }
    auto answer = parts_->static_answer(request);
    if (!answer) answer = parts_->cached_answer(request, *tenant);
    if (answer) answer->tenant = tenant->config.slug;
    return answer;
}

SiteStats Site::stats() const { return {parts_->cache.bytes(), parts_->cache.pages()}; }

Visit Site::Parts::new_visit(http::Request& request, const tenancy::Tenant& tenant) const {
    Visit visit;
    visit.tenant = &tenant;
    visit.request = &request;
    visit.request_id = request.request_id;
    visit.deadline = request.deadline;
    visit.address = read_address(request.path, tenant.config.languages);
    visit.language = language_of(request, tenant, visit.address);
    return visit;
}

http::BodyAdmission Site::admit(http::Request& head) {
    const auto* tenant = parts_->services.tenants.by_host(head.host);
    if (!tenant) return {parts_->errors.misdirected(&head), {}, 0};
    Visit visit = parts_->new_visit(head, *tenant);
    http::BodyAdmission admission;
    try {
        admission = parts_->admit(visit);
    } catch (const std::exception& error) {
        admission.answer = parts_->failed(visit, error);
    }
    if (admission.answer) parts_->finish(visit, *admission.answer);
    return admission;
}

http::Response Site::handle(http::Request& request) {
    const auto* tenant = parts_->services.tenants.by_host(request.host);
    if (!tenant) return parts_->errors.misdirected(&request);
    Visit visit = parts_->new_visit(request, *tenant);
    http::Response response;
    try {
        response = parts_->dispatch(visit);
    } catch (const std::exception& error) {
        response = parts_->failed(visit, error);
    }
    parts_->finish(visit, response);
    compress(request, response);
    return response;
}

http::Response Site::refuse(const http::Request* head, int status, std::string_view why) {
    (void)why;  // for the log, which the edge writes
    const auto* tenant = head ? parts_->services.tenants.by_host(head->host) : nullptr;
    if (!tenant) return parts_->errors.plain(status, head ? head->request_id : std::string());
    auto known = known_of(*head);
    Visit visit;
    visit.tenant = tenant;
    visit.request = &known;
    visit.request_id = known.request_id;
    visit.address = read_address(known.path, tenant->config.languages);
    visit.language = parts_->language_of(known, *tenant, visit.address);
    auto answer = parts_->errors.answer(visit, status);
    answer.tenant = tenant->config.slug;
    answer.kind = measured_as(visit.address.kind);
    return answer;
}

}  // namespace kernel::web
