#include "kernel/runtime/configuration.hpp"

#include "kernel/base/log.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::runtime {

namespace fs = std::filesystem;

std::set<std::string> Configuration::wanted() const {
    std::set<std::string> ids;
    for (const auto& municipio : installation.municipios) {
        for (const auto& [id, module] : municipio.modules) {
            if (module.active) ids.insert(id);
        }
    }
    return ids;
}

config::PluginSchemas schemas_of(const std::vector<plugins::Candidate>& candidates) {
    config::PluginSchemas schemas;
    for (const auto& candidate : candidates) {
        const auto file = candidate.folder / "config.schema.yaml";
        schemas[candidate.id] = fs::exists(file) ? file : fs::path();
    }
    return schemas;
}

config::LastGood last_good_of(const config::PlatformConfig& platform) {
    return config::LastGood(platform.data / "config");
}

Configuration read_configuration(const paths::Paths&, const fs::path& folder, const config::Draft* draft) {
    const config::Loader loader(paths::share_folder() / "config");
    Configuration result;
    result.installation = loader.load_platform(folder);
    std::vector<fs::path> folders{paths::official_plugins_folder()};
    const auto& own = result.installation.platform.plugin_folders;
    folders.insert(folders.end(), own.begin(), own.end());
    result.candidates = plugins::discover(folders);
    if (!result.installation.usable) return result;
    const auto last_good = last_good_of(result.installation.platform);
    result.installation = loader.load(folder, schemas_of(result.candidates), &last_good, draft);
    return result;
}

fs::path crash_file(const config::PlatformConfig& platform) { return platform.data / "cuarentena.json"; }

void apply_log_level(const config::PlatformConfig& platform) {
    for (const auto level :
         {base::LogLevel::debug, base::LogLevel::info, base::LogLevel::warning, base::LogLevel::error}) {
        if (base::name_of(level) == platform.log_level) base::process_log().set_level(level);
    }
}

void take_snapshot(const paths::Paths& paths, unsigned generation) {
    const auto to = paths.snapshot(generation);
    try {
        fs::remove_all(to);
        fs::create_directories(to);
        fs::permissions(to, fs::perms::owner_all);
        for (const auto& entry : fs::directory_iterator(paths.config())) {
            const auto name = entry.path().filename();
            if (name == "secretos")
                fs::create_directory_symlink(entry.path(), to / name);
            else
                fs::copy(entry.path(), to / name,
                         fs::copy_options::recursive | fs::copy_options::copy_symlinks);
        }
    } catch (const fs::filesystem_error& error) {
        throw concejo::Error(concejo::ErrorKind::internal,
                             base::tr("no se puede leer la configuración de {0}: {1}",
                                      paths.config().string(), error.code().message()));
    }
}

}  // namespace kernel::runtime
