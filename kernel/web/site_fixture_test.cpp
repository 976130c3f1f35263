#include "kernel/web/site_fixture.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/random.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace kernel::web {

using concejo::Json;
using plugins::c_str;
using plugins::RouteKind;

namespace {

World& world_of(void* context) { return *static_cast<World*>(context); }

concejo_status page(concejo_call* call, concejo_reply* reply, const char* name, const Json& view) {
    return plugins::pages_table().render(call, reply, c_str(name), c_str(view.dump()));
}

concejo_status list(void* context, concejo_call* call, const concejo_request*, concejo_reply* reply) {
    auto& world = world_of(context);
    ++world.renders;
    if (world.valid_until) plugins::http_table().reply_valid_until(reply, world.valid_until);
    return page(call, reply, "buzon/lista", Json::object({{"title", "Buzón"}, {"mood", world.mood}}));
}

concejo_status form(void*, concejo_call* call, const concejo_request*, concejo_reply* reply) {
    return page(call, reply, "buzon/formulario", Json::object({{"title", "Escribir"}}));
}

concejo_status take(void* context, concejo_call* call, const concejo_request*, concejo_reply* reply) {
    plugins::Collected text;
    const bool given = plugins::http_table().parameter(call, CONCEJO_FROM_FORM, c_str("texto"), 0,
                                                       &plugins::Collected::sink, &text) == CONCEJO_OK;
    if (!given || text.text.empty()) {
        plugins::last_error() = "el texto no puede estar vacío";
        return CONCEJO_INVALID;
    }
    auto& world = world_of(context);
    ++world.sent;
    plugins::http_table().reply_status(reply, 303);
    return plugins::http_table().reply_field(reply, c_str("Location"),
                                             c_str("/es/buzon/" + std::to_string(world.sent)));
}

concejo_status data(void* context, concejo_call*, const concejo_request* request, concejo_reply* reply) {
    auto& world = world_of(context);
    if (plugins::string(request->method) == "POST") {
        plugins::http_table().reply_status(reply, 201);
        ++world.sent;
    } else {
        ++world.renders;
    }
    plugins::http_table().reply_body(reply, c_str("application/json"),
                                     c_str(R"({"mood":")" + world.mood + "\"}"));
    return CONCEJO_OK;
}

concejo_status secret(void* context, concejo_call* call, const concejo_request* request,
                      concejo_reply* reply) {
    plugins::http_table().reply_field(reply, c_str("Cache-Control"), c_str("no-store"));
    return data(context, call, request, reply);
}

concejo_status fails(void*, concejo_call*, const concejo_request*, concejo_reply*) {
    plugins::last_error() = "dbname=secreta en host=10.0.0.7";
    return CONCEJO_INTERNAL;
}

concejo_status unfit(void*, concejo_call*, const concejo_request*, concejo_reply*) {
    plugins::last_error() = "base de datos: ERROR:  date/time field value out of range [22008]";
    return CONCEJO_INVALID;
}

concejo_status missing(void*, concejo_call*, const concejo_request*, concejo_reply*) {
    plugins::last_error() = "no hay tal anuncio";
    return CONCEJO_NOT_FOUND;
}

/// Templates of the plugin, written once for the program.
const std::filesystem::path& templates() {
    static const base::TempDir folder;
    static const bool written = [] {
        std::ofstream(folder.path() / "lista.mustache") << "<h1 data-c=\"lista\">{{mood}}</h1>\n";
        std::ofstream(folder.path() / "formulario.mustache")
            << "<form method=\"post\" action=\"/es/buzon\">{{>components/hidden}}<input name=\"texto\" "
               "aria-label=\"x\"></form>\n";
        return true;
    }();
    (void)written;
    return folder.path();
}

}  // namespace

std::string text_of(const http::Response& response) {
    if (const auto* shared = std::get_if<http::SharedText>(&response.body)) return **shared;
    return std::get<std::string>(response.body);
}

http::Request request(std::string method, std::string host, std::string target,
                      std::vector<http::Field> fields, std::vector<http::Field> form) {
    http::Request made;
    made.method = std::move(method);
    made.host = host;
    made.authority = host;
    made.path = *http::percent_decoded(target.substr(0, target.find('?')));
    made.target = std::move(target);
    made.query = http::urlencoded_pairs(made.raw_query(), 100);
    made.fields = std::move(fields);
    made.form = std::move(form);
    made.peer = "192.0.2.10";
    made.request_id = base::random_hex(16);
    made.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    return made;
}

std::string after(const std::string& text, const std::string& mark) {
    const auto at = text.find(mark);
    if (at == text.npos) return {};
    const auto from = at + mark.size();
    return text.substr(from, text.find('"', from) - from);
}

std::string cookies_of(const http::Response& response) {
    std::string line;
    for (const auto& field : response.fields) {
        if (http::same_name(field.name, "set-cookie"))
            line += (line.empty() ? "" : "; ") + field.value.substr(0, field.value.find(';'));
    }
    return line;
}

World::World(config::Mode mode, config::HttpRates rates, bool listens, config::AccessConfig access)
    : folder(tests::cluster().folder() / ("web-" + base::random_hex(6))) {
    configure(mode, rates);
    platform.access = access;
    std::filesystem::create_directories(folder / "spool");
    const std::filesystem::path share = CONCEJO_BINARY_DIR "/share/concejo";
    catalogs.load("base", share / "themes/base/locale");
    catalogs.load("web", share / "web/locale");
    themes::ThemeSetOptions options;
    options.folder = share / "themes";
    options.development = true;
    options.plugins = {{"web", share / "web/templates", {}}, {"buzon", templates(), {}}};
    options.translate = [this](auto language, auto domain, auto text) {
        return catalogs.translate(language, domain, text);
    };
    themes = std::make_unique<themes::ThemeSet>(std::move(options));
    blobs = std::make_unique<blobs::Store>(folder / "blobs");
    uploads = std::make_unique<blobs::Uploads>(*blobs, folder / "uploads", blobs::UploadLimits{});
    declare();
    for (const auto& tenant : tenants->all()) tests::cluster().tenant(tenant->id);
    pages = std::make_unique<Pages>(platform, *tenants, registry, *themes, catalogs, keys, clock);
    services = std::unique_ptr<plugins::Services>(new plugins::Services{
        platform, *tenants, registry, databases, catalogs, *blobs, *uploads, sandbox, *pages});
    SiteOptions site_options;
    site_options.spool = folder / "spool";
    if (listens) site_options.listen = {tests::cluster().app_dsn()};
    site_options.hits = folder / "hits";
    site_options.fixtures = share / "themes/base/fixtures";
    site = std::make_unique<Site>(*services, *pages, keys, clock, std::move(site_options));
}

World::~World() = default;

void World::configure(config::Mode mode, config::HttpRates rates) {
    platform.mode = mode;
    platform.http.rates = rates;
    std::vector<std::unique_ptr<tenancy::Tenant>> list;
    const auto add = [&](const std::string& slug, std::vector<std::string> languages,
                         std::vector<std::string> domains) -> tenancy::Tenant& {
        auto made = std::make_unique<tenancy::Tenant>();
        made->id = slug + base::random_hex(5);
        made->schema = "m_" + made->id;
        made->config.slug = slug;
        made->config.id = made->id;
        made->config.name = "Ayuntamiento de " + slug;
        made->config.place = slug;
        made->config.public_url = "http://" + domains.front();
        made->config.domains = std::move(domains);
        made->config.languages = std::move(languages);
        made->config.theme.name = "base";
        made->config.contact.phone = "900 100 200";
        made->config.contact.email = "sede@" + slug + ".example";
        list.push_back(std::move(made));
        return *list.back();
    };
    add("ribera", {"es", "ca"}, {"ribera.test", "www.ribera.test"}).modules = {"buzon"};
    add("puerto", {"gl", "es"}, {"puerto.test"}).unavailable["buzon"] = "sus tablas no están al día";
    add("vado", {"es"}, {"vado.test"});
    tenants = std::make_unique<tenancy::Tenants>(std::move(list));
}

void World::route(RouteKind kind, const char* method, const char* pattern, const char* permission,
                  concejo_http_handler handler, bool cached, bool uploads) {
    plugins::Route made;
    made.id = registry.routes.size();
    made.plugin = &plugin;
    made.plugin_id = plugin.id;
    made.kind = kind;
    made.method = method;
    made.pattern = pattern;
    made.permission = permission;
    made.cached = cached;
    made.uploads = uploads;
    made.handler = handler;
    made.context = this;
    registry.routes.push_back(made);
}

void World::declare() {
    plugin.id = "buzon";
    route(RouteKind::page, "GET", "/buzon", "", list, true);
    route(RouteKind::page, "POST", "/buzon", "", take);
    route(RouteKind::page, "GET", "/buzon/nuevo", "", form, true);
    route(RouteKind::page, "GET", "/falla", "", fails);
    route(RouteKind::page, "GET", "/nada", "", missing);
    route(RouteKind::page, "GET", "/no-cabe", "", unfit);
    route(RouteKind::staff, "GET", "/buzon", "buzon.leer", list);
    route(RouteKind::staff, "POST", "/buzon", "buzon.leer", take, false, true);
    route(RouteKind::staff, "GET", "/buzon/jefatura", "buzon.mandar", list);
    route(RouteKind::api, "GET", "/buzon", "", data, true);
    route(RouteKind::api, "POST", "/buzon", "buzon.leer", data);
    route(RouteKind::api, "POST", "/buzon/secreto", "buzon.leer", secret);
    route(RouteKind::api, "GET", "/buzon/falla", "", fails);
    route(RouteKind::api, "GET", "/buzon/no-cabe", "", unfit);
    route(RouteKind::api, "GET", "/buzon/libre", "", data);
    registry.routes.back().lenient = true;
    route(RouteKind::bare, "GET", "/id/:id", "", data);
    const auto entry = [&](const char* place, const char* label, const char* path, const char* permission,
                           const char* group, int order) {
        plugins::MenuEntry made;
        made.plugin_id = plugin.id;
        made.place = place;
        made.label = label;
        made.path = path;
        made.permission = permission;
        made.group = group;
        made.order = order;
        registry.menus.push_back(std::move(made));
    };
    entry("main", "Buzón", "/buzon", "", "", 10);
    entry("footer", "Escribir", "/buzon/nuevo", "", "Ayuda", 10);
    entry("legal", "Aviso legal", "/aviso-legal", "", "", 10);
    entry("staff", "Mensajes", "/buzon", "buzon.leer", "Atención", 10);
    entry("staff", "Jefatura", "/buzon/jefatura", "buzon.mandar", "Atención", 20);
    registry.permissions = {{"buzon", "buzon.leer", "Leer"}, {"buzon", "buzon.mandar", "Mandar"}};
    registry.roles = {{"buzon", "atencion", "Atención", {"buzon.leer"}},
                      {"buzon", "jefatura", "Jefatura", {"buzon.leer", "buzon.mandar"}},
                      {"buzon", "personal", "Personal", {"buzon.leer", "usuarios.gestionar"}}};
}

http::Response World::ask(http::Request asked) {
    if (auto ready = site->answer_inline(asked)) return std::move(*ready);
    return site->handle(asked);
}

http::Response World::get(std::string host, std::string target, std::vector<http::Field> fields) {
    return ask(request("GET", std::move(host), std::move(target), std::move(fields)));
}

std::string World::session(const std::string& login) {
    const auto* ribera = tenants->by_slug("ribera");
    identity::Users users(*databases.pool, passwords, clock);
    if (!users.find(ribera->id, login))
        users.add({ribera->id, login, "Sara Ría", "", {"atencion"}, password, false},
                  {"system:test", "", ""});
    const auto form_page = get("ribera.test", "/es/gestion/acceso");
    const auto visitor = cookies_of(form_page);
    const auto answer =
        ask(request("POST", "ribera.test", "/es/gestion/acceso", {{"Cookie", visitor}},
                    {{"csrf_token", after(text_of(form_page), "name=\"csrf_token\" value=\"")},
                     {"usuario", login},
                     {"clave", password}}));
    REQUIRE(answer.status == 303);
    return cookies_of(answer);
}

}  // namespace kernel::web
