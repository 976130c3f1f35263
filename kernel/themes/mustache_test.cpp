#include "kernel/themes/mustache.hpp"

#include "kernel/base/files.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

using concejo::Json;
using namespace kernel::themes;

namespace {

using Sources = std::map<std::string, std::string>;

Loader loader(Sources sources) {
    return [sources = std::move(sources)](std::string_view name) -> std::optional<Source> {
        const auto found = sources.find(std::string(name));
        if (found == sources.end()) return std::nullopt;
        return Source{found->second, found->first + ".mustache", "base"};
    };
}

std::string render(Sources sources, const Json& view, bool strict = false, CompileOptions options = {}) {
    return Template::compile("main", loader(std::move(sources)), options).render(view, strict);
}

std::string error_of(Sources sources, const Json& view = Json::object(), bool strict = false) {
    try {
        render(std::move(sources), view, strict);
    } catch (const std::exception& error) {
        return error.what();
    }
    return "(ningún error)";
}

}  // namespace

TEST_CASE("the public specification of Mustache", "[conformance]") {
    const char* data = std::getenv("CONCEJO_CONFORMANCE");
    if (!data) {
        WARN("skipped: Mustache specification (set CONCEJO_CONFORMANCE)");
        return;
    }
    CompileOptions options;
    options.any_raw = true;
    options.missing_empty = true;
    std::size_t cases = 0;
    for (const auto* part :
         {"comments", "delimiters", "interpolation", "inverted", "partials", "sections", "inheritance"}) {
        const Json spec = Json::parse(kernel::base::read_file(
            std::filesystem::path(data) / "mustache" / (std::string(part) + ".json"), 1 << 20));
        for (const Json& test : spec["tests"].as_array()) {
            Sources sources{{"main", test.string_or("template", "")}};
            if (test.contains("partials")) {
                for (const auto& [name, text] : test["partials"].as_object())
                    sources[name] = text.as_string();
            }
            // The specification escapes four characters; the apostrophe is ours on top and is in no case of it.
            INFO(part << ": " << test.string_or("name", ""));
            CHECK(render(sources, test["data"], false, options) == test.string_or("expected", ""));
            ++cases;
        }
    }
    CHECK(cases == 163);
}

TEST_CASE("values are escaped, also for attributes") {
    CHECK(render({{"main", "<a title='{{x}}'>"}}, Json::object({{"x", "&<>\"'"}})) ==
          "<a title='&amp;&lt;&gt;&quot;&#39;'>");
    CHECK(render({{"main", "{{{body_html}}}"}}, Json::object({{"body_html", "<b>"}})) == "<b>");
}

TEST_CASE("errors say file, line and column") {
    CHECK(error_of({{"main", "<p>\n  {{#lista}}\n"}}) ==
          "main.mustache:2:3: «lista» se abre y no se cierra: falta {{/lista}}");
    CHECK(error_of({{"main", "{{#a}}\ná{{/b}}"}}) ==
          "main.mustache:2:2: se cierra «b», pero lo abierto es «a» (línea 1)");
    CHECK(error_of({{"main", "x{{/b}}"}}) == "main.mustache:1:2: se cierra «b», que no está abierta");
    CHECK(error_of({{"main", "a\n b {{> no/hay}}"}}) ==
          "main.mustache:2:4: no existe la plantilla o el parcial «no/hay»");
    CHECK(error_of({{"main", "{{x"}}) == "main.mustache:1:1: etiqueta sin cerrar: falta «}}»");
    CHECK(error_of({{"main", "{{x y}}"}}) == "main.mustache:1:1: el nombre «x y» lleva espacios");
    CHECK(error_of({{"main", "{{{html}}}"}}) ==
          "main.mustache:1:1: «html» no puede salir sin escapar: use {{html}}");
    CHECK(error_of({{"main", "{{&html}}"}}) ==
          "main.mustache:1:1: «html» no puede salir sin escapar: use {{html}}");
}

TEST_CASE("a partial that calls itself without end is an error, one inside a section is not") {
    CHECK(error_of({{"main", "{{>a}}"}, {"a", "x{{>b}}"}, {"b", "\n{{>a}}"}}) ==
          "b.mustache:2:1: recursión sin fin: main → a → b → a");
    const Json tree = Json::object(
        {{"n", "1"}, {"hijos", Json::array({Json::object({{"n", "2"}, {"hijos", Json::array()}})})}});
    CHECK(render({{"main", "{{>rama}}"}, {"rama", "({{n}}{{#hijos}}{{>rama}}{{/hijos}})"}}, tree) ==
          "(1(2))");
}

TEST_CASE("in strict mode every name that the view lacks is listed with its place") {
    const Sources sources{{"main", "{{a}}\n {{b.c}}{{#falta}}{{x}}{{/falta}}{{^falta}}-{{/falta}}"}};
    const Json view = Json::object({{"a", nullptr}, {"b", Json::object()}});
    CHECK(error_of(sources, view, true) ==
          "main.mustache:2:2: nombres que la vista no da:\n  «b.c» en main.mustache:2:2");
    CHECK(render(sources, view) == "\n -");
}

TEST_CASE("texts are translated while compiling, with their variables") {
    CompileOptions options;
    options.lang = "ca";
    std::string asked;
    options.translate = [&](std::string_view lang, std::string_view domain, std::string_view msgid) {
        asked = std::string(lang) + '/' + std::string(domain) + '/' + std::string(msgid);
        return std::string("Hola, {{quien.nombre}} & cia");
    };
    const Json view = Json::object({{"quien", Json::object({{"nombre", "<Ana>"}})}});
    CHECK(render({{"main", "{{#_}}\n  Buenos días,\n {{quien.nombre}} {{/_}}!"}}, view, true, options) ==
          "Hola, &lt;Ana&gt; & cia!");
    CHECK(asked == "ca/base/Buenos días, {{quien.nombre}}");
}

TEST_CASE("a name with a question mark asks whether there is anything, and does not enter it") {
    const Sources sources{{"main", "{{#x?}}<ul>{{#x}}<li>{{.}}</li>{{/x}}</ul>{{/x?}}{{^x?}}nada{{/x?}}"}};
    CHECK(render(sources, Json::object({{"x", Json::array({1, 2})}})) == "<ul><li>1</li><li>2</li></ul>");
    CHECK(render(sources, Json::object({{"x", Json::array()}})) == "nada");
}

TEST_CASE("a page fills the blocks of its layout, and a layout those of another") {
    const Sources sources{
        {"main", "{{<layout}}\n{{$main}}<h1>{{t}}</h1>{{/main}}\n{{/layout}}\n"},
        {"layout", "{{<raiz}}\n{{$cuerpo}}<main>{{$main}}{{/main}}</main>{{/cuerpo}}\n{{/raiz}}\n"},
        {"raiz", "<body>{{$cuerpo}}{{/cuerpo}}</body>\n"}};
    CHECK(render(sources, Json::object({{"t", "Hola"}})) == "<body><main><h1>Hola</h1></main></body>\n");
}
