// concejo-theme-preview: every page with its fixture, every theme and language, as files a browser opens
// through any static server. For theme authors, screenshots and accessibility tests; no database.
#include "kernel/i18n/catalogs.hpp"
#include "kernel/themes/theme_set.hpp"

#include <fstream>
#include <iostream>

namespace fs = std::filesystem;
using concejo::Json;
using kernel::themes::Asset;
using kernel::themes::ThemeSet;

namespace {

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, std::string_view bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

void put_over(Json& view, const Json& with) {
    for (const auto& [name, value] : with.as_object()) view[name] = value;
}

/// Addresses of the theme, and the fixtures' mark for the sprite.
void dress(Json& view, const Json& theme) {
    put_over(view, theme);
    view["municipality"]["shield_href"] = theme.at("shield_href");
    if (!view.contains("blocks")) return;
    for (Json& block : view["blocks"].as_array()) {
        std::string html = block.string_or("body_html", "");
        static constexpr std::string_view mark = "%ICONS%";
        for (auto at = html.find(mark); at != std::string::npos; at = html.find(mark)) {
            html.replace(at, mark.size(), theme.at("assets").string_or("icons", ""));
        }
        block["body_html"] = html;
    }
}

int run(const fs::path& themes, const fs::path& out) {
    kernel::i18n::Catalogs catalogs;
    catalogs.load("base", themes / "base/locale");
    kernel::themes::ThemeSetOptions options;
    options.folder = themes;
    options.development = true;
    options.translate = [&](auto lang, auto domain, auto msgid) {
        return catalogs.translate(lang, domain, msgid);
    };
    const ThemeSet set(options);
    const Json common = Json::parse(read(themes / "base/fixtures/common.json"));
    int pages = 0;
    for (const auto& theme : set.themes()) {
        for (const auto& defect : set.check(theme)) std::cerr << defect << '\n';
        const Json dressed = set.view(theme);
        for (const auto* part : {"css", "js", "icons", "font"}) {
            const std::string url = dressed["assets"].string_or(part, "");
            const auto asset = set.asset(url.substr(url.rfind('/') + 1));
            write(out / url.substr(1), asset->bytes);
        }
        for (const auto& name : {dressed.string_or("shield_href", "")}) {
            write(out / name.substr(1), set.asset(name.substr(name.rfind('/') + 1))->bytes);
        }
        for (const auto* font : {"source-sans", "source-serif", "atkinson"}) {
            const std::string css = set.theme_css(theme)->bytes;
            const auto at = css.find("url(\"" + std::string(font));
            if (at == std::string::npos) continue;
            const std::string file = css.substr(at + 5, css.find('"', at + 5) - at - 5);
            write(out / "-/static" / file, set.asset(file)->bytes);
        }
        for (const auto& entry : fs::directory_iterator(themes / "base/fixtures")) {
            const std::string name = entry.path().stem().string();
            if (name == "common") continue;
            const Json fixture = Json::parse(read(entry.path()));
            for (const auto& lang : options.languages) {
                Json view = common;
                put_over(view, fixture.at("view"));
                view["lang"] = lang;
                for (Json& language : view["languages"].as_array())
                    language["current"] = language.string_or("code", "") == lang;
                dress(view, dressed);
                write(out / theme / lang / (name + ".html"),
                      set.render(theme, lang, fixture.string_or("template", ""), view));
                ++pages;
            }
        }
    }
    std::cout << pages << " páginas en " << out.string() << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "Uso: concejo-theme-preview CARPETA_DE_TEMAS SALIDA\n";
        return 2;
    }
    try {
        return run(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
