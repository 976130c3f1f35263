// One reading of the configuration: platform, municipalities, and the plugins that stand in its folders.
#pragma once

#include "kernel/config/loader.hpp"
#include "kernel/paths/paths.hpp"
#include "kernel/plugins/loader.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace kernel::runtime {

struct Configuration {
    config::Installation installation;
    std::vector<plugins::Candidate> candidates;

    /// Plugins that some municipality has switched on.
    std::set<std::string> wanted() const;
};

/// `folder` is DIR/config or a generation's snapshot of it. Problems are in the installation; nothing is
/// thrown for a wrong file. With a `draft`, as if that file were there.
Configuration read_configuration(const paths::Paths&, const std::filesystem::path& folder,
                                 const config::Draft* draft = nullptr);

/// Plugin id -> its config.schema.yaml, for `config schema`.
config::PluginSchemas schemas_of(const std::vector<plugins::Candidate>&);

config::LastGood last_good_of(const config::PlatformConfig&);

/// What the supervisor remembers of crashes and quarantines.
std::filesystem::path crash_file(const config::PlatformConfig&);

/// registro.nivel, for this process.
void apply_log_level(const config::PlatformConfig&);

/// Copies DIR/config into the generation's own folder (secrets by link, never copied). Throws concejo::Error.
void take_snapshot(const paths::Paths&, unsigned generation);

}  // namespace kernel::runtime
