#include "kernel/authoring/inspection.hpp"

#include "kernel/authoring/elf_symbols.hpp"
#include "kernel/authoring/forbidden_imports.hpp"
#include "kernel/base/files.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>

using Catch::Contains;
using namespace kernel::authoring;
namespace fs = std::filesystem;

namespace {

const fs::path share = CONCEJO_BINARY_DIR "/share/concejo";

fs::path fixture(const std::string& id) { return fs::path(FIXTURES) / id / (id + ".so"); }

std::string told(const Inspection& inspection, const std::string& check) {
    std::string all;
    for (const auto& finding : inspection.findings) {
        if (finding.check == check)
            all += (finding.weight == Finding::Weight::error ? "error " : "aviso ") + finding.text + "\n";
    }
    return all;
}

/// A plugin's folder with the good library in it and whatever a test adds.
class Plugin {
public:
    Plugin() : root_(fs::temp_directory_path() / ("concejo-inspeccion-" + std::to_string(::getpid()))) {
        fs::create_directories(folder());
        fs::copy_file(fixture("saludo.gcc"), library(), fs::copy_options::overwrite_existing);
    }
    ~Plugin() { fs::remove_all(root_); }
    Plugin& with(const fs::path& file, const std::string& text) {
        fs::create_directories((folder() / file).parent_path());
        std::ofstream(folder() / file) << text;
        return *this;
    }
    fs::path folder() const { return root_ / "saludo.gcc"; }
    fs::path library() const { return folder() / "saludo.gcc.so"; }
    Inspection inspected(const fs::path& sources = {}) const { return inspect(library(), share, sources); }

private:
    fs::path root_;
};

std::string po(const std::string& entries) {
    return "msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n" + entries;
}

}  // namespace

TEST_CASE("good plugins of three compilers have nothing against them") {
    for (const auto* id : {"saludo.gcc", "saludo.clang", "saludo.libcxx"}) {
        if (!fs::exists(fixture(id))) continue;
        const auto inspection = inspect(fixture(id), share);
        INFO(id << "\n" << (inspection.findings.empty() ? "" : inspection.findings.front().text));
        CHECK(inspection.findings.empty());
        CHECK(inspection.good());
        CHECK(inspection.id == id);
    }
}

TEST_CASE("more than the entry, or no entry, is exported") {
    const auto open = told(inspect(fixture("abierto"), share), "exporta");
    CHECK_THAT(
        open, Contains("el núcleo pide un solo símbolo y el complemento exporta ") && Contains("plugin.map"));
    CHECK_THAT(told(inspect(fixture("mudo"), share), "exporta"),
               Contains("el núcleo busca «concejo_plugin_entry» y el complemento no lo exporta"));
}

TEST_CASE("each forbidden import is told with its reason and what to do, from any C++ library") {
    const std::set<std::string> wanted{"exit()",      "_exit()",
                                       "fork()",      "system()",
                                       "setlocale()", "std::locale::global()",
                                       "chdir()",     "std::filesystem::current_path(p)",
                                       "signal()",    "setenv()",
                                       "dlopen()",    "std::thread"};
    for (const auto* id : {"travieso", "travieso.libcxx"}) {
        if (!fs::exists(fixture(id))) continue;
        const auto all = told(inspect(fixture(id), share), "importa");
        INFO(id << "\n" << all);
        for (const auto& name : wanted) CHECK_THAT(all, Contains("usa " + name + ": "));
        CHECK_THAT(all, Contains("lance concejo::Error") && Contains("use run() (servicio process/1)"));
        CHECK_THAT(all, !Contains("abort"));
    }
}

TEST_CASE("the table of forbidden imports is complete in every row") {
    std::set<std::string_view> symbols;
    for (const auto& row : forbidden_imports()) {
        CHECK(symbols.insert(row.symbol).second);
        CHECK((!row.written.empty() && !row.reason.empty() && !row.instead.empty()));
    }
    CHECK(why_forbidden("abort") == nullptr);
    CHECK(why_forbidden("__assert_fail") == nullptr);
    CHECK(why_forbidden("getenv") == nullptr);
    CHECK(why_forbidden("setrlimit64") != nullptr);
}

TEST_CASE("a library that is nowhere is named") {
    CHECK_THAT(told(inspect(fixture("enlaza"), share), "bibliotecas"),
               Contains("enlaza libconcejo-noexiste.so.7, que no está en esta máquina"));
}

TEST_CASE("descriptors: the same words as when it is loaded") {
    CHECK_THAT(told(inspect(fixture("mayor"), share), "descriptor"), Contains("hecho para el SDK 9.x"));
    CHECK_THAT(told(inspect(fixture("menor"), share), "descriptor"), Contains("actualice la plataforma"));
    CHECK_THAT(told(inspect(fixture("otro"), share), "descriptor"), Contains("dice llamarse «saludo»"));
    CHECK_THAT(told(inspect(fixture("pide"), share), "descriptor"), Contains("telepatia/7"));
    CHECK_THAT(told(inspect("nada/nada.so", share), "fichero"), Contains("no existe"));
}

TEST_CASE("what lies beside the library is examined, and everything is told at once") {
    Plugin plugin;
    plugin.with("config.schema.yaml", "type: object\nproperties:\n  dias: {type: entero}\n")
        .with("migrations/0001__a.sql", "CREATE TABLE nota (id int);")
        .with("migrations/0003__b.sql", "CREATE TABLE gcc_nota (id int);")
        .with("web/templates/mala.mustache", "<p onclick=\"x\">{{#_}}Hola{{/_}}</p>\n{{#abierta}}")
        .with("locale/ca.po", po("msgid \"Hola\"\nmsgstr \"Hola\"\n\nmsgid \"Adiós\"\nmsgstr \"Adéu\"\n"))
        .with("locale/gl.po", po("msgid \"Hola\"\nmsgstr \"Ola\"\n\nmsgid \"Adiós\"\nmsgstr \"\"\n"))
        .with("locale/eu.po", po("msgid \"Hola\"\nmsgstr \"Kaixo\"\n"))
        .with("locale/en.po", po("msgid \"Hola\"\nmsgstr \"Hello\"\n\nmsgid \"Adiós\"\nmsgstr \"Bye\"\n"));
    ::chmod(plugin.library().c_str(), 0777);
    ::chmod((plugin.folder() / "migrations").c_str(), 0777);
    const auto inspection = plugin.inspected();
    CHECK_FALSE(inspection.good());
    CHECK_THAT(told(inspection, "fichero"),
               Contains("chmod o-w " + plugin.library().string()) &&
                   Contains("chmod o-w " + (plugin.folder() / "migrations").string()));
    CHECK_THAT(told(inspection, "ajustes"), Contains("config.schema.yaml:3:16: ") && Contains("entero"));
    CHECK_THAT(told(inspection, "migraciones"), Contains("falta antes la migración número 2") &&
                                                    Contains("0001__a.sql: CREATE TABLE «nota»") &&
                                                    Contains("llámelo «saludo_gcc_nota»") &&
                                                    Contains("aviso migrations/0003__b.sql"));
    CHECK_THAT(told(inspection, "plantillas"), Contains("mala.mustache:1:") && Contains("mala.mustache:2:"));
    const auto texts = told(inspection, "textos");
    CHECK_THAT(texts, Contains("igual que en español y no está en iguales.txt: «Hola»"));
    CHECK_THAT(texts, Contains("sin traducción (gl): «Adiós»"));
    CHECK_THAT(texts, Contains("sin traducción (eu): «Adiós»"));
}

TEST_CASE("with the sources at hand, a text of the code that nobody translated is told") {
    Plugin plugin;
    plugin.with("locale/ca.po", po(""))
        .with("locale/gl.po", po(""))
        .with("locale/eu.po", po(""))
        .with("locale/en.po", po(""))
        .with("src/a.cpp", "auto a = request.tr(\"Buenos días\");\n");
    CHECK(plugin.inspected().good());
    CHECK_THAT(told(plugin.inspected(plugin.folder() / "src"), "textos"),
               Contains("src/a.cpp:1: sin traducción (ca): «Buenos días»"));
}

TEST_CASE("damaged files are refused, and nothing worse") {
    const Plugin plugin;
    const auto good = kernel::base::read_file(plugin.library(), 1 << 26);
    unsigned state = 1;
    const auto random = [&] { return state = state * 1664525u + 1013904223u, state >> 8; };
    for (int i = 0; i < 400; ++i) {
        auto bytes = good;
        // the header, and the section headers at the end
        for (int n = 0; n < 6; ++n) {
            const auto at = n % 2 ? random() % 64 : bytes.size() - 1 - random() % 1800;
            bytes[at] = static_cast<char>(random());
        }
        if (i % 10 == 0) bytes.resize(random() % bytes.size());
        std::ofstream(plugin.library(), std::ios::binary) << bytes;
        try {
            (void)read_elf_symbols(plugin.library());
        } catch (const concejo::Error&) {
        }
    }
}
