#include "openapi.hpp"

namespace sede {
namespace {

constexpr auto description = R"json({
"openapi": "3.1.0",
"info": {"title": "Tablón de anuncios", "version": "1.0.0", "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
  "description": "Anuncios y edictos del municipio. Consulta libre, sin clave. Las fechas «desde» y «hasta» son días completos, ambos incluidos, en la zona horaria del municipio."},
"servers": [],
"paths": {
  "/api/tablon/v1/anuncios": {"get": {"operationId": "listarAnuncios", "summary": "Anuncios, del más reciente al más antiguo, por páginas",
    "parameters": [
      {"name": "ambito", "in": "query", "description": "vigente (en exposición), archivo (terminados y retirados) o todos", "schema": {"type": "string", "enum": ["vigente", "archivo", "todos"], "default": "vigente"}},
      {"name": "tipo", "in": "query", "description": "Identificador del tipo: edicto, bando, empleo-publico…", "schema": {"type": "string"}},
      {"name": "organo", "in": "query", "description": "Nombre exacto del órgano", "schema": {"type": "string"}},
      {"name": "q", "in": "query", "description": "Palabras del título, el resumen o el texto del PDF, o un número 2026/0043", "schema": {"type": "string"}},
      {"name": "desde", "in": "query", "description": "Expuestos ese día o después (AAAA-MM-DD)", "schema": {"type": "string", "format": "date"}},
      {"name": "hasta", "in": "query", "description": "Expuestos ese día o antes (AAAA-MM-DD)", "schema": {"type": "string", "format": "date"}},
      {"name": "limite", "in": "query", "description": "Anuncios por página, de 1 a 200", "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}},
      {"name": "despues", "in": "query", "description": "Lugar en la lista: use la dirección de «siguiente»", "schema": {"type": "string"}}],
    "responses": {
      "200": {"description": "Una página de anuncios", "content": {"application/json": {"schema": {"type": "object", "required": ["total", "siguiente", "anuncios"], "properties": {
        "total": {"type": "integer", "description": "De toda la lista"},
        "siguiente": {"type": ["string", "null"], "format": "uri", "description": "Dirección de la página siguiente"},
        "anuncios": {"type": "array", "items": {"$ref": "#/components/schemas/Anuncio"}}}}}}},
      "400": {"description": "Algún parámetro no es válido"}}}},
  "/api/tablon/v1/anuncios/{id}": {"get": {"operationId": "leerAnuncio", "summary": "Un anuncio, por su identificador o por su número (2026-0043)",
    "parameters": [{"name": "id", "in": "path", "required": true, "description": "Identificador UUID o número 2026-0043", "schema": {"type": "string"}}],
    "responses": {
      "200": {"description": "El anuncio", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Anuncio"}}}},
      "404": {"description": "No existe, o su exposición no ha empezado"}}}}
},
"components": {"schemas": {
  "Anuncio": {"type": "object",
    "required": ["id", "numero", "estado", "tipo", "organo", "titulo", "idioma", "desde", "hasta", "publicado", "url", "pagina", "archivos"],
    "properties": {
      "id": {"type": "string", "format": "uuid"},
      "numero": {"type": "string", "pattern": "^[0-9]{4}/[0-9]{4,}$"},
      "estado": {"type": "string", "enum": ["expuesto", "archivado", "retirado"]},
      "tipo": {"type": "object", "required": ["id", "nombre"], "properties": {"id": {"type": "string"}, "nombre": {"type": "string"}}},
      "organo": {"type": "string"},
      "referencia": {"type": ["string", "null"], "description": "Expediente"},
      "titulo": {"type": "string"},
      "resumen": {"type": ["string", "null"]},
      "idioma": {"type": "string"},
      "desde": {"type": "string", "format": "date"},
      "hasta": {"type": "string", "format": "date"},
      "publicado": {"type": "string", "format": "date-time"},
      "corrige": {"type": ["string", "null"], "format": "uuid", "description": "Anuncio que este corrige"},
      "retirada": {"oneOf": [{"type": "null"}, {"type": "object", "required": ["fecha", "organo", "motivo"], "properties": {
        "fecha": {"type": "string", "format": "date-time"}, "organo": {"type": "string"}, "motivo": {"type": "string"}}}]},
      "url": {"type": "string", "format": "uri", "description": "Dirección permanente"},
      "pagina": {"type": "string", "format": "uri"},
      "archivos": {"type": "array", "items": {"$ref": "#/components/schemas/Archivo"}}}},
  "Archivo": {"type": "object", "required": ["nombre", "tipo_medio", "bytes", "sha256", "url"], "properties": {
      "nombre": {"type": "string"},
      "tipo_medio": {"type": "string"},
      "bytes": {"type": "integer"},
      "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
      "paginas": {"type": ["integer", "null"]},
      "url": {"type": ["string", "null"], "format": "uri", "description": "Vacía si el anuncio fue retirado"}}}
}}
})json";

}  // namespace

concejo::Json openapi(std::string_view server) {
    using concejo::Json;
    Json document = Json::parse(description);
    document["servers"] = Json::array({Json::object({{"url", server}})});
    return document;
}

}  // namespace sede
