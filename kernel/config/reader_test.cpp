#include "kernel/config/reader.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace kernel::config;

namespace {

struct Bad {
    const char* what;
    std::string text;
    const char* place;    ///< "line:column"
    const char* message;  ///< a part of it
};

struct Read {
    std::optional<Node> node;
    Problems problems;
};

Read read(const std::string& text, const ReaderOptions& options = {}) {
    Read result;
    result.node = read_yaml(text, "f.yaml", options, result.problems);
    return result;
}

std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("every defect is told with its line and column") {
    const std::vector<Bad> table = {
        {"duplicate key", "a: 1\nb: 2\na: 3\n", "3:1", "clave repetida 'a': ya está en f.yaml:1:1"},
        {"duplicate key, other quotes", "x:\n  \"a\": 1\n  'a': 2\n", "3:3", "ya está en f.yaml:2:3"},
        {"duplicate key in a flow", "x: {a: 1, b: 2, a: 3}\n", "1:17",
         "clave repetida 'a': ya está en f.yaml:1:5"},
        {"duplicate key in a list's item", "- a: 1\n  a: 2\n", "2:3", "ya está en f.yaml:1:3"},
        {"column counts characters", "ñandú: {é: 1, é: 2}\n", "1:15",
         "clave repetida 'é': ya está en f.yaml:1:9"},
        {"after a BOM",
         "\xEF\xBB\xBF"
         "a: 1\na: 2\n",
         "2:1", "clave repetida"},
        {"Windows line ends", "a: 1\r\nb: 2\r\nb: 3\r\n", "3:1", "clave repetida 'b'"},
        {"octal trap", "cp: 04001\n", "1:5",
         "04001 comienza por cero: si es un código, debe ir entre comillas (\"04001\")"},
        {"octal trap in a list", "x: [1, 010]\n", "1:8", "010 comienza por cero"},
        {"merge key", "base: &b {x: 1}\nc:\n  <<: *b\n", "3:3", "la clave de fusión '<<' no se admite"},
        {"unknown tag", "a: !foo x\n", "1:4", "etiqueta desconocida '!foo'"},
        {"binary tag", "a: !!binary aGk=\n", "1:4", "etiqueta desconocida"},
        {"env outside platform.yaml", "a: !env HOME\n", "1:4", "!env solo se admite en platform.yaml"},
        {"secret without a name", "a: !secret\n", "1:4", "!secret ha de ir seguido de un nombre"},
        {"secret that is a list", "a: !secret [b]\n", "1:4", "!secret ha de ir seguido de un nombre"},
        {"key that is a list", "? [a]\n: b\n", "1:3", "una clave ha de ser un texto"},
        {"null key", "~: 1\n", "1:1", "una clave ha de ser un texto"},
        {"undefined alias", "a: *x\n", "1:4", "'*' nombra un ancla que no existe"},
        {"alias inside its anchor", "&a [*a]\n", "1:5", "el alias está dentro de lo que nombra"},
        {"tab as indentation", "a:\n\tb: 1\n", "2:3", "tabulador en la sangría: use espacios"},
        {"colon in a value", "a: b: c\n", "1:5", "':' donde no puede ir"},
        {"deeper without a parent", "a: 1\n b: 2\n", "2:3", "':' donde no puede ir"},
        {"list inside a mapping", "x: 1\n- y\n", "2:1", "el bloque termina mal"},
        {"list on the key's line", "a: - b\n", "1:4", "'-' donde no puede ir"},
        {"stray bracket", "a: }\n", "1:4", "cierre ']' o '}' sin su apertura"},
        {"at sign", "correo: @villa\n", "1:9", "carácter que no puede comenzar un valor"},
        {"open quote", "a: 'x\nb: 2\n", "3:1", "falta cerrar las comillas"},
        {"open bracket", "a: [1, 2\nb: 3\n", "2:2", "falta ']'"},
        {"open brace", "a: {b: 1\n", "2:1", "falta '}'"},
        {"unknown escape", "a: \"\\q\"\n", "1:7", "secuencia de escape desconocida"},
        {"last line without a colon", "a: 1\nb\n", "2:1", "falta ':' tras 'b'"},
        {"comma in a flow", "a: {b: uno, dos}\n", "1:13", "falta ':' tras 'dos'"},
        {"two documents", "--- {a: 1}\n--- {b: 2}\n", "2:1", "hay un segundo documento"},
        {"not UTF-8", "a: x\nñ: b\xF1\n", "2:5", "el archivo no está en UTF-8"},
        {"control character", std::string("a: 1\nb: \0x\n", 11), "2:4", "carácter de control"},
        {"depth", repeated("[", 40) + repeated("]", 40), "1:33", "más de 32 niveles"},
        {"aliases", "a: &a x\nb: [" + repeated("*a, ", 70) + "]\n", "2:261", "más de 64 alias"},
    };
    for (const Bad& bad : table) {
        INFO(bad.what);
        const auto result = read(bad.text);
        REQUIRE_FALSE(result.problems.all().empty());
        const std::string first = result.problems.all().front().text();
        CHECK(first.substr(0, 8 + std::string(bad.place).size()) == "f.yaml:" + std::string(bad.place) + ":");
        CHECK_THAT(first, Catch::Contains(bad.message));
        CHECK(result.problems.all().size() == 1);
    }
}

TEST_CASE("aliases cannot blow a small file up") {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";  // "billion laughs"
    for (int i = 1; i < 10; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int k = 0; k < 8; ++k) text += ", " + before;
        text += "]\n";
    }
    const auto result = read(text);
    CHECK_FALSE(result.node);
    ReaderOptions many;
    many.alias_limit = 10000;
    CHECK_THAT(read(text, many).problems.text(), Catch::Contains("más de 100000 valores"));
}

TEST_CASE("a file past the limit is refused before it is parsed") {
    ReaderOptions options;
    options.file_limit = 10;
    CHECK_THAT(read("a: 12345678", options).problems.text(), Catch::Contains("el límite es 10"));
}

TEST_CASE("values keep their meaning: the core schema of YAML 1.2 and no surprises of 1.1") {
    const auto result = read(
        "a: yes\nb: no\nc: 12:30\nd: 1e3\ne: 0x1F\nf: 1_000\ng: \"010\"\nh: !!str 010\ni: 2026-03-01\n"
        "j: ~\nk: true\nl: True\nm: -5\nn: 0.5\no: 0\np: |\n  uno\n  dos\nq: >-\n  uno\n  dos\n"
        "r: 99999999999999999999\ns: +7\nt: .5\nu:\n");
    REQUIRE(result.node);
    CHECK(result.problems.text() == "");
    CHECK(
        result.node->json().dump() ==
        R"({"a":"yes","b":"no","c":"12:30","d":1000,"e":"0x1F","f":"1_000","g":"010","h":"010","i":"2026-03-01",)"
        R"("j":null,"k":true,"l":"True","m":-5,"n":0.5,"o":0,"p":"uno\ndos\n","q":"uno dos",)"
        R"("r":"99999999999999999999","s":7,"t":".5","u":null})");
}

TEST_CASE("an empty file is null") {
    for (const char* text : {"", "\n", "# nothing\n", "---\n", "\xEF\xBB\xBF"}) {
        const auto result = read(text);
        REQUIRE(result.node);
        CHECK(result.node->is_null());
        CHECK(result.problems.empty());
    }
}

TEST_CASE("keys and values know their places, anchored ones too") {
    const auto result = read("a:\n  b: &x [1, {c: 'd'}]\ne: *x\n");
    REQUIRE(result.node);
    const Node& b = *result.node->at("a.b");
    CHECK(b.place.text() == "f.yaml:2:6");
    CHECK(b.items[1].members[0].place.text() == "f.yaml:2:14");
    CHECK(b.items[1].find("c")->place.text() == "f.yaml:2:17");
    CHECK(result.node->find("e")->items[1].find("c")->place.text() == "f.yaml:2:17");
    CHECK(result.node->member("e")->place.text() == "f.yaml:3:1");
}

TEST_CASE("!env takes the environment's value, plain") {
    ::setenv("CONCEJO_TEST_PORT", "8081", 1);
    ::unsetenv("CONCEJO_TEST_NONE");
    ReaderOptions options;
    options.allow_env = true;
    const auto result = read("puerto: !env CONCEJO_TEST_PORT\nb: !env CONCEJO_TEST_NONE\n", options);
    REQUIRE(result.node);
    CHECK(result.node->json()["puerto"].as_int() == 8081);
    CHECK(result.problems.text() ==
          "f.yaml:2:4: error: la variable de entorno CONCEJO_TEST_NONE no está definida\n");
}

TEST_CASE("a secret's name is read, its value is not there yet and never shown") {
    const auto result = read("a: !secret sello.p12\n");
    REQUIRE(result.node);
    CHECK(result.node->find("a")->reference == "sello.p12");
    CHECK(result.node->shown().dump() == R"({"a":"«secreto»"})");
}

TEST_CASE("merging: mappings merge, lists replace, null unsets") {
    const auto lower = read("a: {x: 1, y: [1, 2], z: {p: 1, q: 2}}\nb: 1\n").node;
    const auto upper = read("a: {y: [3], z: {q: null, r: 3}, w: 4}\nb: ~\nc: ~\n").node;
    const Node both = merged(*lower, *upper);
    CHECK(both.json().dump() == R"({"a":{"x":1,"y":[3],"z":{"p":1,"r":3},"w":4},"c":null})");
}
