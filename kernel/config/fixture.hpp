// For tests of this folder: an installation's config/ in a folder of its own.
#pragma once

#include "kernel/base/files.hpp"
#include "kernel/config/loader.hpp"

#include <filesystem>
#include <string>

namespace kernel::config::testing {

inline const std::filesystem::path share = CONCEJO_SOURCE_DIR "/kernel/config";

/// The least that a municipality's file may say.
inline std::string a_municipio(const std::string& id, const std::string& domain,
                               const std::string& rest = "") {
    return "municipio:\n  id: " + id + "\n  nombre: Villa\n  dominios: [" + domain + "]\n" + rest;
}

class AnInstallation {
public:
    AnInstallation() {
        std::filesystem::create_directories(config() / "municipios");
        std::filesystem::create_directories(root() / "plugins");
        platform("");
    }
    AnInstallation& platform(const std::string& text) { return write("config/platform.yaml", text); }
    AnInstallation& municipio(const std::string& slug, const std::string& text) {
        return write("config/municipios/" + slug + ".yaml", text);
    }
    AnInstallation& plugin(const std::string& id, const std::string& schema) {
        const auto file = root() / "plugins" / (id + ".yaml");
        base::write_file_atomically(file, schema);
        plugins[id] = file;
        return *this;
    }
    AnInstallation& secret(const std::string& name, const std::string& value, mode_t mode = 0600) {
        return write("config/secretos/" + name, value, mode);
    }
    AnInstallation& write(const std::string& path, const std::string& text, mode_t mode = 0644) {
        std::filesystem::create_directories((root() / path).parent_path());
        base::write_file_atomically(root() / path, text, mode);
        return *this;
    }

    Installation load(const LastGood* last_good = nullptr) const {
        return Loader(share).load(config(), plugins, last_good);
    }
    std::string problems() const { return load().problems.text(); }

    const std::filesystem::path& root() const { return dir_.path(); }
    std::filesystem::path config() const { return root() / "config"; }

    PluginSchemas plugins;

private:
    base::TempDir dir_;
};

}  // namespace kernel::config::testing
