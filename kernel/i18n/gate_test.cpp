// Each seeded defect must turn the gate red.
#include "kernel/i18n/gate.hpp"

#include "tests/support/shell.hpp"

#include <catch2/catch.hpp>

using namespace kernel::i18n;
namespace fs = std::filesystem;

namespace {

const std::string template_header =
    "msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n";

/// A small domain that passes; tests break one thing at a time.
class Domain {
public:
    Domain() {
        input.po = input.shown_from = folder.path();
        input.domain = "sede";
        input.messages = {{"Buscar {{que}}", "", "web/buscar.mustache", 3},
                          {"{n} día", "{n} días", "src/plazo.cpp", 8}};
        for (const auto* lang : {"ca", "gl", "eu", "en"}) write(std::string(lang) + ".po", good);
    }
    void write(const std::string& file, const std::string& text) const { folder.write(file, text); }
    std::string defects() const {
        std::string all;
        for (const auto& defect : check_translations(input)) all += defect + '\n';
        return all;
    }
    const std::string good =
        template_header +
        "msgid \"Buscar {{que}}\"\nmsgstr \"Cerca {{que}}\"\n\n"
        "msgid \"{n} día\"\nmsgid_plural \"{n} días\"\nmsgstr[0] \"{n} dia\"\nmsgstr[1] \"{n} dies\"\n";
    const tests::Folder folder;
    GateInput input;
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    text.replace(text.find(what), what.size(), with);
    return text;
}

}  // namespace

TEST_CASE("a complete domain passes") { CHECK(Domain().defects() == ""); }

TEST_CASE("the gate turns red on each defect") {
    Domain d;
    SECTION("a string without translation") {
        d.input.messages.push_back({"Nuevo", "", "web/nuevo.mustache", 5});
        CHECK(
            d.defects() ==
            "web/nuevo.mustache:5: sin traducción (ca): «Nuevo»\nweb/nuevo.mustache:5: sin traducción (gl): «Nuevo»\n"
            "web/nuevo.mustache:5: sin traducción (eu): «Nuevo»\nweb/nuevo.mustache:5: sin traducción (en): «Nuevo»\n");
    }
    SECTION("an empty translation") {
        d.write("eu.po", replaced(d.good, "Cerca {{que}}", ""));
        CHECK(d.defects() == "web/buscar.mustache:3: sin traducción (eu): «Buscar {{que}}»\n");
    }
    SECTION("a lost placeholder") {
        d.write("en.po", replaced(d.good, "Cerca {{que}}", "Search"));
        CHECK(d.defects() == "en.po:5: no conserva los huecos entre llaves de «Buscar {{que}}»\n");
        d.write("en.po", replaced(d.good, "{n} dies", "{m} days"));
        CHECK(d.defects() == "en.po:8: no conserva los huecos entre llaves de «{n} día»\n");
    }
    SECTION("a translation equal to the Spanish text") {
        d.write("gl.po", replaced(d.good, "Cerca {{que}}", "Buscar {{que}}"));
        CHECK(d.defects() == "gl.po:5: igual que en español y no está en iguales.txt: «Buscar {{que}}»\n");
        d.write("iguales.txt", "gl | así se dice en gallego | Buscar {{que}}\n");
        CHECK(d.defects() == "");
    }
    SECTION("an excuse that excuses nothing") {
        d.write("iguales.txt", "# nota\n\nca | nombre | Cl@ve\n");
        CHECK(d.defects() == "iguales.txt:3: línea que sobra: «Cl@ve»\n");
    }
    SECTION("entries that are no longer used") {
        d.write("ca.po", d.good + "\nmsgid \"Viejo\"\nmsgstr \"Vell\"\n#~ msgid \"x\"\n");
        CHECK(d.defects() ==
              "ca.po:13: sobra, ya no se usa: «Viejo»\nca.po:15: entrada obsoleta (#~): bórrela\n");
    }
    SECTION("a fuzzy entry, a missing plural form") {
        d.write("ca.po", replaced(replaced(d.good, "msgid \"Buscar", "#, fuzzy\nmsgid \"Buscar"),
                                  "msgstr[1] \"{n} dies\"\n", ""));
        CHECK(d.defects().find("ca.po:6: traducción dudosa") != std::string::npos);
        CHECK(d.defects().find("ca.po:9: se esperan 2 formas y hay 1") != std::string::npos);
    }
    SECTION("a whole catalog missing") {
        fs::remove(d.input.po / "eu.po");
        CHECK(d.defects().find("web/buscar.mustache:3: sin traducción (eu)") != std::string::npos);
    }
}

TEST_CASE("texts that base already translates need no entry of their own") {
    Domain base, d;
    d.input.fallback = base.input.po;
    for (const auto* lang : {"ca", "gl", "eu", "en"}) d.write(std::string(lang) + ".po", template_header);
    CHECK(d.defects() == "");
}

TEST_CASE("update adds what is missing, ready to be translated") {
    Domain d;
    d.input.messages.push_back({"Di \"sí\"", "", "a.cpp", 1});
    CHECK(add_missing(d.input) == 4);
    CHECK(add_missing(d.input) == 0);
    CHECK(check_translations(d.input).size() == 4);
}

TEST_CASE("texts are found in templates and in sources") {
    const auto in_template =
        extract_template("<p>\n{{#_}} Hola,\n  {{x}} {{/_}}</p>{{#_}}Dos{{/_}}", "t.mustache");
    REQUIRE(in_template.size() == 2);
    CHECK(in_template[0].msgid == "Hola, {{x}}");
    CHECK(in_template[0].line == 2);
    CHECK(in_template[1].line == 3);

    const auto in_cpp = extract_cpp(
        "// tr(\"no\")\nstd::string tr(std::string_view id);\nauto s = \"tr(\\\"no\\\")\";\n"
        "page.tr(\"Uno \" /* y */\n \"dos\");\nctx.trn(lang(1, \"no\"), \"{n} día\", \"{n} días\", n);\n"
        "int x = 1'000; const char* k = N_(\"Tres\"); R\"(tr(\"no\"))\"; str(\"no\");",
        "a.cpp");
    REQUIRE(in_cpp.size() == 3);
    CHECK(in_cpp[0].msgid == "Uno dos");
    CHECK(in_cpp[0].line == 4);
    CHECK(in_cpp[1].msgid == "{n} día");
    CHECK(in_cpp[1].plural == "{n} días");
    CHECK(in_cpp[1].line == 6);
    CHECK(in_cpp[2].msgid == "Tres");
    CHECK(extract_cpp("pages.say(lang, \"Hola\"); say(x);", "b.cpp").empty());
    CHECK(extract_cpp("pages.say(lang, \"Hola\"); say(x);", "b.cpp", {"say"}).at(0).msgid == "Hola");
}
