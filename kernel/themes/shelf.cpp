#include "kernel/themes/shelf.hpp"

#include "kernel/themes/sources.hpp"

#include <cctype>
#include <charconv>
#include <set>

namespace kernel::themes {

namespace fs = std::filesystem;
using concejo::Json;

namespace {

int checked_radius(const Setting& setting) {
    int radius = -1;
    const char* end = setting.value.data() + setting.value.size();
    const auto [at, error] = std::from_chars(setting.value.data(), end, radius);
    if (error == std::errc{} && at == end && radius >= 0 && radius <= 24) return radius;
    throw ThemeError(setting.place, "«radio» debe ser un número de píxeles de 0 a 24");
}

}  // namespace

Shelf::AssetPtr Shelf::keep(std::string_view stem, std::string_view extension, std::string bytes) {
    auto made =
        std::make_shared<const Asset>(make_asset(options_.static_prefix, stem, extension, std::move(bytes)));
    assets_[made->name] = made;
    return made;
}

Shelf::AssetPtr Shelf::find(std::string_view name) const {
    const auto found = assets_.find(name);
    return found == assets_.end() ? nullptr : found->second;
}

void Shelf::load_base() {
    const fs::path base = options_.folder / "base";
    js_ = keep("base", "js", read_bytes(base / "js/base.js"));
    icons_ = keep("icons", "svg", read_bytes(base / "icons.svg"));
    fonts_ = Json::parse(read_bytes(base / "fonts/fonts.json"));
    for (const auto& [name, font] : fonts_.as_object()) {
        font_files_[name] = keep(name, "woff2", read_bytes(base / "fonts" / font.string_or("file", "")));
    }
}

void Shelf::load_plugins() {
    for (const auto& plugin : options_.plugins) {
        if (plugin.statics.empty() || !fs::is_directory(plugin.statics)) continue;
        for (const auto& entry : fs::directory_iterator(plugin.statics)) {
            if (!entry.is_regular_file()) continue;
            std::string name = entry.path().filename().string();
            const std::string extension = entry.path().extension().string();
            const auto file = keep(plugin.id + '-' + entry.path().stem().string(),
                                   extension.empty() ? "bin" : extension.substr(1), read_bytes(entry.path()));
            for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
            plugin_urls_[plugin.id][name] = file->url;
        }
    }
}

const Json& Shelf::font(const Setting& setting) const {
    if (const Json* found = fonts_.find(setting.value)) return *found;
    std::string known;
    for (const auto& [name, font] : fonts_.as_object()) known += (known.empty() ? "" : ", ") + name;
    throw ThemeError(setting.place, "no hay ninguna letra «" + setting.value + "»; las que hay: " + known);
}

std::string Shelf::font_css(const ThemeSettings& settings) const {
    std::string out;
    const auto stack = [&](const Setting& setting) {
        const Json& it = font(setting);
        const std::string family = it.string_or("family", "");
        return '"' + family + "\",\"" + family + " fb\"," + it.string_or("generic", "sans-serif");
    };
    const std::string variables = ":root{--font-body:" + stack(settings.font_body) +
                                  ";--font-head:" + stack(settings.font_heading) +
                                  ";--radius:" + std::to_string(checked_radius(settings.radius)) + "px}\n";
    for (const auto& name : std::set<std::string>{settings.font_body.value, settings.font_heading.value}) {
        const Json& it = fonts_.at(name);
        const std::string family = it.string_or("family", name), local = it.string_or("fallback", "Arial");
        out += "@font-face{font-family:\"" + family + "\";src:url(\"" + font_files_.at(name)->name +
               "\") format(\"woff2\");font-weight:" + it.string_or("weight", "400") + ";font-display:swap}\n";
        // A local font of nearly the same widths, so that the text does not jump when the real one arrives.
        out += "@font-face{font-family:\"" + family + " fb\";src:local(\"" + local +
               "\"),local(\"Liberation " + (local == "Arial" ? "Sans" : "Serif") +
               "\");size-adjust:" + it.string_or("adjust", "100%") + "}\n";
    }
    return out + variables;
}

Json Shelf::view() const {
    Json all = plugin_urls_;
    all["js"] = js_->url;
    all["icons"] = icons_->url;
    return all;
}

}  // namespace kernel::themes
