#include "kernel/themes/lint.hpp"

#include <catch2/catch.hpp>

using namespace kernel::themes;

namespace {

std::string lint(std::string_view text) {
    std::string all;
    for (const auto& error : lint_template(text, "t.mustache")) all += std::string(error.what()) + '\n';
    return all;
}

std::string shield(std::string_view svg) {
    try {
        check_shield(svg, {"theme.yaml", 2, 9});
    } catch (const ThemeError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a good template has no defects") {
    CHECK(
        lint(
            "<!doctype html><!-- nota -->\n<p class=\"a\"{{#x}} hidden{{/x}} data-c='p'>{{#_}}Hola{{/_}} {{y}} PDF &middot; 12</p>"
            "<script type=\"module\" src=\"{{assets.js}}\"></script><img src=\"{{a}}\" alt=\"\">"
            "<a href=\"https://boe.es\">BOE</a><input disabled value=\"{{v}}\">") == "");
}

TEST_CASE("each defect is named with its place") {
    CHECK(lint("<p>\n <b style=\"color:red\">1</b>") ==
          "t.mustache:2:5: no se admite el atributo style: use una clase\n");
    CHECK(lint("<b onclick=\"x()\">") ==
          "t.mustache:1:4: no se admite el atributo «onclick»: use un archivo de código\n");
    CHECK(lint("<script>x()</script>") ==
          "t.mustache:1:1: no se admite código dentro de <script>: póngalo en un archivo\n");
    CHECK(lint("<style>a{}</style>") == "t.mustache:1:1: no se admite <style>: use la hoja del tema\n");
    CHECK(lint("<a href={{x}}>") == "t.mustache:1:4: el valor de «href» va sin comillas\n");
    CHECK(lint("<img src=\"/a\">") ==
          "t.mustache:1:1: la imagen no tiene alt (vacío si es de adorno: alt=\"\")\n");
    CHECK(lint("<img alt=\"\" src=\"//cdn.example/a\">") ==
          "t.mustache:1:13: «src» apunta a otro servidor: sirva el archivo desde el tema\n");
    CHECK(lint("<a href=\"javascript:x\">") == "t.mustache:1:4: dirección «javascript:»\n");
    CHECK(lint("<p>\n  Hola, {{x}}</p>") ==
          "t.mustache:2:3: texto sin traducir: póngalo entre {{#_}} y {{/_}}\n");
    CHECK(lint("<i aria-label=\"Cerrar\">") ==
          "t.mustache:1:4: texto sin traducir en «aria-label»: póngalo entre {{#_}} y {{/_}}\n");
}

TEST_CASE("a shield may do nothing but draw") {
    const std::string good =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><path d=\"M0 0\" fill=\"url(#g)\"/></svg>";
    CHECK(shield(good) == "");
    CHECK(shield("<svg/>") == "theme.yaml:2:9: escudo: no tiene viewBox");
    CHECK(shield(good + "<ScRipt>") == "theme.yaml:2:9: escudo: no puede llevar «<script»");
    CHECK(shield(good + "<g ONLOAD = 'x'>") ==
          "theme.yaml:2:9: escudo: no puede llevar el atributo «onload»");
    CHECK(shield(good + "<use href='https://x/#a'>") ==
          "theme.yaml:2:9: escudo: no puede referirse a otros archivos");
    CHECK(shield(good + "<g fill=\"url(//x)\">") ==
          "theme.yaml:2:9: escudo: no puede referirse a otros archivos");
    CHECK(shield(std::string(21000, ' ')).find("20 KiB") != std::string::npos);
}
