// Every theme of the installation: templates by inheritance of folders (the municipality's theme, its
// parents, the plugin that ships the page, base), the compiled stylesheet, and static files by hashed name.
// Thread-safe. In production nothing is read from disk after load(); in development files are looked at
// again when they change.
#pragma once

#include "kernel/themes/asset.hpp"
#include "kernel/themes/mustache.hpp"
#include "kernel/themes/tokens.hpp"

#include <concejo/json.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::themes {

/// Template "sede/tablon" is tablon.mustache of the plugin "sede"; a theme overrides it as
/// templates/sede/tablon.mustache.
struct PluginTemplates {
    std::string id;
    std::filesystem::path folder;  ///< …/plugins/sede/web/templates
    /// …/plugins/sede/web/static, or empty: its files (js, css, svg) are served by hashed name. Templates
    /// name "visor.js" as {{assets.sede.visor_js}}: every character that is no letter or digit becomes "_".
    std::filesystem::path statics = {};
};

struct ThemeSetOptions {
    std::filesystem::path folder;  ///< …/share/concejo/themes, as the build leaves it
    std::vector<PluginTemplates> plugins;
    std::vector<std::string> languages = {"es", "ca", "gl", "eu", "en"};
    Translator translate;
    bool development = false;  ///< strict names, reload by modification time
    std::string static_prefix = "/-/static/";
};

class ThemeSet {
public:
    /// Reads the theme.yaml of each folder in `folder` and loads the assets. Throws ThemeError.
    explicit ThemeSet(ThemeSetOptions options);
    ~ThemeSet();

    /// Adds or replaces a theme (a municipality's own settings on top of a folder's theme). Throws
    /// ThemeError where a setting is wrong, the parent unknown or the shield unsafe.
    void add(const ThemeSettings& settings);
    bool has_theme(std::string_view theme) const;
    std::vector<std::string> themes() const;

    /// Compiles every template in every language. All defects, each beginning with file:line:column;
    /// empty: the theme is good.
    std::vector<std::string> check(std::string_view theme) const;

    bool has_template(std::string_view theme, std::string_view name) const;

    /// The page as HTML. Throws Error{not_found} for an unknown theme or template, ThemeError otherwise.
    std::string render(std::string_view theme, std::string_view lang, std::string_view name,
                       const concejo::Json& view) const;

    /// The same, inside `layout` ("layouts/public", "layouts/staff") where the template names none by itself.
    std::string render_page(std::string_view theme, std::string_view lang, std::string_view layout,
                            std::string_view name, const concejo::Json& view) const;

    /// The same template language for plain text: values go out as they are. Never for what a browser reads.
    std::string render_text(std::string_view theme, std::string_view lang, std::string_view name,
                            const concejo::Json& view) const;

    /// What layouts expect of the theme: {assets: {css, js, icons, font, <plugin>: {…}}, brand_strong, shield_href}.
    concejo::Json view(std::string_view theme) const;

    /// For documents: {"shield": SVG, "brand": "#rrggbb"}.
    concejo::Json look(std::string_view theme) const;

    std::shared_ptr<const Asset> theme_css(std::string_view theme) const;

    /// A static file by what follows the prefix ("valdehermoso-1f2e3d4c5b.css"); null: 404.
    std::shared_ptr<const Asset> asset(std::string_view name) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kernel::themes
