#include "text.hpp"
#include "formulario.hpp"
#include "save_borrador.hpp"
#include "tipos.hpp"

#include <catch2/catch.hpp>

using namespace sede;

TEST_CASE("names in braces are filled in once, unknown ones stay") {
    CHECK(fill("N.º {numero} de {total}", {{"numero", "{total}"}, {"total", "7"}}) == "N.º {total} de 7");
    CHECK(fill("{a} {", {{"b", "x"}}) == "{a} {");
    CHECK(fill("", {}).empty());
}

TEST_CASE("XML gets no character that it forbids") {
    CHECK(escape_xml("<a href=\"x\">Peña & Hijos</a>") ==
          "&lt;a href=&quot;x&quot;&gt;Peña &amp; Hijos&lt;/a&gt;");
    CHECK(escape_xml(std::string("a\x01"
                                 "b\xff"
                                 "c")) == "a bc");
    CHECK(escape_xml("a\xEF\xBF\xBE\xEF\xBF\xBF b") == "a b");
}

TEST_CASE("texts are cut at a character's edge") {
    CHECK(clean_line("  ñandú\n\tveloz ", 100) == "ñandú  veloz");
    CHECK(clean_line("ññ", 3) == "ñ");
    CHECK(clean_text("uno\r\ndos", 100) == "uno\ndos");
    CHECK(clean_text("\xed\xa0\x80 sustituto suelto", 100) == "sustituto suelto");
}

TEST_CASE("file names become what an address and any disk can take") {
    CHECK(file_slug("Edicto presupuesto (v2).PDF") == "edicto-presupuesto-v2.pdf");
    CHECK(file_slug("C:\\Usuarios\\Peña\\Año ñandú.pdf") == "ano-nandu.pdf");
    CHECK(file_slug("../../etc/passwd") == "passwd");
    CHECK(file_slug("....") == "documento");
    CHECK(file_slug("") == "documento");
    CHECK(file_slug("公告.pdf") == "documento.pdf");
    CHECK(file_slug(std::string(300, 'a') + ".pdf").size() <= 90);
}

TEST_CASE("files of one announcement get addresses of their own") {
    const auto file = [](const char* name) {
        return Archivo{*Sha256::parse(std::string(64, 'b')), 1, "application/pdf", name, "", 1};
    };
    std::vector<Archivo> files{file("Bases.pdf"), file("bases.pdf"), file("plano.png"), file("BASES.pdf")};
    distinct_slugs(files);
    CHECK(files[0].slug == "bases.pdf");
    CHECK(files[1].slug == "bases-2.pdf");
    CHECK(files[2].slug == "plano.png");
    CHECK(files[3].slug == "bases-3.pdf");
}

TEST_CASE("sizes have the unit that people expect") {
    CHECK(std::string(tamano(312'000).unidad) == "kB");
    CHECK(tamano(312'400).valor == 312);
    CHECK(std::string(tamano(2'100'000).unidad) == "MB");
    CHECK(tamano(2'100'000).decimales == 1);
    CHECK(std::string(tamano(17).unidad) == "B");
}

TEST_CASE("marked words come out apart") {
    const auto pieces = split_marks("el \x02presupuesto\x03 general", '\x02', '\x03');
    REQUIRE(pieces.size() == 3);
    CHECK(pieces[1].texto == "presupuesto");
    CHECK(pieces[1].marcado);
    CHECK_FALSE(pieces[2].marcado);
}

TEST_CASE("a type is found by its id, with underscores, or by its name") {
    const auto settings =
        concejo::Json::parse(R"({"tipos":[{"id":"mercadillo","nombre":"Mercadillo y venta ambulante"}]})");
    const Tipos tipos(
        settings, [](const char* text) { return std::string(text); }, "es");
    CHECK(tipos.find("empleo_publico") == "empleo-publico");
    CHECK(tipos.find("Empleo público") == "empleo-publico");
    CHECK(tipos.find("EDICTO") == "edicto");
    CHECK(tipos.find("mercadillo") == "mercadillo");
    CHECK(tipos.find("inventado").empty());
    CHECK(tipos.name("mercadillo") == "Mercadillo y venta ambulante");
    CHECK(tipos.name("desaparecido") == "desaparecido");
}

TEST_CASE("a typed form becomes content, or says which field cannot be read") {
    const auto posted = [](std::string desde, std::string hasta) {
        return Formulario::posted([=](std::string_view name, std::uint32_t) -> std::optional<std::string> {
            if (name == "titulo") return "  Bases de la convocatoria ";
            if (name == "desde") return desde;
            if (name == "hasta") return hasta;
            return std::nullopt;
        });
    };
    const Zona zona("Europe/Madrid");
    const auto good = posted("23/11/2026", "2026-12-22").contenido(zona, false);
    REQUIRE(good);
    CHECK(good->titulo == "Bases de la convocatoria");
    CHECK(good->hasta.iso() == "2026-12-22");
    const auto bad = posted("31/02/2026", "").contenido(zona, true);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().size() == 3);
    CHECK(bad.error().front().campo == "desde");
}

TEST_CASE("what is scheduled for later is exposed from that day on") {
    const auto form =
        Formulario::posted([](std::string_view name, std::uint32_t) -> std::optional<std::string> {
            if (name == "desde") return "23/11/2026";
            if (name == "hasta") return "22/12/2026";
            if (name == "fecha_programada") return "30/11/2026";
            if (name == "hora_programada") return "9:30";
            return std::nullopt;
        });
    const Zona zona("Europe/Madrid");
    const auto later = form.contenido(zona, true);
    REQUIRE(later);
    CHECK(later->desde.iso() == "2026-11-30");
    CHECK(zona.rfc3339(*later->publicar_en) == "2026-11-30T09:30:00+01:00");
    CHECK(form.contenido(zona, false)->desde.iso() == "2026-11-23");
}
