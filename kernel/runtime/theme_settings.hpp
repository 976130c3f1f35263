// From the municipality's YAML to what the theme compiler takes.
#pragma once

#include "kernel/config/municipio_config.hpp"
#include "kernel/themes/tokens.hpp"

#include <string>

namespace kernel::runtime {

/// Whether the municipality says more than the name of a theme.
bool has_own_settings(const config::ThemeConfig&);
/// A theme `name` on top of the one that it names.
themes::ThemeSettings theme_settings(const config::ThemeConfig&, const std::string& name);

}  // namespace kernel::runtime
