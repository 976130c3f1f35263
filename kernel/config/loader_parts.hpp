// The steps of Loader::load. Internal to this folder.
#pragma once

#include "kernel/config/installation.hpp"
#include "kernel/config/loader.hpp"
#include "kernel/config/schema.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::config {

using ModuleSchemas = std::map<std::string, Schema>;

/// What reading a municipality's file needs; lives during one load.
struct MunicipioContext {
    const PlatformConfig& platform;
    const Schema& schema;
    const ModuleSchemas& modules;
    std::filesystem::path config;  ///< absolute
};

/// A schema file; nullopt where it is wrong. Adds its problems.
std::optional<Schema> load_schema(const std::filesystem::path& file, Problems& problems);
/// Those of all plugins; the wrong ones are missing and among the problems.
ModuleSchemas load_module_schemas(const PluginSchemas& plugins, Problems& problems);

/// A scalar's text, "" where there is none; a sequence's texts.
std::string text_at(const Node& tree, std::string_view path);
std::vector<std::string> list_at(const Node& tree, std::string_view path);

/// Takes the values out of a tree that the schema has accepted.
PlatformConfig platform_from(const Node& tree, const std::filesystem::path& config, Problems& problems);
MunicipioConfig municipio_from(const Node& tree, const std::string& slug, const MunicipioContext& context,
                               Problems& problems);

/// One municipality's text, checked whole. Without errors in `problems` the result is good.
std::optional<MunicipioConfig> read_municipio(std::string_view text, const std::string& slug,
                                              const std::string& shown_as, const MunicipioContext& context,
                                              Problems& problems);

/// Unknown modules and wrong settings in platform.yaml's defaults.
void check_module_defaults(const PlatformConfig& platform, const ModuleSchemas& modules, Problems& problems);
/// The modules of a municipality over the platform's defaults; the merged tree replaces `modulos` in `tree`.
std::map<std::string, ModuleConfig> modules_from(Node& tree, const std::string& slug, const std::string& file,
                                                 const MunicipioContext& context, Problems& problems);

/// Domains and ids that two municipalities claim: index of each one concerned -> its problems.
std::map<std::size_t, Problems> find_conflicts(const std::vector<MunicipioConfig>& municipios,
                                               const PlatformConfig& platform);

/// "name" or the nearest of the candidates, as the end of a message: "; ¿quería decir 'x'?" or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// An IP address, or a block of them ("10.0.0.0/8").
bool is_block(const std::string& text);

/// Whether the tz database of this machine has the zone.
bool known_time_zone(std::string_view name);

/// The tree as YAML; with `origin` each value says where it comes from.
std::string tree_text(const Node& tree, bool origin);

}  // namespace kernel::config
