#include "kernel/i18n/catalogs.hpp"

#include "tests/support/shell.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace kernel::i18n;
using tests::Folder;

namespace {

const std::string header = "msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n";

std::string error_of(const std::string& text) {
    try {
        parse_po(text, "ca.po");
    } catch (const concejo::Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a translation is looked for in its domain, then in base, then it is the Spanish text") {
    Folder base, sede;
    base.write("ca.po",
               header + "msgid \"Buscar\"\nmsgstr \"Cerca\"\n\nmsgid \"Inicio\"\nmsgstr \"Inici\"\n");
    sede.write("ca.po", header + "msgid \"Buscar\"\nmsgstr \"Cerca tràmits\"\n");
    Catalogs catalogs;
    catalogs.load("base", base.path());
    catalogs.load("sede", sede.path());
    CHECK(catalogs.translate("ca", "sede", "Buscar") == "Cerca tràmits");
    CHECK(catalogs.translate("ca", "sede", "Inicio") == "Inici");
    CHECK(catalogs.translate("ca-valencia", "sede", "Inicio") == "Inici");
    CHECK(catalogs.translate("ca", "sede", "Ayuda") == "Ayuda");
    CHECK(catalogs.translate("es", "sede", "Buscar") == "Buscar");
}

TEST_CASE("plurals follow the catalog's rule; Basque may put the number first") {
    Folder folder;
    folder.write("eu.po", header +
                              "msgid \"{n} resultado\"\nmsgid_plural \"{n} resultados\"\n"
                              "msgstr[0] \"emaitza {n}\"\nmsgstr[1] \"{n} emaitza\"\n");
    Catalogs catalogs;
    catalogs.load("base", folder.path());
    CHECK(catalogs.plural("eu", "base", "{n} resultado", "{n} resultados", 1) == "emaitza {n}");
    CHECK(catalogs.plural("eu", "base", "{n} resultado", "{n} resultados", 2) == "{n} emaitza");
    CHECK(catalogs.plural("eu", "base", "{n} resultado", "{n} resultados", 0) == "{n} emaitza");
    CHECK(catalogs.plural("es", "base", "{n} resultado", "{n} resultados", 1) == "{n} resultado");
    CHECK(catalogs.plural("es", "base", "{n} resultado", "{n} resultados", 0) == "{n} resultados");
}

TEST_CASE("continued strings, escapes, comments and unfinished entries") {
    const PoFile po = parse_po(
        header +
            "# del traductor\n#: a.cpp:1\n#, fuzzy\nmsgid \"a\"\n\" b\\n\"\nmsgstr \"x \"\n\"\\\"y\\\"\"\n"
            "#~ msgid \"viejo\"\n#~ msgstr \"vell\"\n",
        "ca.po");
    REQUIRE(po.entries.size() == 1);
    CHECK(po.entries[0].msgid == "a b\n");
    CHECK(po.entries[0].texts == std::vector<std::string>{"x \"y\""});
    CHECK(po.entries[0].fuzzy);
    CHECK(po.obsolete == std::vector<int>{12, 13});
}

TEST_CASE("a broken catalog says where") {
    CHECK(error_of("msgid \"a\"\nmsgstr \"b\nmsgid") == "ca.po:2: falta el texto entre comillas");
    CHECK(error_of("msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n") ==
          "ca.po:4: msgid repetido; el primero está en la línea 1");
    CHECK(error_of("msgid \"a\"\n") == "ca.po:1: msgid sin msgstr");
    CHECK(error_of("msgid \"\"\nmsgstr \"Plural-Forms: nplurals=3; plural=n;\\n\"\n") ==
          "ca.po:1: regla de plurales desconocida: «nplurals=3;plural=n;»");
}

TEST_CASE("a text that arrives ready-made is translated, kept, or said to be Spanish") {
    Folder folder;
    folder.write(
        "en.po",
        header +
            "msgid \"Ya está publicado.\"\nmsgstr \"It is published already.\"\n\n"
            "msgid \"El archivo «{f}» pesa más de {n} MB.\"\nmsgstr \"Over {n} MB: the file “{f}”.\"\n\n"
            "msgid \"{a}: {b}\"\nmsgstr \"{a}: {b}\"\n");
    Catalogs catalogs;
    catalogs.load("sede", folder.path());
    const auto told = [&](const char* lang, const char* text) {
        const auto t = catalogs.tell(lang, "sede", text);
        return t.lang + (t.known ? "+" : "-") + t.text;
    };
    CHECK(told("en", "Ya está publicado.") == "en+It is published already.");
    CHECK(told("en", "It is published already.") == "en+It is published already.");
    CHECK(told("en", "El archivo «a.pdf» pesa más de 50 MB.") == "en+Over 50 MB: the file “a.pdf”.");
    CHECK(told("en", "Over 50 MB: the file “a.pdf”.") == "en+Over 50 MB: the file “a.pdf”.");
    CHECK(told("en", "base de datos: no cabe") == "es-base de datos: no cabe");
    CHECK(told("es", "Ya está publicado.") == "es+Ya está publicado.");
    CHECK(told("es", "El archivo «a.pdf» pesa más de 50 MB.") == "es+El archivo «a.pdf» pesa más de 50 MB.");
    CHECK(told("es", "otra cosa") == "es-otra cosa");
    CHECK(told("ca", "Ya está publicado.") == "es-Ya está publicado.");
    CHECK(catalogs.tell("en", "otro", "Ya está publicado.").lang == "es");
}
