// The program that the build runs, on a plugin with seeded defects.
#include "tests/support/shell.hpp"

#include <catch2/catch.hpp>

namespace fs = std::filesystem;

namespace {

class Plugin {
public:
    Plugin() {
        write("web/templates/a.mustache", "<p>{{#_}}Hola{{/_}}</p>\n");
        write("src/a.cpp", "auto s = tr(\"Adiós, {nombre}\");\n");
        for (const auto* lang : {"ca", "gl", "eu", "en"}) {
            write(std::string("locale/") + lang + ".po",
                  "msgid \"Hola\"\nmsgstr \"Ola\"\n\nmsgid \"Adiós, {nombre}\"\nmsgstr \"Adeu, {nombre}\"\n");
        }
    }
    void write(const std::string& file, const std::string& text) const {
        fs::create_directories((folder / file).parent_path());
        std::ofstream(folder / file) << text;
    }
    /// Exit code and what was printed.
    tests::Outcome check() const {
        const std::string root = folder.string();
        return tests::run(CONCEJO_BINARY_DIR "/bin/concejo-i18n-check --domain x --root " + root + " --po " +
                          root + "/locale --templates " + root + "/web/templates --sources " + root + "/src");
    }
    const tests::Folder made;
    const fs::path folder = made.path();
};

}  // namespace

TEST_CASE("a translated plugin passes the gate") {
    const auto [code, out] = Plugin().check();
    CHECK(out == "");
    CHECK(code == 0);
}

TEST_CASE("the gate names file and line of each seeded defect") {
    const Plugin plugin;
    plugin.write("web/templates/b.mustache", "<p>\n{{#_}}Nuevo{{/_}} <b style=\"color:red\">Rojo</b></p>\n");
    plugin.write("src/b.cpp", "\n\nauto s = page.trn(\"{n} día\", \"{n} días\", 3);\n");
    const auto [code, out] = plugin.check();
    CHECK(code == 1);
    for (const auto* line :
         {"web/templates/b.mustache:2: sin traducción (eu): «Nuevo»\n",
          "web/templates/b.mustache:2:22: no se admite el atributo style: use una clase\n",
          "web/templates/b.mustache:2:40: texto sin traducir: póngalo entre {{#_}} y {{/_}}\n",
          "src/b.cpp:3: sin traducción (ca): «{n} día»\n"}) {
        INFO(out);
        CHECK(out.find(line) != std::string::npos);
    }
}
