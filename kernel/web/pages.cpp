#include "kernel/web/pages.hpp"

#include "kernel/base/random.hpp"
#include "kernel/web/layout.hpp"

#include <concejo/error.hpp>

namespace kernel::web {

using concejo::Json;

namespace {

void put_over(Json& view, Json with) {
    if (!with.is_object()) return;
    for (auto& [name, value] : with.as_object()) view[name] = std::move(value);
}

void dress(Json& view, const Json& theme) {
    put_over(view, theme);
    if (view["municipality"].is_object()) view["municipality"]["shield_href"] = theme["shield_href"];
}

/// What a layout needs of a scope that has no request (a job that renders a page): nobody asks, nothing is
/// signed in.
Visit visit_without_request(const plugins::Scope& scope) {
    Visit visit;
    static_cast<plugins::Scope&>(visit) = scope;
    return visit;
}

}  // namespace

Pages::Pages(const config::PlatformConfig& platform, const tenancy::Tenants& tenants,
             const plugins::Registry& registry, const themes::ThemeSet& themes,
             const i18n::Catalogs& catalogs, const identity::Keys& keys, const base::Clock& clock)
    : platform_(platform),
      registry_(registry),
      themes_(themes),
      catalogs_(catalogs),
      visitors_(keys, clock),
      clock_(clock) {
    for (const auto& tenant : tenants.all())
        formats_.emplace(tenant->id, i18n::Formats(tenant->config.time_zone));
}

const i18n::Formats& Pages::formats(const tenancy::Tenant& tenant) const {
    const auto found = formats_.find(tenant.id);
    if (found == formats_.end())
        throw concejo::Error(concejo::ErrorKind::internal, "municipio desconocido: " + tenant.id);
    return found->second;
}

Json Pages::layout(Visit& visit) const {
    auto view = layout_view({registry_, catalogs_, formats(visit.place()), clock_.now(), platform_.mode,
                             platform_.admin_municipio},
                            visit);
    dress(view, themes_.view(visit.place().config.theme.name));
    view["csrf_token"] = visit.csrf;
    view["form_key"] = visit.form_key;
    if (view["staff"].is_object()) view["staff"]["csrf"] = visit.csrf;
    return view;
}

// Made for every page, because only the template knows whether it has a form; see notice_form().
void Pages::tokens(Visit& visit) const {
    if (!visit.csrf.empty() || !visit.request) return;
    if (visit.session) {
        visit.csrf = identity::csrf_token(visit.session->csrf_secret);
    } else {
        if (!visitors_.cookie_ok(visit.place().id, visit.visitor)) {
            visit.visitor = visitors_.new_cookie(visit.place().id);
            visit.new_visitor = true;
        }
        visit.csrf = visitors_.token(visit.place().id, visit.visitor);
    }
    visit.form_key = base::random_token(18);
}

void Pages::notice_form(Visit& visit, const std::string& html) const {
    if (visit.csrf.empty()) return;
    if (html.find(visit.csrf) != html.npos || html.find(visit.form_key) != html.npos) visit.shows_form = true;
}

std::string Pages::render(plugins::Scope& scope, const std::string& name, Json view, bool layout_wanted) {
    if (!scope.tenant) throw concejo::Error(concejo::ErrorKind::internal, "una página necesita un municipio");
    auto alone = scope.request ? Visit() : visit_without_request(scope);
    auto& visit = scope.request ? *visit_of(scope) : alone;
    tokens(visit);
    auto whole = layout(visit);
    put_over(whole, std::move(view));
    const auto& theme = visit.place().config.theme.name;
    const auto html =
        layout_wanted
            ? themes_.render_page(theme, visit.language,
                                  visit.staff_layout ? "layouts/staff" : "layouts/public", name, whole)
            : themes_.render(theme, visit.language, name, whole);
    notice_form(visit, html);
    return html;
}

std::string Pages::render_plain(plugins::Scope& scope, const std::string& name, const Json& view) {
    if (!scope.tenant) throw concejo::Error(concejo::ErrorKind::internal, "un texto necesita un municipio");
    const auto& config = scope.tenant->config;
    auto whole = Json::object(
        {{"lang", scope.language},
         {"municipality",
          Json::object({{"name", config.name}, {"place", config.place}, {"url", config.public_url}})}});
    put_over(whole, view);
    return themes_.render_text(config.theme.name, scope.language, name, whole);
}

std::string Pages::own_page(Visit& visit, const std::string& name, const Json& view) {
    tokens(visit);
    auto whole = layout(visit);
    put_over(whole, view);
    whole["came_back"] = !whole["errors"].is_null();
    auto html = themes_.render(visit.place().config.theme.name, visit.language, name, whole);
    notice_form(visit, html);
    return html;
}

std::string Pages::neutral(std::string_view language, const std::string& name) const {
    Json view = Json::object({{"lang", language}});
    dress(view, themes_.view("base"));
    return themes_.render("base", language, name, view);
}

bool Pages::is_neutral(std::string_view path) const {
    if (!path.starts_with("/-/static/")) return false;
    if (path.ends_with(".woff2")) return true;  // fonts are of whoever drew them
    const auto view = themes_.view("base");
    return path == view["assets"].string_or("css", "") || path == view.string_or("shield_href", "");
}

std::string Pages::say(std::string_view language, std::string_view text) const {
    return catalogs_.translate(language, "web", text);
}

std::string Pages::absolute(const tenancy::Tenant& tenant, std::string_view path) {
    return tenant.config.public_url + std::string(path);
}

std::string Pages::path_in(std::string_view language, std::string_view path) {
    if (!path.starts_with('/')) return std::string(path);  // an address elsewhere
    return write_address(plugins::RouteKind::page, language, path);
}

// What lies outside the languages stays as it is: the API, permanent ids, files that a standard names.
std::string Pages::url(const plugins::Scope& scope, std::string_view path, bool absolute_wanted) {
    static const std::vector<std::string> none;
    const auto& languages = scope.tenant ? scope.tenant->config.languages : none;
    bool bare = !read_address(path, languages).language.empty();
    for (const std::string_view own :
         {"/api/", "/-/", "/.well-known/", "/sitemap.xml", "/robots.txt", "/favicon.ico"})
        bare = bare || path.starts_with(own);
    for (const auto& route : registry_.routes) {
        if (bare || route.kind != plugins::RouteKind::bare) continue;
        const auto fixed = route.pattern.substr(0, route.pattern.find_first_of(":*"));
        bare = fixed.size() < route.pattern.size() ? fixed.size() > 1 && path.starts_with(fixed)
                                                   : path.substr(0, path.find('?')) == route.pattern;
    }
    const auto local = bare ? std::string(path) : path_in(scope.language, path);
    return absolute_wanted && scope.tenant && local.starts_with('/') ? absolute(*scope.tenant, local) : local;
}

}  // namespace kernel::web
