#include "kernel/themes/theme_set.hpp"

#include "kernel/themes/lint.hpp"
#include "kernel/themes/settings.hpp"
#include "kernel/themes/shelf.hpp"
#include "kernel/themes/sources.hpp"

#include <algorithm>
#include <map>

namespace kernel::themes {

namespace fs = std::filesystem;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using AssetPtr = Shelf::AssetPtr;

namespace {

struct Theme {
    ThemeSettings settings;  // with what the parents say filled in
    fs::path folder;         // empty for a municipality's own theme
    std::vector<fs::path> folders;
    Tokens tokens;
    AssetPtr css, shield;
    std::string font_url;
    std::shared_ptr<Sources> sources;
};

void inherit(Setting& mine, const Setting& parents) {
    if (mine.value.empty()) mine = parents;
}

}  // namespace

struct ThemeSet::State {
    explicit State(ThemeSetOptions given) : options(std::move(given)), shelf(options) {}

    ThemeSetOptions options;
    mutable std::shared_mutex mutex;
    Shelf shelf;
    std::map<std::string, std::shared_ptr<Theme>, std::less<>> themes;
    std::map<std::string, std::shared_ptr<Sources>> sources;  // by the folders they read
    fs::file_time_type stamp = fs::file_time_type::min();

    std::shared_ptr<Theme> theme(std::string_view name) const {
        std::shared_lock lock(mutex);
        const auto found = themes.find(name);
        if (found == themes.end())
            throw Error(ErrorKind::not_found, "no existe el tema «" + std::string(name) + "»");
        return found->second;
    }

    /// Those of base, in the order of their names.
    std::vector<fs::path> sheets() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(options.folder / "base/css")) {
            if (entry.path().extension() == ".css") found.push_back(entry.path());
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    void build(Theme& theme) {
        const ThemeSettings& settings = theme.settings;
        theme.tokens = compile_tokens(settings);
        std::string css = shelf.font_css(settings) + theme.tokens.css;
        for (const auto& sheet : sheets()) css += read_bytes(sheet);
        for (auto folder = theme.folders.rbegin(); folder != theme.folders.rend(); ++folder) {
            if (fs::exists(*folder / "css/extra.css")) css += read_bytes(*folder / "css/extra.css");
        }
        theme.css = shelf.keep(settings.name, "css", std::move(css));
        std::string shield = read_bytes(settings.shield.value);
        check_shield(shield, settings.shield.place);
        theme.shield = shelf.keep(settings.name + "-escudo", "svg", std::move(shield));
        theme.font_url = shelf.font_url(settings.font_body.value);
    }

    void add(ThemeSettings settings, const fs::path& folder) {
        auto made = std::make_shared<Theme>();
        made->folder = folder;
        if (!folder.empty()) made->folders.push_back(folder);
        if (!settings.shield.value.empty() && fs::path(settings.shield.value).is_relative() &&
            !folder.empty()) {
            settings.shield.value = (folder / settings.shield.value).string();
        }
        if (settings.name != "base") {
            const auto parent = theme(settings.extends.empty() ? "base" : settings.extends);
            const ThemeSettings& its = parent->settings;
            const bool own_brand = !settings.brand.value.empty();
            if (!own_brand) inherit(settings.accent, its.accent);
            inherit(settings.brand, its.brand);
            inherit(settings.font_body, its.font_body);
            inherit(settings.font_heading, its.font_heading);
            inherit(settings.radius, its.radius);
            inherit(settings.shield, its.shield);
            if (!own_brand) {
                settings.light.insert(its.light.begin(), its.light.end());
                settings.dark.insert(its.dark.begin(), its.dark.end());
            }
            made->folders.insert(made->folders.end(), parent->folders.begin(), parent->folders.end());
        }
        std::unique_lock lock(mutex);
        made->settings = std::move(settings);
        build(*made);
        made->sources = sources_of(made->folders);
        themes[made->settings.name] = made;
    }

    std::shared_ptr<Sources> sources_of(const std::vector<fs::path>& folders) {
        std::vector<fs::path> with;
        std::string key;
        for (const auto& folder : folders) {
            if (folder != folders.back() && !fs::is_directory(folder / "templates")) continue;
            with.push_back(folder);
            key += folder.string() + '\n';
        }
        auto& slot = sources[key];
        if (!slot) slot = std::make_shared<Sources>(std::move(with), options);
        return slot;
    }

    /// Folders that hold a theme.yaml, parents before children.
    void load_themes() {
        std::map<std::string, ThemeSettings> waiting;
        for (const auto& entry : fs::directory_iterator(options.folder)) {
            const fs::path file = entry.path() / "theme.yaml";
            if (!fs::exists(file)) continue;
            const std::string name = entry.path().filename().string();
            waiting[name] = parse_theme_yaml(read_bytes(file), "themes/" + name + "/theme.yaml", name);
        }
        while (!waiting.empty()) {
            const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const auto& item) {
                const std::string parent = item.second.extends.empty() ? "base" : item.second.extends;
                return item.first == "base" || themes.contains(parent);
            });
            if (next == waiting.end()) {
                throw ThemeError(
                    {"themes/" + waiting.begin()->first + "/theme.yaml", 1, 1},
                    "hereda de «" + waiting.begin()->second.extends + "», que no existe o hereda de él");
            }
            add(next->second, options.folder / next->first);
            waiting.erase(next);
        }
    }

    /// Development: a changed stylesheet is compiled again.
    void refresh() {
        auto latest = fs::file_time_type::min();
        auto files = sheets();
        files.push_back(options.folder / "base/js/base.js");
        for (const auto& file : files) latest = std::max(latest, fs::last_write_time(file));
        std::unique_lock lock(mutex);
        if (latest == stamp) return;
        const bool first = stamp == fs::file_time_type::min();
        stamp = latest;
        if (first) return;
        shelf.load_base();
        for (auto& [name, theme] : themes) {
            auto copy = std::make_shared<Theme>(*theme);
            build(*copy);
            theme = copy;
        }
    }
};

ThemeSet::ThemeSet(ThemeSetOptions options) : state_(std::make_unique<State>(std::move(options))) {
    state_->shelf.load_base();
    state_->shelf.load_plugins();
    state_->load_themes();
    if (state_->options.development) state_->refresh();
}
ThemeSet::~ThemeSet() = default;

void ThemeSet::add(const ThemeSettings& settings) { state_->add(settings, {}); }

bool ThemeSet::has_theme(std::string_view theme) const {
    std::shared_lock lock(state_->mutex);
    return state_->themes.find(theme) != state_->themes.end();
}

std::vector<std::string> ThemeSet::themes() const {
    std::shared_lock lock(state_->mutex);
    std::vector<std::string> names;
    for (const auto& [name, theme] : state_->themes) names.push_back(name);
    return names;
}

std::vector<std::string> ThemeSet::check(std::string_view theme) const {
    return state_->theme(theme)->sources->check();
}

bool ThemeSet::has_template(std::string_view theme, std::string_view name) const {
    return state_->theme(theme)->sources->has(name);
}

std::string ThemeSet::render(std::string_view theme, std::string_view lang, std::string_view name,
                             const Json& view) const {
    return render_page(theme, lang, "", name, view);
}

std::string ThemeSet::render_page(std::string_view theme, std::string_view lang, std::string_view layout,
                                  std::string_view name, const Json& view) const {
    return state_->theme(theme)->sources->get(lang, name, layout)->render(view, state_->options.development);
}

std::string ThemeSet::render_text(std::string_view theme, std::string_view lang, std::string_view name,
                                  const Json& view) const {
    return state_->theme(theme)
        ->sources->get(lang, name, "")
        ->render(view, state_->options.development, Output::text);
}

Json ThemeSet::view(std::string_view theme) const {
    if (state_->options.development) state_->refresh();
    const auto it = state_->theme(theme);
    std::shared_lock lock(state_->mutex);
    Json assets = state_->shelf.view();
    assets["css"] = it->css->url;
    assets["font"] = it->font_url;
    return Json::object({{"assets", std::move(assets)},
                         {"brand_strong", it->tokens.light.at("brand-strong")},
                         {"shield_href", it->shield->url}});
}

Json ThemeSet::look(std::string_view theme) const {
    const auto it = state_->theme(theme);
    return Json::object({{"shield", it->shield->bytes}, {"brand", it->tokens.light.at("brand-strong")}});
}

AssetPtr ThemeSet::theme_css(std::string_view theme) const {
    if (state_->options.development) state_->refresh();
    return state_->theme(theme)->css;
}

AssetPtr ThemeSet::asset(std::string_view name) const {
    std::shared_lock lock(state_->mutex);
    return state_->shelf.find(name);
}

}  // namespace kernel::themes
