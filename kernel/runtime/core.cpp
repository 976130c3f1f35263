#include "kernel/runtime/core.hpp"

#include "kernel/base/log.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/db/migrator.hpp"
#include "kernel/metrics/registry.hpp"
#include "kernel/runtime/files.hpp"
#include "kernel/themes/settings.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kernel::runtime {
namespace {

/// Whether the municipality says more of its looks than the name of a theme.
bool has_own_settings(const config::ThemeConfig& theme) {
    return !(theme.brand.empty() && theme.accent.empty() && theme.body_font.empty() &&
             theme.heading_font.empty() && !theme.radius && theme.shield.empty() && theme.light.empty() &&
             theme.dark.empty());
}

}  // namespace

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

Core::Core(const paths::Paths& where, const std::filesystem::path& config_folder,
           const std::string& application, bool safe, const std::function<void()>& alive)
    : paths(where),
      configuration(read_configuration(where, config_folder)),
      loader(registry, configuration.installation.platform.plugin_pins) {
    if (!configuration.installation.usable)
        throw Error(ErrorKind::invalid, base::tr("la configuración tiene errores:") + "\n" +
                                            configuration.installation.problems.text());
    metrics::set_plugin_limit(config::metrics_config(platform()).series_per_plugin);
    load_plugins(safe);
    load_texts();
    place_tenants();
    load_themes();
    databases = std::make_unique<Databases>(paths, platform(), application);
    migrate(alive);
    tenants = std::make_unique<tenancy::Tenants>(std::move(placing_));
    blobs = open_store(platform(), *tenants, *databases);
    uploads =
        std::make_unique<blobs::Uploads>(*blobs, platform().data / "uploads", upload_limits(platform()));
    std::filesystem::create_directories(key_file(platform()).parent_path());
    sandbox = std::make_unique<process::Sandbox>(sandbox_options(config_folder));
}

process::SandboxOptions Core::sandbox_options(const std::filesystem::path& config_folder) const {
    process::SandboxOptions options;
    options.hidden = {platform().data / "postgresql", key_file(platform()).parent_path(), paths.run(),
                      paths.config(), config_folder};
    if (uses_embedded_cluster(platform()))
        options.hidden.push_back(embedded_cluster(paths, platform())->socket_dir());
    std::erase_if(options.hidden, [](const auto& folder) { return !std::filesystem::is_directory(folder); });
    return options;
}

void Core::load_plugins(bool safe) {
    auto wanted = configuration.wanted();
    std::vector<plugins::Refusal> left_out;
    const auto leave_out = [&](const std::string& id, const std::string& why) {
        left_out.push_back({id, id, {why}});
    };
    for (const auto& id : configuration.wanted()) {
        const auto& allowed = platform().safe_mode;
        if (safe && std::find(allowed.begin(), allowed.end(), id) == allowed.end())
            leave_out(id, base::tr("no está en «modo_seguro» de platform.yaml"));
        else if (crash::kept_from_loading(id))
            leave_out(id, base::tr("está en cuarentena por caer al arrancar: «concejo plugin restore»"));
        else
            continue;
        wanted.erase(id);
    }
    refusals_ = loader.load(configuration.candidates, wanted);
    refusals_.insert(refusals_.end(), left_out.begin(), left_out.end());
    for (const auto& refusal : refusals_)
        base::log_error({"plugins", {}, refusal.id, {}}, "complemento rechazado",
                        Json::object({{"why", refusal.text()}}));
}

void Core::load_texts() {
    catalogs.load("base", paths::share_folder() / "themes" / "base" / "locale");
    catalogs.load("kernel", paths::share_folder() / "locale" / "kernel");
    catalogs.load("web", paths::share_folder() / "web" / "locale");
    for (const auto& plugin : loader.plugins()) {
        if (std::filesystem::exists(plugin->folder / "locale"))
            catalogs.load(plugin->id, plugin->folder / "locale");
    }
}

void Core::place_tenants() {
    std::map<std::string, std::string> refused;
    for (const auto& refusal : refusals_) refused[refusal.id] = refusal.text();
    for (const auto& municipio : configuration.installation.municipios) {
        auto tenant = std::make_unique<tenancy::Tenant>();
        tenant->config = municipio;
        tenant->id = municipio.id;
        tenant->schema = "m_" + municipio.id;
        for (const auto& [id, module] : municipio.modules) {
            if (!module.active) continue;
            if (const auto why = refused.find(id); why != refused.end())
                tenant->unavailable[id] = why->second;
            else
                tenant->modules.insert(id);
        }
        placing_.push_back(std::move(tenant));
    }
}

void Core::load_themes() {
    themes::ThemeSetOptions options;
    options.folder = paths::share_folder() / "themes";
    options.development = platform().mode == config::Mode::desarrollo;
    options.translate = [this](std::string_view lang, std::string_view domain, std::string_view msgid) {
        return catalogs.translate(lang, domain, msgid);
    };
    options.plugins.push_back(
        {"web", paths::share_folder() / "web" / "templates", paths::share_folder() / "web" / "static"});
    for (const auto& plugin : loader.plugins()) {
        const auto web = plugin->folder / "web";
        if (std::filesystem::exists(web))
            options.plugins.push_back({plugin->id, web / "templates", web / "static"});
    }
    themes = std::make_unique<themes::ThemeSet>(std::move(options));
    for (auto& tenant : placing_) {
        auto& theme = tenant->config.theme;
        if (!themes->has_theme(theme.name)) {
            base::log_error({"themes", tenant->config.slug, {}, {}}, "el tema no existe; se usa el básico",
                            Json::object({{"theme", theme.name}}));
            theme.name = "base";
        }
        if (!has_own_settings(theme)) continue;
        try {
            const auto settings = themes::from_config(theme, tenant->schema);
            themes->add(settings);
            theme.name = settings.name;
        } catch (const Error& error) {
            base::log_error({"themes", tenant->config.slug, {}, {}},
                            "los colores del municipio no sirven; sigue el tema sin ellos",
                            Json::object({{"why", error.what()}}));
        }
    }
}

void Core::migrate(const std::function<void()>& alive) {
    std::vector<db::PluginMigrations> plugins;
    for (const auto& plugin : loader.plugins())
        plugins.push_back({plugin->id, db::read_migrations(plugin->folder / "migrations")});
    std::map<std::string, std::unique_ptr<db::Migrator>> migrators;
    for (auto& tenant : placing_) {
        if (alive) alive();
        const auto& name =
            tenant->config.database.empty() ? platform().default_database : tenant->config.database;
        auto& migrator = migrators[name];
        if (!migrator) migrator = std::make_unique<db::Migrator>(dsn_of(paths, platform(), name).owner);
        const auto place = db::Tenant::of(tenant->id);
        if (!migrator->tenant_exists(place)) migrator->create_tenant(place);
        for (const auto& plugin : plugins) {
            if (!tenant->has(plugin.plugin)) continue;
            const auto result = migrator->migrate(place, plugin);
            if (result.ok()) continue;
            tenant->modules.erase(plugin.plugin);
            tenant->unavailable[plugin.plugin] = *result.error;
            base::log_error({"db", tenant->config.slug, plugin.plugin, {}},
                            "sus tablas no están al día: el complemento no sirve a este municipio",
                            Json::object({{"why", *result.error}}));
        }
    }
}

}  // namespace kernel::runtime
