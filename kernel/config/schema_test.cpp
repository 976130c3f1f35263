#include "kernel/config/schema.hpp"

#include "kernel/config/reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kernel::config;

namespace {

Schema schema_of(const std::string& text) {
    Problems problems;
    const auto tree = read_yaml(text, "s.yaml", {}, problems);
    REQUIRE(tree);
    auto schema = Schema::parse(*tree, problems);
    INFO(problems.text());
    REQUIRE(schema);
    return *schema;
}

struct Applied {
    Node value;
    std::string problems;
};

Applied applied_to(const Schema& schema, const std::string& text,
                   Completeness completeness = Completeness::whole) {
    Problems problems;
    auto tree = read_yaml(text, "f.yaml", {}, problems);
    REQUIRE(tree);
    schema.apply(*tree, "modulos.m", problems, completeness);
    return {*tree, problems.text()};
}

std::string schema_problems(const std::string& text) {
    Problems problems;
    const auto tree = read_yaml(text, "s.yaml", {}, problems);
    if (tree) CHECK_FALSE(Schema::parse(*tree, problems));
    return problems.text();
}

constexpr const char* example = R"(
type: object
required: [nombre]
properties:
  nombre: {type: string, minLength: 2, maxLength: 6}
  ine: {type: string, x-codigo: ine}
  activo: {type: boolean, default: false}
  dias: {type: integer, minimum: 1, maximum: 90, default: 20}
  factor: {type: number, minimum: 0.5}
  color: {type: string, format: color}
  correo: {type: string, format: email}
  desde: {type: string, format: date}
  host: {type: string, format: hostname}
  web: {type: string, format: uri}
  nivel: {type: string, enum: [bajo, medio, alto]}
  siempre: {const: 3}
  clave: {type: string, pattern: '^[a-zñ]{3}$', description: tres letras minúsculas}
  sello: {type: string, x-secreto: true}
  viejo: {type: string, x-obsoleto: use 'nuevo'}
  indicadores: {type: array, items: {type: string}, minItems: 1, maxItems: 3, uniqueItems: true}
  bloque:
    type: object
    properties:
      a: {type: integer, default: 1}
      b: {type: object, properties: {c: {type: string, default: x}}}
  mapa: {type: object, additionalProperties: {type: integer}}
  forma:
    oneOf:
      - {title: un texto, type: string}
      - title: un bloque con 'x'
        type: object
        required: [x]
        properties: {x: {type: integer}}
)";

}  // namespace

TEST_CASE("what a schema refuses, with place and words") {
    const Schema schema = schema_of(example);
    struct Row {
        const char* text;
        const char* problem;
    };
    const std::vector<Row> table = {
        {"nombre: Villa\nindicador: [a]\n",
         "2:1: error: clave desconocida 'indicador' en modulos.m; ¿quería decir 'indicadores'?"},
        {"nombre: Villa\nbloque: {zz: 1}\n",
         "2:10: error: clave desconocida 'zz' en modulos.m.bloque; claves: a, b"},
        {"dias: 3\n", "1:1: error: modulos.m: falta la clave 'nombre'"},
        {"nombre:\n", "1:1: error: 'modulos.m.nombre' está vacía y es obligatoria"},
        {"nombre: V\n", "1:9: error: modulos.m.nombre: ha de tener al menos 2 caracteres"},
        {"nombre: Ñandúes\n", "1:9: error: modulos.m.nombre: ha de tener como mucho 6 caracteres y tiene 7"},
        {"nombre: 28179\n",
         "1:9: error: modulos.m.nombre: debe ser un texto: escríbalo entre comillas (\"28179\")"},
        {"nombre: true\n",
         "1:9: error: modulos.m.nombre: debe ser un texto: escríbalo entre comillas (\"true\")"},
        {"nombre: [a]\n", "1:9: error: modulos.m.nombre: debe ser un texto"},
        {"nombre: aa\nine: 28179\n",
         "2:6: error: modulos.m.ine: 28179 debe ir entre comillas (código de 5 cifras)"},
        {"nombre: aa\nine: 04001\n", "2:6: error: 04001 comienza por cero"},
        {"nombre: aa\nine: \"2817\"\n",
         "2:6: error: modulos.m.ine: '2817' no es un código INE: son 5 cifras"},
        {"nombre: aa\nactivo: sí\n",
         "2:9: error: modulos.m.activo: escriba true o false, sin comillas, y no 'sí'"},
        {"nombre: aa\nactivo: yes\n", "2:9: error: modulos.m.activo: escriba true o false"},
        {"nombre: aa\nactivo: \"true\"\n", "2:9: error: modulos.m.activo: escriba true o false"},
        {"nombre: aa\ndias: veinte\n", "2:7: error: modulos.m.dias: debe ser un número entero"},
        {"nombre: aa\ndias: \"20\"\n", "2:7: error: modulos.m.dias: debe ser un número entero, sin comillas"},
        {"nombre: aa\ndias: 2.5\n", "2:7: error: modulos.m.dias: debe ser un número entero"},
        {"nombre: aa\ndias: 0\n", "2:7: error: modulos.m.dias: 0 es menor que 1"},
        {"nombre: aa\ndias: 91\n", "2:7: error: modulos.m.dias: 91 es mayor que 90"},
        {"nombre: aa\nfactor: 0.25\n", "2:9: error: modulos.m.factor: 0.25 es menor que 0.5"},
        {"nombre: aa\ncolor: rojo\n", "2:8: error: modulos.m.color: 'rojo' no es un color"},
        {"nombre: aa\ncorreo: sede.villa.es\n",
         "2:9: error: modulos.m.correo: 'sede.villa.es' no es una dirección de correo"},
        {"nombre: aa\ndesde: 2026-02-30\n",
         "2:8: error: modulos.m.desde: '2026-02-30' no es una fecha que exista"},
        {"nombre: aa\nhost: https://villa.es\n",
         "2:7: error: modulos.m.host: 'https://villa.es' no es un nombre de host"},
        {"nombre: aa\nweb: villa.es\n",
         "2:6: error: modulos.m.web: 'villa.es' no es una dirección web completa"},
        {"nombre: aa\nnivel: medo\n",
         "2:8: error: modulos.m.nivel: 'medo' no se admite; ¿quería decir 'medio'?"},
        {"nombre: aa\nnivel: zzzzz\n",
         "2:8: error: modulos.m.nivel: 'zzzzz' no se admite; valores: bajo, medio, alto"},
        {"nombre: aa\nsiempre: 4\n", "2:10: error: modulos.m.siempre: debe ser 3"},
        {"nombre: aa\nclave: abcd\n",
         "2:8: error: modulos.m.clave: 'abcd' no tiene la forma pedida (tres letras minúsculas)"},
        {"nombre: aa\nsello: hola\n", "2:8: error: modulos.m.sello: es un secreto: escriba '!secret nombre'"},
        {"nombre: !secret x\n", "1:9: error: modulos.m.nombre: aquí no va un secreto"},
        {"nombre: aa\nviejo: x\n", "2:1: aviso: 'modulos.m.viejo' está obsoleta: use 'nuevo'"},
        {"nombre: aa\nindicadores: []\n",
         "2:14: error: modulos.m.indicadores: ha de tener al menos 1 elementos"},
        {"nombre: aa\nindicadores: [a, b, c, d]\n",
         "2:14: error: modulos.m.indicadores: ha de tener como mucho 3 elementos"},
        {"nombre: aa\nindicadores: [a, b, a]\n",
         "2:21: error: modulos.m.indicadores: elemento repetido: ya está en f.yaml:2:15"},
        {"nombre: aa\nindicadores: [a, 1]\n", "2:18: error: modulos.m.indicadores[1]: debe ser un texto"},
        {"nombre: aa\nindicadores: [a, ~]\n", "2:18: error: modulos.m.indicadores[1]: debe ser un texto"},
        {"nombre: aa\nmapa: {a: uno}\n", "2:11: error: modulos.m.mapa.a: debe ser un número entero"},
        {"nombre: aa\nforma: [1]\n",
         "2:8: error: modulos.m.forma: no es ninguna de las formas admitidas: un texto; un bloque con 'x'"},
        {"nombre: aa\nforma: {y: 1, x: 1}\n", "2:9: error: clave desconocida 'y' en modulos.m.forma"},
        {"[]\n", "1:1: error: modulos.m: debe ser un bloque de claves"},
    };
    for (const Row& row : table) {
        INFO(row.text);
        const std::string problems = applied_to(schema, row.text).problems;
        CHECK_THAT(problems, Catch::StartsWith(std::string("f.yaml:") + row.problem));
        CHECK(std::count(problems.begin(), problems.end(), '\n') == 1);
    }
}

TEST_CASE("a good value passes and takes the defaults, those inside absent blocks too") {
    const auto applied =
        applied_to(schema_of(example),
                   "nombre: Ñandú\nine: \"28179\"\nactivo: true\nfactor: 1\ncolor: \"#1f5F8b\"\n"
                   "correo: a.b@villa.es\ndesde: 2024-02-29\nhost: sede.villa.es\n"
                   "web: https://villa.es/x?y=1\nnivel: alto\nsiempre: 3\nclave: año\n"
                   "sello: !secret s\nindicadores: [a]\nmapa: {z: 1}\nforma: {x: 2}\ndias:\n");
    CHECK(applied.problems.empty());
    CHECK(applied.value.find("dias")->text == "20");
    CHECK(applied.value.find("dias")->from_schema);
    CHECK(applied.value.find("dias")->place.file == "s.yaml");
    CHECK(applied.value.at("bloque.b.c")->text == "x");
    CHECK_FALSE(applied.value.find("activo")->from_schema);
    CHECK(applied.value.find("sello")->secret);
    CHECK(applied.value.shown()["sello"].as_string() == "«secreto»");
}

TEST_CASE("a part needs nothing and gets no defaults, but is checked") {
    const auto good = applied_to(schema_of(example), "dias: 5\n", Completeness::part);
    CHECK(good.problems.empty());
    CHECK(good.value.members.size() == 1);
    CHECK_THAT(applied_to(schema_of(example), "dias: x\n", Completeness::part).problems,
               Catch::Contains("1:7: error"));
}

TEST_CASE("what is wrong in a schema has its place too") {
    struct Row {
        const char* text;
        const char* problem;
    };
    const std::vector<Row> table = {
        {"type: objeto\n", "1:7: error: esquema: tipo desconocido 'objeto'; ¿quería decir 'object'?"},
        {"typ: object\n", "1:1: error: esquema: palabra desconocida 'typ'; ¿quería decir 'type'?"},
        {"$ref: '#/x'\n", "1:1: error: esquema: palabra desconocida '$ref'"},
        {"properties: [a]\n", "1:13: error: esquema: se esperaba las propiedades"},
        {"properties:\n  a: texto\n", "2:6: error: esquema: se esperaba un esquema"},
        {"type: object\nrequired: [a]\n", "1:1: error: esquema: 'required' nombra 'a'"},
        {"pattern: '['\n", "1:10: error: esquema: expresión regular no válida"},
        {"minimum: uno\n", "1:10: error: esquema: se esperaba un número"},
        {"minLength: -1\n", "1:12: error: esquema: se esperaba un entero no negativo"},
        {"format: ipv4\n", "1:9: error: esquema: formato desconocido 'ipv4'"},
        {"enum: []\n", "1:7: error: esquema: se esperaba una lista de valores"},
        {"x-codigo: cp\n", "1:11: error: esquema: se esperaba true, ine, dir3 o nif"},
        {"x-secreto: yes\n", "1:12: error: esquema: se esperaba true, false u opcional"},
        {"x-secret: true\n",
         "1:1: error: esquema: palabra desconocida 'x-secret'; ¿quería decir 'x-secreto'?"},
        {"type: integer\ndefault: veinte\n", "2:10: error: default: debe ser un número entero"},
        {"type: string\noneOf: [{type: string}]\n", "1:1: error: esquema: oneOf no se combina"},
        {"uniqueItems: si\n", "1:14: error: esquema: se esperaba true o false"},
    };
    for (const Row& row : table) {
        INFO(row.text);
        CHECK_THAT(schema_problems(row.text), Catch::StartsWith(std::string("s.yaml:") + row.problem));
    }
}

TEST_CASE("standard JSON Schema comes out, closed where nothing is said") {
    const auto json =
        schema_of(
            "type: object\nproperties: {a: {type: object, properties: {b: {type: integer, default: 1}}}, "
            "c: {type: object, additionalProperties: {type: string}}}\n")
            .json();
    CHECK(
        json.dump() ==
        R"({"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"integer","default":1}},)"
        R"("additionalProperties":false},"c":{"type":"object","additionalProperties":{"type":"string"}}},)"
        R"("additionalProperties":false})");
}

TEST_CASE("no pattern holds the reader up: exponential ones end, long texts are refused") {
    const Schema schema = schema_of("type: object\nproperties: {a: {type: string, pattern: '^(a+)+$'}}\n");
    CHECK_THAT(applied_to(schema, "a: " + std::string(1999, 'a') + "b\n").problems,
               Catch::Contains("no tiene la forma pedida"));
    CHECK_THAT(applied_to(schema, "a: " + std::string(50000, 'a') + "\n").problems,
               Catch::Contains("tiene más de 2000 caracteres"));
}

TEST_CASE("no message repeats what may be a secret") {
    const Schema schema = schema_of(
        "type: object\nproperties:\n"
        "  a: {type: string, x-secreto: opcional, format: uri}\n"
        "  b: {type: integer, x-secreto: opcional, maximum: 1}\n"
        "  c: {type: string, x-secreto: opcional, pattern: '^x$'}\n"
        "  d: {type: string, x-secreto: opcional, enum: [uno]}\n"
        "  e: {type: boolean, x-secreto: opcional}\n"
        "  f: {type: string, x-secreto: opcional}\n"
        "  g: {oneOf: [{type: string, x-secreto: opcional, format: email}, {type: array}]}\n");
    const auto applied =
        applied_to(schema, "a: hidden1\nb: 7777\nc: hidden2\nd: hidden3\ne: hidden4\nf: 7777\ng: hidden5\n");
    CHECK(std::count(applied.problems.begin(), applied.problems.end(), '\n') == 7);
    CHECK_THAT(applied.problems, !Catch::Contains("hidden") && !Catch::Contains("7777"));
}
