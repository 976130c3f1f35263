// The themes of the repository as the build leaves them, and small ones made here.
#include "kernel/themes/theme_set.hpp"

#include "kernel/base/files.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/themes/settings.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <regex>

namespace fs = std::filesystem;
using concejo::Json;
using namespace kernel::themes;

namespace {

const fs::path built = fs::path(CONCEJO_BINARY_DIR) / "share/concejo/themes";

ThemeSetOptions options() {
    static const auto catalogs = [] {
        kernel::i18n::Catalogs loaded;
        loaded.load("base", built / "base/locale");
        return loaded;
    }();
    ThemeSetOptions made;
    made.folder = built;
    made.development = true;
    made.translate = [](auto lang, auto domain, auto msgid) {
        return catalogs.translate(lang, domain, msgid);
    };
    return made;
}

Json view_of(const ThemeSet& set, const std::string& theme, const std::string& fixture) {
    Json view = Json::parse(kernel::base::read_file(built / "base/fixtures/common.json", 1 << 20));
    const Json with =
        Json::parse(kernel::base::read_file(built / "base/fixtures" / (fixture + ".json"), 1 << 20));
    for (const auto& [name, value] : with["view"].as_object()) view[name] = value;
    const Json looks = set.view(theme);
    for (const auto& [name, value] : looks.as_object()) view[name] = value;
    view["municipality"]["shield_href"] = looks["shield_href"];
    return view;
}

/// A folder with a copy of base's assets, in which themes and plugins are made.
class Workshop {
public:
    Workshop() {
        for (const auto* part : {"css", "js", "fonts", "icons.svg", "theme.yaml", "escudo.svg"}) {
            fs::create_directories(folder / "base");
            fs::copy(built / "base" / part, folder / "base" / part, fs::copy_options::recursive);
        }
        write("base/templates/layouts/public.mustache", "<body>{{$main}}{{/main}}</body>");
    }
    void write(const std::string& file, const std::string& text) const {
        fs::create_directories((folder / file).parent_path());
        std::ofstream(folder / file) << text;
    }
    ThemeSetOptions options(bool development = false) const {
        ThemeSetOptions made;
        made.folder = folder;
        made.development = development;
        made.plugins = {{"sede", folder / "plugin"}};
        return made;
    }
    const kernel::base::TempDir made;
    const fs::path folder = made.path();
};

std::string problem(const ThemeSetOptions& options) {
    try {
        ThemeSet set(options);
    } catch (const concejo::Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("the themes of the repository have no defects") {
    const ThemeSet set(options());
    CHECK(set.themes() == std::vector<std::string>{"base", "riomar", "valdehermoso"});
    for (const auto& theme : set.themes()) CHECK(set.check(theme) == std::vector<std::string>{});
}

TEST_CASE("every page renders from its fixture in every language, without anything that the policy forbids") {
    const ThemeSet set(options());
    const std::regex forbidden(R"(\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|<style|\{\{)");
    int pages = 0;
    for (const auto& entry : fs::directory_iterator(built / "base/fixtures")) {
        const std::string name = entry.path().stem().string();
        if (name == "common") continue;
        const std::string page =
            Json::parse(kernel::base::read_file(entry.path(), 1 << 20)).string_or("template", "");
        for (const auto* lang : {"es", "ca", "gl", "eu", "en"}) {
            Json view = view_of(set, "valdehermoso", name);
            view["lang"] = lang;
            const std::string html = set.render("valdehermoso", lang, page, view);
            INFO(name << " " << lang);
            CHECK(html.find("<html lang=\"" + std::string(lang) + '"') != std::string::npos);
            CHECK_FALSE(std::regex_search(html, forbidden));
            ++pages;
        }
    }
    CHECK(pages >= 50);
}

TEST_CASE("texts come in the page's language") {
    const ThemeSet set(options());
    const Json view = view_of(set, "riomar", "login");
    CHECK(set.render("riomar", "eu", "pages/login", view).find("Langileen sarbidea") != std::string::npos);
    CHECK(set.render("riomar", "es", "pages/login", view).find("Acceso del personal") != std::string::npos);
}

TEST_CASE("a first visit stays light") {
    const ThemeSet set(options());
    const auto name = [](const Json& assets, const char* part) {
        const std::string url = assets.string_or(part, "");
        return url.substr(url.rfind('/') + 1);
    };
    for (const auto* theme : {"valdehermoso", "riomar"}) {
        const Json assets = set.view(theme)["assets"];
        const auto css = set.theme_css(theme), js = set.asset(name(assets, "js")),
                   icons = set.asset(name(assets, "icons"));
        CHECK(css->gzip.size() <= 12 * 1024);
        CHECK(js->bytes.size() <= 10 * 1024);
        std::size_t fonts = 0;
        const std::regex address("url\\(\"([^\"]+)\"\\)");
        for (std::sregex_iterator it(css->bytes.begin(), css->bytes.end(), address), end; it != end; ++it) {
            fonts += set.asset((*it)[1].str())->bytes.size();
        }
        const std::string shield = set.view(theme).string_or("shield_href", "");
        const std::size_t html =
            set.render(theme, "es", "pages/home", view_of(set, theme, "home")).size() / 3;
        const auto total = css->gzip.size() + js->gzip.size() + icons->gzip.size() + fonts + html +
                           set.asset(shield.substr(shield.rfind('/') + 1))->bytes.size();
        INFO(theme << ": " << total << " bytes, fonts " << fonts << ", css " << css->gzip.size());
        CHECK(fonts > 10'000);
        CHECK(total <= 90 * 1024);
    }
}

TEST_CASE("the stylesheet keeps to what the State's crawler reads") {
    const std::string css = ThemeSet(options()).theme_css("riomar")->bytes;
    for (const auto* word :
         {"@layer", "outline:0", "outline:none", "rgb(", "width<", "width>", "http:", "https:", "@import"}) {
        INFO(word);
        CHECK(css.find(word) == std::string::npos);
    }
    const std::string name = ThemeSet(options()).theme_css("riomar")->name;
    CHECK(std::regex_match(name, std::regex("riomar-[0-9a-f]{10}\\.css")));
    CHECK(ThemeSet(options()).asset("riomar-0000000000.css") == nullptr);
}

TEST_CASE("a template is taken from the theme, its parent, the plugin, base, in this order") {
    const Workshop shop;
    shop.write("base/templates/a.mustache", "base {{>sede/b}}");
    shop.write("plugin/b.mustache", "plugin");
    shop.write("plugin/sub/c.mustache", "c del plugin");
    shop.write("valle/theme.yaml", "hereda: base\ncolores:\n  marca: \"#335577\"\n");
    shop.write("valle/templates/sede/b.mustache", "padre");
    shop.write("aldea/theme.yaml", "hereda: valle\n");
    shop.write("aldea/templates/a.mustache", "aldea {{>sede/b}}");
    const ThemeSet set(shop.options());
    const Json nothing = Json::object();
    CHECK(set.render("base", "es", "a", nothing) == "base plugin");
    CHECK(set.render("valle", "es", "a", nothing) == "base padre");
    CHECK(set.render("aldea", "es", "a", nothing) == "aldea padre");
    CHECK(set.render("aldea", "es", "sede/sub/c", nothing) == "c del plugin");
    CHECK(set.view("aldea")["brand_strong"] == set.view("valle")["brand_strong"]);
    CHECK_THROWS_AS(set.render("aldea", "es", "sede/nada", nothing), concejo::Error);
    CHECK_THROWS_AS(set.render("otro", "es", "a", nothing), concejo::Error);
}

TEST_CASE("a page without a layout of its own is put into one") {
    const Workshop shop;
    shop.write("plugin/suelta.mustache", "<p>{{x}}</p>");
    shop.write("plugin/propia.mustache",
               "{{<layouts/public}}{{$main}}<b>{{x}}</b>{{/main}}{{/layouts/public}}");
    const ThemeSet set(shop.options());
    const Json view = Json::object({{"x", 1}});
    CHECK(set.render_page("base", "es", "layouts/public", "sede/suelta", view) == "<body><p>1</p></body>");
    CHECK(set.render_page("base", "es", "layouts/public", "sede/propia", view) == "<body><b>1</b></body>");
    CHECK(set.render("base", "es", "sede/suelta", view) == "<p>1</p>");
}

TEST_CASE("a plugin's scripts are served by hashed name and named in templates") {
    const Workshop shop;
    shop.write("static/visor-acta.js", "export const a = 1\n");
    shop.write("plugin/p.mustache",
               "<script type=\"module\" src=\"{{assets.sede.visor_acta_js}}\"></script>");
    auto options = shop.options();
    options.plugins[0].statics = shop.folder / "static";
    const ThemeSet set(options);
    const std::string html = set.render("base", "es", "sede/p", set.view("base"));
    REQUIRE(std::regex_search(html, std::regex("src=\"/-/static/sede-visor-acta-[0-9a-f]{10}\\.js\"")));
    const auto at = html.find("sede-visor");
    CHECK(set.asset(html.substr(at, html.find('"', at) - at))->bytes == "export const a = 1\n");
}

TEST_CASE("a municipality's own colours stand on a theme of a folder") {
    ThemeSet set(options());
    ThemeSettings own;
    own.name = "m_28001";
    own.extends = "riomar";
    own.brand = {"#225522", {"municipios/ribera.yaml", 8, 10}};
    set.add(own);
    CHECK(set.theme_css("m_28001")->bytes.find("--c-brand:#225522;") != std::string::npos);
    CHECK(set.theme_css("m_28001")->bytes.find("Atkinson") != std::string::npos);
    CHECK(set.theme_css("m_28001")->name != set.theme_css("riomar")->name);
    own.light["link"] = {"#ffff00", {"municipios/ribera.yaml", 9, 12}};
    CHECK_THROWS_WITH(set.add(own),
                      Catch::Contains("municipios/ribera.yaml:9:12: ") && Catch::Contains("más cercano"));
    own.light.clear();
    own.font_body = {"comic", {"municipios/ribera.yaml", 10, 5}};
    CHECK_THROWS_WITH(set.add(own), Catch::Contains("las que hay: ") && Catch::Contains("source-serif"));
}

TEST_CASE("what is wrong in a theme is said with its place") {
    const Workshop shop;
    SECTION("settings") {
        shop.write("valle/theme.yaml", "hereda: base\ncolor: rojo\n");
        CHECK(problem(shop.options()).find("themes/valle/theme.yaml:2:1: error: clave desconocida «color»") ==
              0);
        shop.write("valle/theme.yaml", "hereda: base\nradio: 90\n");
        CHECK(problem(shop.options()) ==
              "themes/valle/theme.yaml:2:8: «radio» debe ser un número de píxeles de 0 a 24");
        shop.write("valle/theme.yaml", "hereda: monte\n");
        CHECK(problem(shop.options()).find("hereda de «monte», que no existe") != std::string::npos);
    }
    SECTION("a shield with a script") {
        shop.write("valle/theme.yaml", "hereda: base\nescudo: escudo.svg\n");
        shop.write("valle/escudo.svg", "<svg viewBox=\"0 0 1 1\"><script>x</script></svg>");
        CHECK(problem(shop.options()) == "themes/valle/theme.yaml:2:9: escudo: no puede llevar «<script»");
    }
    SECTION("a template") {
        shop.write("plugin/mala.mustache", "<p style=\"x\">\n{{#a}}");
        CHECK(
            ThemeSet(shop.options()).check("base") ==
            std::vector<std::string>{
                "plugins/sede/web/templates/mala.mustache:1:4: no se admite el atributo style: use una clase",
                "plugins/sede/web/templates/mala.mustache:2:1: «a» se abre y no se cierra: falta {{/a}}"});
    }
}

TEST_CASE("in development a changed file shows at once, in production not") {
    const Workshop shop;
    shop.write("base/templates/a.mustache", "1");
    const ThemeSet dev(shop.options(true)), production(shop.options());
    CHECK(dev.render("base", "es", "a", Json::object()) == "1");
    CHECK(production.render("base", "es", "a", Json::object()) == "1");
    shop.write("base/templates/a.mustache", "2 {{x}}");
    fs::last_write_time(shop.folder / "base/templates/a.mustache",
                        fs::file_time_type::clock::now() + std::chrono::seconds(2));
    CHECK_THROWS_WITH(dev.render("base", "es", "a", Json::object()),
                      Catch::Contains("«x» en themes/base/templates/a.mustache:1:3"));
    CHECK(production.render("base", "es", "a", Json::object()) == "1");
}
