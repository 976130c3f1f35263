// Reads and checks config/: platform.yaml, municipios/*.yaml, the secrets they name. Writes nothing.
#pragma once

#include "kernel/config/installation.hpp"
#include "kernel/config/last_good.hpp"
#include "kernel/config/schema.hpp"

#include <concejo/json.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace kernel::config {

/// Plugin id -> its config.schema.yaml; an empty path: the plugin has no settings.
using PluginSchemas = std::map<std::string, std::filesystem::path>;

/// A municipality's file as it would be: a new one, or another text for one that there is.
struct Draft {
    std::string slug, text;

    std::string name() const { return "municipios/" + slug + ".yaml"; }  ///< as problems name it
};

class Loader {
public:
    /// `share`: folder with platform.schema.yaml and municipio.schema.yaml.
    explicit Loader(std::filesystem::path share) : share_(std::move(share)) {}

    /// `config`: the folder with platform.yaml. All problems of all files come in the result; nothing is
    /// thrown for a wrong file. Relative paths in platform.yaml start at the folder above `config`. With
    /// `last_good`, a broken municipality keeps serving with its last good text.
    /// With a `draft`, as if that file were there.
    Installation load(const std::filesystem::path& config, const PluginSchemas& plugins,
                      const LastGood* last_good = nullptr, const Draft* draft = nullptr) const;

    /// platform.yaml alone: for what must be known before the plugins are (their folders).
    Installation load_platform(const std::filesystem::path& config) const;

    /// JSON Schema of municipios/*.yaml with the modules' settings in it, or of platform.yaml, for editors.
    /// Throws Error{invalid} where a schema is wrong, with its problems as text.
    concejo::Json schema_json(const PluginSchemas& plugins) const;
    concejo::Json platform_schema_json(const PluginSchemas& plugins) const;

private:
    std::filesystem::path share_;
};

}  // namespace kernel::config
