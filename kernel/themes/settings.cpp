#include "kernel/themes/settings.hpp"

#include "kernel/config/reader.hpp"

#include <array>

namespace kernel::themes {

namespace {

using Yaml = config::Node;
using config::Problems;

Place place_of(const config::Place& place) { return {place.file, place.line, place.column}; }

class Reader {
public:
    explicit Reader(Problems& problems) : problems_(problems) {}

    void known(const Yaml& node, std::initializer_list<std::string_view> keys) {
        for (const auto& member : node.members) {
            bool found = false;
            for (const auto key : keys) found = found || key == member.key;
            if (!found) problems_.error(member.place, "clave desconocida «" + member.key + "»");
        }
    }

    const Yaml* mapping(const Yaml& parent, std::string_view key) {
        const Yaml* node = parent.find(key);
        if (!node || node->is_null()) return nullptr;
        if (node->is_mapping()) return node;
        problems_.error(node->place, "«" + std::string(key) + "» debe ser un grupo de claves");
        return nullptr;
    }

    Setting text(const Yaml& parent, std::string_view key) {
        const Yaml* node = parent.find(key);
        if (!node || node->is_null()) return {};
        if (node->is_scalar()) return {node->text, place_of(node->place)};
        problems_.error(node->place, "«" + std::string(key) + "» debe ser un texto");
        return {};
    }

    void colors(const Yaml& parent, std::string_view key, std::map<std::string, Setting>& into) {
        const Yaml* node = mapping(parent, key);
        if (!node) return;
        for (const auto& member : node->members) into[member.key] = text(*node, member.key);
    }

private:
    Problems& problems_;
};

}  // namespace

ThemeSettings parse_theme_yaml(std::string_view text, const std::string& shown_as, const std::string& name) {
    Problems problems;
    config::ReaderOptions options;
    options.allow_secret = false;
    const auto root = config::read_yaml(text, shown_as, options, problems);
    ThemeSettings settings;
    settings.name = name;
    if (root && root->is_mapping()) {
        Reader read(problems);
        read.known(*root, {"hereda", "colores", "letra", "radio", "escudo"});
        settings.extends = read.text(*root, "hereda").value;
        settings.radius = read.text(*root, "radio");
        settings.shield = read.text(*root, "escudo");
        if (const Yaml* colors = read.mapping(*root, "colores")) {
            read.known(*colors, {"marca", "acento", "claro", "oscuro"});
            settings.brand = read.text(*colors, "marca");
            settings.accent = read.text(*colors, "acento");
            read.colors(*colors, "claro", settings.light);
            read.colors(*colors, "oscuro", settings.dark);
        }
        if (const Yaml* fonts = read.mapping(*root, "letra")) {
            read.known(*fonts, {"texto", "titulos"});
            settings.font_body = read.text(*fonts, "texto");
            settings.font_heading = read.text(*fonts, "titulos");
        }
    } else if (root) {
        problems.error({shown_as, 1, 1}, "el tema debe ser un grupo de claves");
    }
    if (problems.has_errors()) throw concejo::Error(concejo::ErrorKind::invalid, problems.text());
    return settings;
}

ThemeSettings from_config(const config::ThemeConfig& config, const std::string& name) {
    // The same value stands somewhere in the municipality's file: found by its text, to name the place.
    const auto find = [](const std::string& value, auto&& self, const Yaml& node) -> const Yaml* {
        if (node.is_scalar() && node.text == value) return &node;
        for (const auto& member : node.members) {
            if (const Yaml* found = self(value, self, member.value)) return found;
        }
        return nullptr;
    };
    const auto setting = [&](const std::string& value) {
        const Yaml* node = value.empty() ? nullptr : find(value, find, config.node);
        return Setting{value, place_of(node ? node->place : config.node.place)};
    };
    ThemeSettings settings;
    settings.name = name;
    settings.extends = config.name;
    settings.brand = setting(config.brand);
    settings.accent = setting(config.accent);
    settings.font_body = setting(config.body_font);
    settings.font_heading = setting(config.heading_font);
    if (config.radius) settings.radius = setting(std::to_string(*config.radius));
    settings.shield = setting(config.shield);
    for (const auto& [token, color] : config.light) settings.light[token] = setting(color);
    for (const auto& [token, color] : config.dark) settings.dark[token] = setting(color);
    return settings;
}

}  // namespace kernel::themes
