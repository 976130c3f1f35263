// Everything a process needs to run plugins for the municipalities of one reading of the configuration: what
// web workers, job workers and the command line have in common.
#pragma once

#include "kernel/blobs/uploads.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/plugins/loader.hpp"
#include "kernel/process/sandbox.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/databases.hpp"
#include "kernel/runtime/installation_keys.hpp"
#include "kernel/tenancy/tenant.hpp"
#include "kernel/themes/theme_set.hpp"

#include <functional>
#include <memory>

namespace kernel::runtime {

class Core {
public:
    /// Loads the plugins and migrates what is new. Throws concejo::Error when nothing could serve; what only
    /// one plugin or one municipality lacks is in Tenant::unavailable and in the log.
    /// `safe`: only the plugins that `modo_seguro` lists. `alive` is called now and then while tables are made.
    Core(const paths::Paths&, const std::filesystem::path& config_folder, const std::string& application,
         bool safe = false, const std::function<void()>& alive = {});

    paths::Paths paths;
    Configuration configuration;
    plugins::Registry registry;
    plugins::Loader loader;
    i18n::Catalogs catalogs;
    std::unique_ptr<themes::ThemeSet> themes;
    std::unique_ptr<tenancy::Tenants> tenants;
    std::unique_ptr<Databases> databases;
    std::unique_ptr<blobs::Store> blobs;
    std::unique_ptr<blobs::Uploads> uploads;
    std::unique_ptr<process::Sandbox> sandbox;

    const config::PlatformConfig& platform() const { return configuration.installation.platform; }
    /// The installation's own key, for seals and signatures.
    identity::Keys keys() const { return installation_keys(platform()); }

private:
    void load_plugins(bool safe);
    void load_texts();
    void load_themes();
    void place_tenants();
    void migrate(const std::function<void()>& alive);
    /// Helper programs see neither the database nor keys, sockets and secrets.
    process::SandboxOptions sandbox_options(const std::filesystem::path& config_folder) const;

    std::vector<plugins::Refusal> refusals_;
    std::vector<std::unique_ptr<tenancy::Tenant>> placing_;  ///< until they are immutable
};

}  // namespace kernel::runtime
