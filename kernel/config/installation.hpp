// The whole configuration of an installation, as the loader leaves it.
#pragma once

#include "kernel/config/municipio_config.hpp"
#include "kernel/config/platform_config.hpp"
#include "kernel/config/problems.hpp"

#include <concejo/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kernel::config {

struct Installation {
    PlatformConfig platform;
    std::vector<MunicipioConfig> municipios;  ///< by slug; the broken ones with their last good text
    std::vector<std::string> left_out;        ///< slugs of broken files without one
    Problems problems;
    bool usable = false;  ///< platform.yaml and every schema are right: what is here may serve

    const MunicipioConfig* find(std::string_view slug) const;

    /// Effective values of a municipality as YAML, one a line; with `origin` each followed by "# file:line"
    /// or
    /// "# defecto del esquema". Secrets read «secreto». Throws Error{not_found} for an unknown slug.
    std::string show(std::string_view slug, bool origin) const;
    /// The same for platform.yaml.
    std::string show_platform(bool origin) const;
};

}  // namespace kernel::config
