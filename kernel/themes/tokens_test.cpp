#include "kernel/themes/tokens.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdio>
#include <random>

using namespace kernel::themes;

namespace {

// WCAG 2.1's own definition of relative luminance, written apart from the code under test.
double wcag_luminance(const std::string& hex) {
    unsigned r = 0, g = 0, b = 0;
    REQUIRE(std::sscanf(hex.c_str(), "#%2x%2x%2x", &r, &g, &b) == 3);
    const auto channel = [](unsigned byte) {
        const double s = byte / 255.0;
        return s <= 0.03928 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
}

double wcag_contrast(const std::string& a, const std::string& b) {
    double high = wcag_luminance(a), low = wcag_luminance(b);
    if (high < low) std::swap(high, low);
    return (high + 0.05) / (low + 0.05);
}

ThemeSettings with_brand(const std::string& brand, const std::string& accent = "") {
    ThemeSettings settings;
    settings.brand = {brand, {"theme.yaml", 3, 12}};
    settings.accent = {accent, {"theme.yaml", 4, 12}};
    return settings;
}

int failing(const Palette& palette) {
    int bad = 0;
    for (const Pair& pair : contrast_pairs()) {
        const double reached =
            wcag_contrast(palette.at(std::string(pair.foreground)), palette.at(std::string(pair.background)));
        if (reached < pair.minimum) {
            ++bad;
            UNSCOPED_INFO(pair.foreground << " on " << pair.background << ": " << reached);
        }
    }
    return bad;
}

std::string refusal(const ThemeSettings& settings) {
    try {
        compile_tokens(settings);
    } catch (const ThemeError& error) {
        return error.what();
    }
    return "(accepted)";
}

}  // namespace

TEST_CASE("hostile brand colours end with every pair passing") {
    for (const auto* brand : {"#ffff00", "#ffffff", "#000000", "#00ff00", "#ff69b4", "#00ffff", "#0000ff",
                              "#ff0000", "#808080", "#7b1e3a", "#0b5c7a", "#fff"}) {
        INFO(brand);
        const Tokens tokens = compile_tokens(with_brand(brand));
        CHECK(failing(tokens.light) == 0);
        CHECK(failing(tokens.dark) == 0);
    }
}

TEST_CASE("two hundred random brand colours end with every pair passing") {
    std::mt19937 random(20261123);
    std::uniform_int_distribution<unsigned> any(0, 0xFFFFFF);
    for (int i = 0; i < 200; ++i) {
        char brand[8], accent[8];
        std::snprintf(brand, sizeof brand, "#%06x", any(random));
        std::snprintf(accent, sizeof accent, "#%06x", any(random));
        INFO(brand << " " << accent);
        const Tokens tokens = compile_tokens(with_brand(brand, accent));
        CHECK(failing(tokens.light) + failing(tokens.dark) == 0);
    }
}

TEST_CASE("a brand that reads well on white stays as it is") {
    CHECK(compile_tokens(with_brand("#7b1e3a")).light.at("brand") == "#7b1e3a");
    CHECK(compile_tokens(with_brand("#FFD")).light.at("brand-raw") == "#ffffdd");
}

TEST_CASE("an explicit colour that fails a pair is refused with the nearest that passes") {
    auto settings = with_brand("#0b5c7a");
    settings.light["link"] = {"#8fc7dd", {"riomar/theme.yaml", 9, 13}};
    const std::string said = refusal(settings);
    INFO(said);
    REQUIRE(said.starts_with("riomar/theme.yaml:9:13: el contraste de «link» sobre «bg» es "));
    const auto at = said.rfind("\"#");
    REQUIRE(at != std::string::npos);
    settings.light["link"].value = said.substr(at + 1, 7);
    CHECK(refusal(settings) == "(accepted)");
    const auto passing = compile_tokens(settings).light;
    CHECK(wcag_contrast(passing.at("link"), passing.at("bg")) < 5.2);
}

TEST_CASE("settings that are no colours or no tokens are refused where they stand") {
    CHECK(refusal(with_brand("granate")) ==
          "theme.yaml:3:12: «granate» no es un color: escríbalo como \"#7b1e3a\"");
    auto settings = with_brand("#0b5c7a");
    settings.dark["enlaces"] = {"#ffffff", {"theme.yaml", 7, 5}};
    CHECK(refusal(settings) == "theme.yaml:7:5: no hay ningún color «enlaces» en el tema");
}

TEST_CASE("the stylesheet has light, dark and print") {
    const std::string css = compile_tokens(with_brand("#7b1e3a")).css;
    CHECK(css.find("--c-brand:#7b1e3a;") != std::string::npos);
    CHECK(css.find("@media (prefers-color-scheme:dark)") != std::string::npos);
    CHECK(css.find("@media print") != std::string::npos);
}
