#include "kernel/config/module_block.hpp"

#include "kernel/base/diff.hpp"
#include "kernel/base/files.hpp"
#include "kernel/config/fixture.hpp"
#include "kernel/config/reader.hpp"
#include "tests/support/whole_run.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace kernel;
using namespace kernel::config;
using Catch::Contains;

namespace {

const std::string file =
    "# Cabecera que no se toca\r\n"
    "municipio:\r\n"
    "  id: villa   # nunca cambia\r\n"
    "\r\n"
    "modulos:\r\n"
    "  # la sede\r\n"
    "  sede: # junto a la clave\r\n"
    "    activo: true\r\n"
    "    # dentro\r\n"
    "    organos: [Pleno, \"Alcaldía\"]\r\n"
    "    texto: |\r\n"
    "      primera\r\n"
    "\r\n"
    "      tercera\r\n"
    "\r\n"
    "  # del que sigue\r\n"
    "  otro:\r\n"
    "    activo: false\r\n";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != text.npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("a module's block is read without its indentation, with its comments") {
    CHECK(module_body(file, "sede") ==
          "activo: true\n# dentro\norganos: [Pleno, \"Alcaldía\"]\ntexto: |\n  primera\n\n  tercera\n");
    CHECK(module_body(file, "otro") == "activo: false\n");
    CHECK(module_body(file, "ninguno").empty());
    CHECK(module_ids(file) == std::vector<std::string>{"sede", "otro"});
}

TEST_CASE("what is sent back as it came changes no byte, whatever the browser does to line ends") {
    auto body = module_body(file, "sede");
    std::string sent;
    for (const char c : body) sent += c == '\n' ? std::string("\r\n") : std::string(1, c);
    CHECK(with_module_body(file, "sede", body) == file);
    CHECK(with_module_body(file, "sede", sent) == file);
}

TEST_CASE("only the block changes: comments, line ends and indentation of the file stay") {
    CHECK(with_module_body(file, "otro", "activo: true\nx: 1\n") ==
          replaced(file, "    activo: false\r\n", "    activo: true\r\n    x: 1\r\n"));
    CHECK(with_module_body(file, "sede", "activo: false") ==
          file.substr(0, file.find("    activo: true")) + "    activo: false\r\n" +
              file.substr(file.find("\r\n  # del que sigue")));
    CHECK(with_module_body(file, "sede", "").find("sede: # junto a la clave\r\n\r\n  # del que") !=
          std::string::npos);
}

TEST_CASE("a block at the end of a file without a last line end") {
    const std::string open = "modulos:\n  sede:\n    activo: true";
    CHECK(module_body(open, "sede") == "activo: true\n");
    CHECK(with_module_body(open, "sede", "activo: false\nx: 1\n") ==
          "modulos:\n  sede:\n    activo: false\n    x: 1");
    CHECK(with_module_body("modulos:\n  sede:", "sede", "activo: true\n") ==
          "modulos:\n  sede:\n    activo: true");
}

TEST_CASE("a module that the file does not have is added where the others are") {
    CHECK(with_module_body("modulos:\n  sede:\n    activo: true\n\n# fin\notra: 1\n", "nuevo",
                           "activo: true") ==
          "modulos:\n  sede:\n    activo: true\n  nuevo:\n    activo: true\n\n# fin\notra: 1\n");
    CHECK(with_module_body("a: 1\nmodulos: {}\n  # sede:\n", "sede", "activo: true") ==
          "a: 1\nmodulos:\n  sede:\n    activo: true\n  # sede:\n");
    CHECK(with_module_body("a: 1", "sede", "activo: true") == "a: 1\nmodulos:\n  sede:\n    activo: true\n");
    CHECK(with_module_body("modulos:\n\n  # sede:\n", "sede", "activo: true") ==
          "modulos:\n  sede:\n    activo: true\n\n  # sede:\n");
}

TEST_CASE("values in the key's line, quoted keys, anchors") {
    CHECK(module_body("modulos:\n  sede: {activo: true}\n", "sede") == "{activo: true}\n");
    CHECK(with_module_body("modulos:\n  sede: {activo: true}\n  b: {activo: true}\n", "sede",
                           "activo: false") == "modulos:\n  sede:\n    activo: false\n  b: {activo: true}\n");
    CHECK(with_module_body("modulos:\n  \"sede\": &x\n    activo: true\n", "sede", "activo: false") ==
          "modulos:\n  \"sede\": &x\n    activo: false\n");
    CHECK_THROWS_WITH(with_module_body("modulos: {sede: {activo: true}}\n", "sede", "activo: false"),
                      Contains("edite el archivo en el servidor"));
    CHECK_THROWS_WITH(module_body("modulos:\n  a: &x\n    activo: true\n  sede: *x\n", "sede"),
                      Contains("edite el archivo en el servidor"));
    // an anchor that others use: changing it here would change them
    CHECK_THROWS_WITH(
        with_module_body(
            "modulos:\n  a:\n    activo: true\n    l: &l [1]\n  b:\n    activo: true\n    l: *l\n", "a",
            "activo: true\nl: &l [2]\n"),
        Contains("otras partes del archivo"));
}

TEST_CASE("what is typed cannot reach outside its block") {
    const auto escaped = with_module_body(file, "otro", "activo: true\n\nmunicipio:\n  id: mia\n");
    CHECK(escaped.find("    municipio:\r\n") != std::string::npos);
}

TEST_CASE("switching on and off touches one word") {
    CHECK(with_active("# c\nactivo: false  # hoy no\nx: 1\n", true) == "# c\nactivo: true  # hoy no\nx: 1\n");
    CHECK(with_active("x: 1\n", false) == "activo: false\nx: 1\n");
    CHECK(with_active("", true) == "activo: true\n");
    CHECK(with_active("{ñ: 1, activo: true}", false) == "{ñ: 1, activo: false}\n");
    CHECK_THROWS(with_active("- a\n", true));
}

TEST_CASE("the installation's own files: every module, there and back, and through anything typed") {
    std::mt19937 dice(11);
    for (const char* path : {"/config/municipios/ejemplo.yaml", "/config/demo/municipios/riomar.yaml",
                             "/config/demo/municipios/valdehermoso.yaml"}) {
        const auto text = base::read_file(std::string(CONCEJO_SOURCE_DIR) + path, 1 << 20);
        for (const auto& id : module_ids(text)) {
            const auto body = module_body(text, id);
            CHECK(with_module_body(text, id, body) == text);
            auto at = text.find('\n', text.find("\n  " + id + ":") + 1) + 1;
            const auto head = text.substr(0, at);
            for (auto lines = std::count(body.begin(), body.end(), '\n'); lines > 0; --lines)
                at = text.find('\n', at) + 1;
            const auto tail = text.substr(at);
            const auto off = with_module_body(text, id, with_active(body, false));
            CHECK(with_module_body(off, id, body) == text);
            for (int round = 0; round < (tests::whole_run() ? 300 : 40); ++round) {
                auto typed = body;
                const std::string odd = " \t\n\r:#-{}[]&*!|>'\"%@`,?aé0";
                for (auto times = dice() % 4 + 1; times > 0; --times)
                    typed.insert(dice() % (typed.size() + 1), 1, odd[dice() % odd.size()]);
                try {
                    const auto made = with_module_body(text, id, typed);
                    CHECK(made.substr(0, head.size()) == head);
                    CHECK(made.size() >= tail.size());
                    CHECK(made.substr(made.size() - std::min(made.size(), tail.size())) == tail);
                } catch (const concejo::Error& error) {
                    CHECK(error.kind() == concejo::ErrorKind::invalid);
                }
            }
        }
    }
}
