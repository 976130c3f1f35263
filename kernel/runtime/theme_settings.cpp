#include "kernel/runtime/theme_settings.hpp"

namespace kernel::runtime {
namespace {

themes::Place place_of(const config::ThemeConfig& theme, std::string_view key) {
    const auto* node = theme.node.at(key);
    const auto& place = node ? node->place : theme.node.place;
    return {place.file, place.line, place.column};
}

themes::Setting setting(const config::ThemeConfig& theme, std::string_view key, const std::string& value) { return {value, place_of(theme, key)}; }

std::map<std::string, themes::Setting> colours(const config::ThemeConfig& theme, const std::string& key, const std::map<std::string, std::string>& from) {
    std::map<std::string, themes::Setting> settings;
    for (const auto& [token, colour] : from) settings[token] = setting(theme, key + "." + token, colour);
    return settings;
}

}  // namespace

bool has_own_settings(const config::ThemeConfig& theme) {
    return !(theme.brand.empty() && theme.accent.empty() && theme.body_font.empty() && theme.heading_font.empty() && !theme.radius && theme.shield.empty() &&
             theme.light.empty() && theme.dark.empty());
}

themes::ThemeSettings theme_settings(const config::ThemeConfig& theme, const std::string& name) {
    themes::ThemeSettings settings;
    settings.name = name;
    settings.extends = theme.name;
    settings.brand = setting(theme, "marca", theme.brand);
    settings.accent = setting(theme, "acento", theme.accent);
    settings.font_body = setting(theme, "letra", theme.body_font);
    settings.font_heading = setting(theme, "letra_titulos", theme.heading_font);
    settings.radius = setting(theme, "radio", theme.radius ? std::to_string(*theme.radius) : "");
    settings.shield = setting(theme, "escudo", theme.shield);
    settings.light = colours(theme, "claro", theme.light);
    settings.dark = colours(theme, "oscuro", theme.dark);
    return settings;
}

}  // namespace kernel::runtime
