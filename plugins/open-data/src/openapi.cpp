// OpenAPI 3.1 of what programs ask the portal for: CKAN's actions as they are registered, files, catalogue
// and feeds.
#include "ckan_action.hpp"
#include "dump.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

/// What does not follow from the list of actions.
constexpr auto openapi_frame = R"json({
"openapi": "3.1.0",
"info": {"title": "Datos abiertos", "version": "3", "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
  "description": "La Action API de CKAN (versión 3), las filas de cada recurso en varios formatos, y el catálogo en DCAT. Se lee sin clave; para escribir hace falta un token."},
"servers": [],
"tags": [
  {"name": "lectura", "description": "Acciones que leen, abiertas a cualquiera"},
  {"name": "escritura", "description": "Acciones que escriben, con un token"},
  {"name": "archivos", "description": "Filas como archivos: enteras o las que se elijan. Con Range e If-Range se sigue una descarga interrumpida"},
  {"name": "catálogo", "description": "El catálogo para recolectores y lectores de novedades"}],
"paths": {},
"components": {
  "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "El token que da «concejo token create --scope open-data:write»"}},
  "parameters": {
    "resource": {"name": "id", "in": "path", "required": true, "description": "Identificador del recurso", "schema": {"type": "string", "format": "uuid"}},
    "dataset": {"name": "name", "in": "path", "required": true, "description": "Nombre del conjunto de datos", "schema": {"type": "string"}},
    "page": {"name": "page", "in": "query", "description": "Página del catálogo, desde 1; cada una enlaza la siguiente", "schema": {"type": "integer", "minimum": 1, "default": 1}}},
  "responses": {
    "Fallo": {"description": "Por qué no se ha hecho, como lo dice CKAN", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fallo"}}}}},
  "schemas": {
    "Fallo": {"type": ["object", "string"], "properties": {"help": {"type": "string"}, "success": {"const": false}, "error": {"type": "object", "properties": {"__type": {"type": "string"}, "message": {"type": "string"}}}}},
    "Recurso": {"type": "object", "required": ["id", "package_id", "url", "format"], "properties": {
      "id": {"type": "string", "format": "uuid"}, "package_id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}, "description": {"type": "string"},
      "format": {"type": "string"}, "url": {"type": "string"}, "datastore_active": {"type": "boolean"}, "size": {"type": ["integer", "null"]}, "hash": {"type": "string"}}},
    "Conjunto": {"type": "object", "required": ["id", "name", "title", "resources"], "properties": {
      "id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}, "title": {"type": "string"}, "notes": {"type": "string"}, "license_id": {"type": "string"},
      "metadata_modified": {"type": "string"}, "tags": {"type": "array", "items": {"type": "object"}}, "organization": {"type": ["object", "null"]},
      "resources": {"type": "array", "items": {"$ref": "#/components/schemas/Recurso"}}}},
    "Filas": {"type": "object", "required": ["resource_id", "fields", "records"], "properties": {
      "resource_id": {"type": "string", "format": "uuid"}, "total": {"type": "integer"}, "limit": {"type": "integer"},
      "fields": {"type": "array", "items": {"type": "object", "required": ["id", "type"], "properties": {"id": {"type": "string"}, "type": {"type": "string"}}}},
      "records": {"type": ["array", "string"], "description": "Un objeto por fila; listas, CSV o TSV según records_format"}}},
    "Filtros": {"type": "object", "description": "Por columna: un valor, una lista de ellos, o un rango {\"gte\", \"gt\", \"lte\", \"lt\", \"eq\", \"ne\"}; «$or» y «$and» juntan varios"},
    "Nombres": {"type": "array", "items": {"type": "string"}}}}
})json";

struct KnownParameter {
    const char *name, *schema, *description;
};
constexpr KnownParameter known_parameters[] = {
    {"id", R"({"type":"string"})", "Identificador o nombre"},
    {"resource_id", R"({"type":"string","format":"uuid"})", "Identificador del recurso"},
    {"q", R"({"type":"string"})", "Palabras que se buscan"},
    {"fq", R"({"type":"string"})", "Condiciones campo:valor, como las de Solr"},
    {"filters", R"({"$ref":"#/components/schemas/Filtros"})", "Condiciones sobre las columnas, en JSON"},
    {"fields", R"({"type":"string"})", "Columnas, separadas por comas"},
    {"sort", R"({"type":"string"})", "Columna y «asc» o «desc»; varias separadas por comas"},
    {"limit", R"({"type":"integer","minimum":0})", "Cuántos como mucho"},
    {"rows", R"({"type":"integer","minimum":0})", "Cuántos como mucho"},
    {"start", R"({"type":"integer","minimum":0})", "Cuántos se saltan"},
    {"offset", R"({"type":"integer","minimum":0})", "Cuántos se saltan"},
    {"distinct", R"({"type":"boolean"})", "Sin repetidos"},
    {"plain", R"({"type":"boolean","default":true})", "q son palabras, y no una expresión"},
    {"language", R"({"type":"string"})", "Idioma de las palabras, como lo nombra PostgreSQL"},
    {"full_text", R"({"type":"string"})", "Palabras que se buscan en toda la fila"},
    {"include_total", R"({"type":"boolean","default":true})", "Cuenta todas las filas"},
    {"include_next_page", R"({"type":"boolean"})", "Da los filtros de la página siguiente"},
    {"records_format", R"({"type":"string","enum":["objects","lists","csv","tsv"],"default":"objects"})",
     "Cómo se escribe cada fila"}};

struct KnownResult {
    std::string_view action;
    const char* schema;
};
constexpr KnownResult known_results[] = {
    {"package_show", R"({"$ref":"#/components/schemas/Conjunto"})"},
    {"resource_show", R"({"$ref":"#/components/schemas/Recurso"})"},
    {"datastore_search", R"({"$ref":"#/components/schemas/Filas"})"},
    {"package_list", R"({"$ref":"#/components/schemas/Nombres"})"},
    {"site_read", R"({"type":"boolean"})"},
    {"package_search",
     R"({"type":"object","required":["count","results"],"properties":{"count":{"type":"integer"},"results":{"type":"array","items":{"$ref":"#/components/schemas/Conjunto"}}}})"}};

/// In the query objects and lists go as the text of their JSON (OpenAPI 3.1, "content" of a parameter).
Json query_parameter(std::string_view name) {
    Json one = Json::object({{"name", name}, {"in", "query"}});
    for (const auto& known : known_parameters) {
        if (name != known.name) continue;
        one["description"] = known.description;
        if (name == "filters")
            one["content"] =
                Json::object({{"application/json", Json::object({{"schema", Json::parse(known.schema)}})}});
        else
            one["schema"] = Json::parse(known.schema);
        return one;
    }
    one["schema"] = Json::object({{"type", "string"}});
    return one;
}

Json query_parameters(std::string_view names) {
    Json list = Json::array();
    for (const auto name : ckan::words_of(names)) list.push_back(query_parameter(name));
    return list;
}

Json body_of(const ckan::Action& action) {
    Json properties = Json::object();
    for (const auto name : ckan::words_of(action.parameters)) {
        properties[name] = Json::object();
        for (const auto& known : known_parameters)
            if (name == known.name) properties[name] = Json::parse(known.schema);
    }
    return Json::object(
        {{"content",
          Json::object(
              {{"application/json",
                Json::object({{"schema", Json::object({{"type", "object"},
                                                       {"properties", std::move(properties)}})}})}})}});
}

Json answers_of(const ckan::Action& action) {
    Json result = Json::object();
    for (const auto& known : known_results)
        if (known.action == action.name) result = Json::parse(known.schema);
    const auto envelope =
        Json::object({{"type", "object"},
                      {"required", Json::array({"help", "success", "result"})},
                      {"properties", Json::object({{"help", Json::object({{"type", "string"}})},
                                                   {"success", Json::object({{"const", true}})},
                                                   {"result", std::move(result)}})}});
    return Json::object(
        {{"200", Json::object({{"description", action.help},
                               {"content", Json::object({{"application/json",
                                                          Json::object({{"schema", envelope}})}})}})},
         {"default", Json::object({{"$ref", "#/components/responses/Fallo"}})}});
}

Json methods_of(const ckan::Action& action) {
    Json methods = Json::object();
    const auto operation = [&](const char* suffix) {
        return Json::object({{"operationId", action.name + std::string(suffix)},
                             {"summary", action.help},
                             {"tags", Json::array({action.writes ? "escritura" : "lectura"})},
                             {"responses", answers_of(action)}});
    };
    if (!action.writes) {
        methods["get"] = operation("");
        methods["get"]["parameters"] = query_parameters(action.parameters);
    }
    methods["post"] = operation(action.writes ? "" : "_post");
    methods["post"]["requestBody"] = body_of(action);
    if (action.writes) methods["post"]["security"] = Json::array({Json::object({{"token", Json::array()}})});
    return methods;
}

Json got(const char* id, const char* summary, const char* tag, Json parameters, const Json& media_types) {
    Json content = Json::object();
    for (const auto& one : media_types.as_array()) content[one.as_string()] = Json::object();
    const auto responses =
        Json::object({{"200", Json::object({{"description", summary}, {"content", std::move(content)}})},
                      {"404", Json::object({{"description", "No existe"}})}});
    return Json::object({{"get", Json::object({{"operationId", id},
                                               {"summary", summary},
                                               {"tags", Json::array({tag})},
                                               {"parameters", std::move(parameters)},
                                               {"responses", responses}})}});
}

Json ref(const char* parameter) {
    return Json::object({{"$ref", std::string("#/components/parameters/") + parameter}});
}

void add_files(Json& paths) {
    Json formats = Json::array(), types = Json::array();
    for (const auto& one : dump_formats()) {
        formats.push_back(one.name);
        const std::string type(one.media_type);
        if (const auto plain = type.substr(0, type.find(';')); std::string_view(one.name) != "hoja.csv")
            types.push_back(plain);
    }
    const auto with = [&](Json first) {
        Json parameters =
            query_parameters("filters q full_text distinct plain language limit offset fields sort");
        parameters.push_back(ref("resource"));
        parameters.push_back(std::move(first));
        return parameters;
    };
    const auto answered = [&](Json item) {
        auto& responses = item["get"]["responses"];
        responses["206"] = Json::object({{"description", "La parte pedida con Range"}}),
        responses["400"] = Json::object({{"description", "No se entiende qué filas o qué formato se piden"}});
        responses["503"] = Json::object(
            {{"description",
              "El archivo es grande y se está preparando: vuelva a pedirlo pasado el tiempo de Retry-After"},
             {"headers", Json::object({{"Retry-After",
                                        Json::object({{"schema", Json::object({{"type", "integer"}})}})}})}});
        return item;
    };
    paths["/datos/filas/{id}/{archivo}"] = answered(
        got("filas", "Las filas de un recurso, en el formato en que acaba el nombre", "archivos",
            with(Json::object(
                {{"name", "archivo"},
                 {"in", "path"},
                 {"required", true},
                 {"description",
                  "Cualquier nombre con el final de un formato: filas.csv, filas.xlsx, filas.geojson…"},
                 {"schema", Json::object({{"type", "string"}})}})),
            types));
    paths["/datastore/dump/{id}"] = answered(
        got("volcado", "Las filas de un recurso con su número, como CKAN", "archivos",
            with(Json::object(
                {{"name", "format"},
                 {"in", "query"},
                 {"schema", Json::object({{"type", "string"}, {"enum", formats}, {"default", "csv"}})}})),
            types));
    paths["/dataset/{name}/datapackage.json"] =
        got("paquete", "Las tablas de un conjunto y sus columnas (Frictionless)", "archivos",
            Json::array({ref("dataset")}), Json::array({"application/json"}));
}

void add_catalogue(Json& paths, const std::string& language) {
    for (const auto& [extension, type] : {std::pair{"rdf", "application/rdf+xml"},
                                          {"ttl", "text/turtle"},
                                          {"jsonld", "application/ld+json"}}) {
        paths[std::string("/catalogo/dcat-ap-es.") + extension] =
            got((std::string("catalogo_") + extension).c_str(), "El catálogo según DCAT-AP-ES", "catálogo",
                Json::array({ref("page")}), Json::array({type}));
        paths[std::string("/catalogo/nti.") + extension] = got(
            (std::string("catalogo_nti_") + extension).c_str(), "El catálogo según la NTI de reutilización",
            "catálogo", Json::array({ref("page")}), Json::array({type}));
    }
    paths["/" + language + "/datos/atom.xml"] =
        got("novedades", "Los últimos conjuntos cambiados", "catálogo", query_parameters("q sector etiqueta"),
            Json::array({"application/atom+xml"}));
    paths["/" + language + "/datos/{name}/atom.xml"] =
        got("novedades_conjunto", "Las versiones de los recursos de un conjunto", "catálogo",
            Json::array({ref("dataset")}), Json::array({"application/atom+xml"}));
}

void give_openapi(const Request& request, Reply& reply) {
    static const auto frame = Json::parse(openapi_frame);
    const Portal portal(static_cast<const concejo::Call&>(request));
    Json document = frame;
    document["servers"] = Json::array({Json::object({{"url", portal.home()}})});
    auto& paths = document["paths"];
    for (const auto* action : ckan::every_action())
        paths[std::string("/api/3/action/") + action->name] = methods_of(*action);
    add_files(paths), add_catalogue(paths, portal.language);
    reply.field("Access-Control-Allow-Origin", "*");
    reply.json(document);
}

}  // namespace

void register_openapi(concejo::Kernel& kernel) {
    kernel.api("GET", "/3/openapi.json", give_openapi,
               concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
