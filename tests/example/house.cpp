#include "house.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/random.hpp"
#include "kernel/config/reader.hpp"
#include "kernel/config/schema.hpp"
#include "kernel/jobs/runner.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/run_job.hpp"
#include "tests/support/postgres.hpp"

#include <thread>

namespace example {

namespace fs = std::filesystem;
namespace plugins = kernel::plugins;
using concejo::Json;

namespace {

const fs::path share = CONCEJO_BINARY_DIR "/share/concejo";

/// What the plugin's own schema makes of a municipality that writes nothing.
Json default_settings(const fs::path& folder) {
    kernel::config::Problems problems;
    const auto file =
        kernel::config::read_yaml_file(folder / "config.schema.yaml", "config.schema.yaml", {}, problems);
    const auto schema = kernel::config::Schema::parse(*file, problems);
    auto settings = kernel::config::read_yaml("{}", "riomar.yaml", {}, problems);
    schema->apply(*settings, "modulos.es.riomar.buzon", problems);
    if (problems.has_errors()) throw concejo::Error(concejo::ErrorKind::invalid, problems.text());
    return settings->json();
}

struct Paper : concejo_cli {
    void out(std::string_view line) override { text += std::string(line) + "\n"; }
    void err(std::string_view line) override { out(line); }
    void write(std::string_view bytes) override { text += bytes; }
    void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
    std::string text;
};

}  // namespace

House& house() {
    static House one;
    return one;
}

House::House() : folder_(fs::temp_directory_path() / ("concejo-buzon-" + kernel::base::random_hex(6))) {
    fs::create_directories(folder_);
    common_ =
        Json::parse(kernel::base::read_file(CONCEJO_SOURCE_DIR "/themes/base/fixtures/common.json", 1 << 20));
    const auto refused = loader.load(plugins::discover({share / "demo" / "plugins"}), {id});
    if (!refused.empty()) throw concejo::Error(concejo::ErrorKind::internal, refused.front().text());
    const auto& plugin = *loader.plugins().front();
    catalogs_.load("base", share / "themes" / "base" / "locale");
    catalogs_.load(id, plugin.folder / "locale");

    kernel::themes::ThemeSetOptions options;
    options.folder = share / "themes";
    options.development = true;  // an unknown name in a template is an error
    options.plugins = {{id, plugin.folder / "web" / "templates"}};
    options.translate = [this](auto lang, auto domain, auto msgid) {
        return catalogs_.translate(lang, domain, msgid);
    };
    themes_ = std::make_unique<kernel::themes::ThemeSet>(std::move(options));

    const auto place = tests::cluster().tenant("riomar");
    kernel::db::Migrator migrator(tests::cluster().owner_dsn());
    const auto migrated =
        migrator.migrate(place, {id, kernel::db::read_migrations(plugin.folder / "migrations")});
    if (!migrated.ok()) throw concejo::Error(concejo::ErrorKind::internal, *migrated.error);
    std::vector<std::unique_ptr<kernel::tenancy::Tenant>> tenants;
    tenants.push_back(municipality());
    tenants_ = std::make_unique<kernel::tenancy::Tenants>(std::move(tenants));
    pool_ = tests::cluster().pool();
    blobs_ = std::make_unique<kernel::blobs::Store>(folder_ / "blobs");
    uploads_ =
        std::make_unique<kernel::blobs::Uploads>(*blobs_, folder_ / "uploads", kernel::blobs::UploadLimits{});
    kernel::process::SandboxOptions sandbox;
    sandbox.launcher = CONCEJO_BINARY_DIR "/bin/concejo-sandbox";
    sandbox.allow_unprotected = true;  // what is tested here is the plugin
    sandbox_ = std::make_unique<kernel::process::Sandbox>(sandbox);
    services_.reset(new plugins::Services{platform_, *tenants_, registry, *this, catalogs_, *blobs_,
                                          *uploads_, *sandbox_, *this});
}

House::~House() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::unique_ptr<kernel::tenancy::Tenant> House::municipality() const {
    auto tenant = std::make_unique<kernel::tenancy::Tenant>();
    tenant->id = "riomar";
    tenant->schema = "m_riomar";
    tenant->modules = {id};
    tenant->config.id = tenant->config.slug = "riomar";
    tenant->config.domains = {"riomar.localhost"};
    tenant->config.languages = {"gl", "es", "ca", "eu", "en"};
    tenant->config.time_zone = "Europe/Madrid";
    auto& module = tenant->config.modules[id];
    module.active = true;
    module.settings = default_settings(loader.plugins().front()->folder);
    module.settings["avisar_a"] = Json::array({Json("buzon@riomar.example")});
    module.settings["copia_a"] = "https://incidencias.riomar.example/alta";
    return tenant;
}

plugins::Scope House::scope() {
    plugins::Scope scope;
    scope.tenant = tenants_->all().front().get();
    scope.language = language;
    scope.request_id = "prueba";
    if (staff) scope.who = kernel::identity::Principal::system("prueba");
    return scope;
}

kernel::http::Response House::ask(plugins::RouteKind kind, const std::string& method,
                                  const std::string& pattern, kernel::http::Request request,
                                  const std::string& segment) {
    for (const auto& route : registry.routes) {
        if (route.kind != kind || route.method != method || route.pattern != pattern) continue;
        auto on = scope();
        request.method = method;
        on.request = &request;
        const auto colon = pattern.find(':');
        if (colon != std::string::npos) {
            const auto name = pattern.substr(colon + 1, pattern.find('/', colon) - colon - 1);
            on.path_parameters.push_back({name, segment});
        }
        return plugins::run_route(*services_, route, on).response;
    }
    throw concejo::Error(concejo::ErrorKind::not_found, "no route " + method + " " + pattern);
}

Json House::ask(const std::vector<plugins::Provider>& providers, std::string_view argument) {
    auto on = scope();
    const auto answers = plugins::ask(*services_, providers, argument, on);
    return answers.empty() ? Json() : answers.front().second;
}

std::string House::run_command(const std::string& verb, const Json& arguments) {
    for (const auto& command : registry.commands) {
        if (command.declaration.string_or("verb", "") != verb) continue;
        auto on = scope();
        Paper paper;
        plugins::run_command(*services_, command, on, arguments, paper);
        return paper.text;
    }
    throw concejo::Error(concejo::ErrorKind::not_found, "no command " + verb);
}

void House::run_jobs() {
    using namespace std::chrono_literals;
    kernel::jobs::RunnerOptions options;
    options.poll = 50ms;
    options.policies = [this](const std::string& plugin, const std::string& kind) {
        return registry.job_policy(plugin, kind);
    };
    kernel::jobs::Runner runner(
        *pool_, [this](kernel::jobs::JobContext& job) { plugins::run_job(*services_, job); }, options);
    runner.start();
    const auto left = [this] {
        auto tx = pool_->begin_kernel("riomar");
        return kernel::jobs::list(tx, "waiting").size() + kernel::jobs::list(tx, "running").size();
    };
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (left() != 0 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(50ms);
    runner.stop();
}

std::vector<kernel::outbox::EffectInfo> House::leaving() {
    return kernel::outbox::list(*pool_, "riomar", "waiting");
}

void House::queue(const std::string& kind) {
    auto tx = pool_->begin(kernel::db::Tenant::of("riomar"));
    kernel::jobs::Job job;
    job.plugin = id;
    job.kind = kind;
    kernel::jobs::enqueue(tx, job);
    tx.commit();
}

std::string House::sql(const std::string& statement) {
    auto tx = pool_->begin(kernel::db::Tenant::of("riomar"));
    const auto rows = tx.exec(statement);
    const std::string value(rows.empty() || rows.columns() == 0 ? std::string()
                                                                : std::string(rows.text(0, 0)));
    tx.commit();
    return value;
}

std::string House::render(plugins::Scope& scope, const std::string& name, Json view, bool) {
    Json whole = common_;
    const Json theme = themes_->view("riomar");
    for (const Json* part : {&theme, &std::as_const(view)}) {
        for (const auto& [key, value] : part->as_object()) whole[key] = value;
    }
    last_view_ = view;
    return themes_->render("riomar", scope.language, name, whole);
}

std::string House::render_plain(plugins::Scope& scope, const std::string& name, const Json& view) {
    return themes_->render_text("riomar", scope.language, name, view);
}

std::string House::url(const plugins::Scope& scope, std::string_view path, bool absolute) {
    return (absolute ? "http://riomar.localhost/" : "/") + scope.language + std::string(path);
}

}  // namespace example
