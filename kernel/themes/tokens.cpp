#include "kernel/themes/tokens.hpp"

#include "kernel/themes/color.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kernel::themes {

namespace {

using Colors = std::vector<std::string>;

/// Walks the lightness from `from` until the contrast with every colour of `against` reaches `minimum`.
std::string fit(Oklch from, const Colors& against, double minimum, int direction) {
    for (; from.lightness >= 0 && from.lightness <= 1; from.lightness += direction * .01) {
        std::string color = to_hex(from);
        if (std::all_of(against.begin(), against.end(),
                        [&](const auto& other) { return contrast(color, other) >= minimum; })) {
            return color;
        }
    }
    return direction < 0 ? "#000000" : "#ffffff";
}

std::string checked_color(const Setting& setting) {
    if (auto color = parse_hex(setting.value)) return *color;
    throw ThemeError(setting.place, "«" + setting.value + "» no es un color: escríbalo como \"#7b1e3a\"");
}

class Mode {
public:
    Mode(const ThemeSettings& settings, bool dark)
        : dark_(dark), overrides_(dark ? settings.dark : settings.light) {
        brand_hex_ = checked_color(settings.brand);
        brand_ = to_oklch(brand_hex_);
        accent_hex_ = settings.accent.value.empty() ? brand_hex_ : checked_color(settings.accent);
        surfaces();
        brand();
        links();
        states();
        charts();
        for (const auto& [name, setting] : overrides_) {
            if (!palette_.contains(name))
                throw ThemeError(setting.place, "no hay ningún color «" + name + "» en el tema");
        }
        check();
    }

    Palette take() { return std::move(palette_); }

private:
    void put(const std::string& name, std::string color) {
        const auto given = overrides_.find(name);
        palette_[name] = given == overrides_.end() ? std::move(color) : checked_color(given->second);
    }
    const std::string& get(std::string_view name) const { return palette_.find(name)->second; }
    Colors backgrounds() const { return {get("bg"), get("surface"), get("surface-2")}; }
    std::string neutral(double lightness, double chroma) const {
        return to_hex({lightness, chroma, brand_.hue});
    }

    void surfaces() {
        put("bg", dark_ ? neutral(.19, .012) : neutral(.985, .003));
        put("surface", dark_ ? neutral(.235, .014) : "#ffffff");
        put("surface-2", dark_ ? neutral(.28, .016) : neutral(.962, .006));
        put("line", dark_ ? neutral(.40, .016) : neutral(.885, .008));
        put("line-strong", fit({dark_ ? .6 : .62, .012, brand_.hue}, backgrounds(), 3.2, dark_ ? 1 : -1));
        put("text", dark_ ? neutral(.95, .006) : neutral(.21, .02));
        put("text-2", dark_ ? fit({.78, .01, brand_.hue}, backgrounds(), 5, 1)
                            : fit({.46, .018, brand_.hue}, backgrounds(), 5.2, -1));
    }

    void brand() {
        const double chroma = brand_.chroma, hue = brand_.hue, light = brand_.lightness;
        put("brand-raw", brand_hex_);
        put("on-brand", "#ffffff");
        put("on-brand-2", to_hex({.92, std::min(chroma * .3, .03), hue}));
        const Colors on = {get("on-brand"), get("on-brand-2")};
        if (dark_) {
            put("brand", fit({std::min(.5, light + .02), chroma * .9, hue}, on, 4.6, -1));
            put("brand-strong", to_hex({.27, std::min(chroma, .08), hue}));
            put("brand-soft", to_hex({.30, std::min(chroma * .45, .06), hue}));
        } else {
            const bool passes = contrast(brand_hex_, get("on-brand-2")) >= 4.5;
            put("brand", passes ? brand_hex_ : fit(brand_, on, 4.6, -1));
            put("brand-strong", to_hex({std::min(light * .72, .33), chroma * .85, hue}));
            put("brand-soft", to_hex({.955, std::min(chroma * .16, .022), hue}));
        }
    }

    void links() {
        Colors behind = backgrounds();
        behind.push_back(get("brand-soft"));
        put("link", dark_ ? fit({.74, std::min(brand_.chroma, .12), brand_.hue}, behind, 4.9, 1)
                          : fit({std::min(brand_.lightness, .48), brand_.chroma, brand_.hue}, behind, 5, -1));
        put("link-hover",
            dark_ ? "#ffffff" : fit({.34, brand_.chroma * .8, brand_.hue}, {get("surface")}, 8, -1));
        const Oklch accent = to_oklch(accent_hex_);
        put("accent",
            dark_ ? to_hex({std::max(accent.lightness, .7), accent.chroma, accent.hue}) : accent_hex_);
        put("focus", "#ffd400");
        put("focus-text", "#14110a");
    }

    void states() {
        static const std::vector<std::pair<std::string, double>> hues = {
            {"ok", 2.65}, {"warn", 1.25}, {"err", .47}, {"info", 4.3}};
        for (const auto& [name, hue] : hues) {
            put(name + "-soft", dark_ ? to_hex({.30, .045, hue}) : to_hex({.955, .028, hue}));
            Colors behind = backgrounds();
            behind.push_back(get(name + "-soft"));
            put(name, dark_ ? fit({.78, .11, hue}, behind, 4.8, 1) : fit({.5, .13, hue}, behind, 4.8, -1));
        }
    }

    void charts() {
        static constexpr double in_dark[] = {.72, .62, .8, .66, .76, .58},
                                in_light[] = {.44, .6, .5, .66, .55, .64};
        for (int i = 0; i < 6; ++i) {
            const double hue = brand_.hue + i * (2 * std::numbers::pi / 6) * .83;
            const std::string name = fmt::format("chart-{}", i + 1);
            const Oklch color = dark_ ? Oklch{in_dark[i], .1, hue}
                                      : Oklch{in_light[i], std::min(.12, .05 + brand_.chroma * .5), hue};
            put(name, fit(color, {get("surface"), get("bg")}, 3.05, dark_ ? 1 : -1));
            const std::string& made = get(name);
            put("on-" + name, contrast(made, "#ffffff") >= 4.6 ? "#ffffff" : "#000000");
        }
    }

    void check() const {
        for (const Pair& pair : contrast_pairs()) {
            const double reached = contrast(get(pair.foreground), get(pair.background));
            if (reached < pair.minimum) refuse(pair, reached);
        }
    }

    [[noreturn]] void refuse(const Pair& pair, double reached) const {
        auto blamed = overrides_.find(std::string(pair.foreground));
        if (blamed == overrides_.end()) blamed = overrides_.find(std::string(pair.background));
        const std::string what =
            fmt::format("el contraste de «{}» sobre «{}» es {:.2f} y debe llegar a {} ({})", pair.foreground,
                        pair.background, reached, pair.minimum, dark_ ? "modo oscuro" : "modo claro");
        if (blamed == overrides_.end()) throw ThemeError({"tema", 1, 1}, what);
        const std::string near = nearest(blamed->first);
        throw ThemeError(blamed->second.place,
                         what + (near.empty() ? "; ninguna claridad de ese color lo cumple: quite este valor"
                                              : "; el color más cercano que lo cumple es \"" + near + "\""));
    }

    /// The override's own hue at the nearest lightness that passes all its pairs; empty where there is none.
    std::string nearest(const std::string& name) const {
        const Oklch given = to_oklch(get(name));
        for (int step = 1; step <= 200; ++step) {
            for (const double lightness : {given.lightness - step * .005, given.lightness + step * .005}) {
                if (lightness < 0 || lightness > 1) continue;
                const std::string color = to_hex({lightness, given.chroma, given.hue});
                if (passes(name, color)) return color;
            }
        }
        return {};
    }

    bool passes(const std::string& name, const std::string& color) const {
        for (const Pair& pair : contrast_pairs()) {
            if (pair.foreground == name && contrast(color, get(pair.background)) < pair.minimum) return false;
            if (pair.background == name && contrast(get(pair.foreground), color) < pair.minimum) return false;
        }
        return true;
    }

    bool dark_;
    const std::map<std::string, Setting>& overrides_;
    std::string brand_hex_, accent_hex_;
    Oklch brand_{};
    Palette palette_;
};

std::string declarations(const Palette& palette) {
    std::string out;
    for (const auto& [name, color] : palette) out += "--c-" + name + ':' + color + ';';
    return out;
}

}  // namespace

const std::vector<Pair>& contrast_pairs() {
    static const std::vector<Pair> pairs = [] {
        std::vector<Pair> all = {{"text", "bg", 4.5},
                                 {"text", "surface", 4.5},
                                 {"text", "surface-2", 4.5},
                                 {"text", "brand-soft", 4.5},
                                 {"text-2", "bg", 4.5},
                                 {"text-2", "surface", 4.5},
                                 {"text-2", "surface-2", 4.5},
                                 {"link", "bg", 4.5},
                                 {"link", "surface", 4.5},
                                 {"link", "surface-2", 4.5},
                                 {"link", "brand-soft", 4.5},
                                 {"link-hover", "surface", 4.5},
                                 {"on-brand", "brand", 4.5},
                                 {"on-brand", "brand-strong", 7},
                                 {"on-brand-2", "brand-strong", 4.5},
                                 {"on-brand-2", "brand", 4.5},
                                 {"line-strong", "surface", 3},
                                 {"line-strong", "bg", 3},
                                 {"focus-text", "focus", 7},
                                 {"focus", "brand-strong", 3},
                                 {"ok", "ok-soft", 4.5},
                                 {"warn", "warn-soft", 4.5},
                                 {"err", "err-soft", 4.5},
                                 {"info", "info-soft", 4.5},
                                 {"err", "surface", 4.5},
                                 {"err", "bg", 4.5},
                                 {"text", "ok-soft", 4.5},
                                 {"text", "warn-soft", 4.5},
                                 {"text", "err-soft", 4.5},
                                 {"text", "info-soft", 4.5}};
        static constexpr std::string_view charts[] = {"chart-1", "chart-2", "chart-3",
                                                      "chart-4", "chart-5", "chart-6"};
        static constexpr std::string_view on[] = {"on-chart-1", "on-chart-2", "on-chart-3",
                                                  "on-chart-4", "on-chart-5", "on-chart-6"};
        for (int i = 0; i < 6; ++i) {
            all.push_back({charts[i], "surface", 3});
            all.push_back({on[i], charts[i], 4.5});
        }
        return all;
    }();
    return pairs;
}

Tokens compile_tokens(const ThemeSettings& settings) {
    Tokens tokens{Mode(settings, false).take(), Mode(settings, true).take(), {}};
    Palette paper = tokens.light;
    paper["bg"] = paper["surface-2"] = "#ffffff";
    const std::string dark = "color-scheme:dark;" + declarations(tokens.dark);
    tokens.css = ":root{color-scheme:light;" + declarations(tokens.light) +
                 "}\n@media (prefers-color-scheme:dark){" + ":root:not([data-theme=light]){" + dark +
                 "}}\n:root[data-theme=dark]{" + dark + "}\n@media print{:root:root{color-scheme:light;" +
                 declarations(paper) + "}}\n";
    return tokens;
}

}  // namespace kernel::themes
