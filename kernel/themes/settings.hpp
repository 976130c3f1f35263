// theme.yaml, and the `tema` part of a municipality's file, as ThemeSettings.
#pragma once

#include "kernel/config/municipio_config.hpp"
#include "kernel/themes/tokens.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace kernel::themes {

/// Keys: hereda, colores {marca, acento, claro {…}, oscuro {…}}, letra {texto, titulos}, radio, escudo.
/// `shown_as` names the file in messages. Throws Error{invalid} with every problem, one a line.
ThemeSettings parse_theme_yaml(std::string_view text, const std::string& shown_as, const std::string& name);

/// A municipality's own theme on top of the one its file names; `name` is how ThemeSet will know it.
ThemeSettings from_config(const config::ThemeConfig& config, const std::string& name);

}  // namespace kernel::themes
