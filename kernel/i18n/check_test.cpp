// The program that the build runs, on a plugin with seeded defects.
#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace {

class Plugin {
public:
    Plugin() {
        std::string name = (fs::temp_directory_path() / "concejo-plugin-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
        folder = name;
        write("web/templates/a.mustache", "<p>{{#_}}Hola{{/_}}</p>\n");
        write("src/a.cpp", "auto s = tr(\"Adiós, {nombre}\");\n");
        for (const auto* lang : {"ca", "gl", "eu", "en"}) {
            write(std::string("locale/") + lang + ".po",
                  "msgid \"Hola\"\nmsgstr \"Ola\"\n\nmsgid \"Adiós, {nombre}\"\nmsgstr \"Adeu, {nombre}\"\n");
        }
    }
    ~Plugin() { fs::remove_all(folder); }
    void write(const std::string& file, const std::string& text) const {
        fs::create_directories((folder / file).parent_path());
        std::ofstream(folder / file) << text;
    }
    /// Exit code and what was printed.
    std::pair<int, std::string> check() const {
        const std::string root = folder.string();
        const std::string command =
            std::string(CONCEJO_BINARY_DIR) + "/bin/concejo-i18n-check --domain x --root " + root + " --po " +
            root + "/locale --templates " + root + "/web/templates --sources " + root + "/src 2>&1";
        FILE* pipe = popen(command.c_str(), "r");
        REQUIRE(pipe);
        std::string out;
        char buffer[4096];
        for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
        return {WEXITSTATUS(pclose(pipe)), out};
    }
    fs::path folder;
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
