// The static files: base's script, sprite and fonts, those of plugins, and the stylesheets and shields
// that themes add. Not thread-safe by itself: ThemeSet holds the lock.
#pragma once

#include "kernel/themes/asset.hpp"
#include "kernel/themes/theme_set.hpp"

#include <map>
#include <memory>

namespace kernel::themes {

class Shelf {
public:
    using AssetPtr = std::shared_ptr<const Asset>;

    explicit Shelf(const ThemeSetOptions& options) : options_(options) {}

    /// Base's script, sprite and fonts; again after a change.
    void load_base();
    /// The web/static folders of plugins.
    void load_plugins();

    AssetPtr keep(std::string_view stem, std::string_view extension, std::string bytes);
    AssetPtr find(std::string_view name) const;

    /// @font-face rules and the variables of fonts and radius. Throws ThemeError for an unknown font.
    std::string font_css(const ThemeSettings& settings) const;
    const std::string& font_url(const std::string& name) const { return font_files_.at(name)->url; }

    /// {js, icons, <plugin>: {<file>: url}}
    concejo::Json view() const;

private:
    const concejo::Json& font(const Setting& setting) const;

    const ThemeSetOptions& options_;
    std::map<std::string, AssetPtr, std::less<>> assets_;
    concejo::Json fonts_;
    std::map<std::string, AssetPtr> font_files_;  ///< by the font's name
    concejo::Json plugin_urls_ = concejo::Json::object();
    AssetPtr js_, icons_;
};

}  // namespace kernel::themes
