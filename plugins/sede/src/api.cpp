// The board as data: open to everybody, from any site.
#include "openapi.hpp"
#include "paginas.hpp"
#include "sql.hpp"
#include "vistas.hpp"

#include <charconv>

namespace sede {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Reply;
using concejo::Request;

Json describe(const Entorno& entorno, const Anuncio& anuncio) {
    const auto& c = anuncio.contenido;
    Json files = Json::array();
    const bool offered = anuncio.offers_files(entorno.now);
    for (const auto& archivo : c.archivos) {
        files.push_back(
            Json::object({{"nombre", archivo.nombre},
                          {"tipo_medio", archivo.tipo_medio},
                          {"bytes", static_cast<std::int64_t>(archivo.bytes)},
                          {"sha256", archivo.sha256.text()},
                          {"paginas", archivo.paginas > 0 ? Json(archivo.paginas) : Json()},
                          {"url", offered ? Json(entorno.file_url(anuncio, archivo, true)) : Json()}}));
    }
    Json withdrawn;
    if (anuncio.retirada)
        withdrawn = Json::object({{"fecha", entorno.zona.rfc3339(anuncio.retirada->cuando)},
                                  {"organo", anuncio.retirada->organo},
                                  {"motivo", anuncio.retirada->motivo}});
    return Json::object({{"id", anuncio.id.text()},
                         {"numero", anuncio.numero->text()},
                         {"estado", name(anuncio.situacion(entorno.now))},
                         {"tipo", Json::object({{"id", c.tipo}, {"nombre", entorno.tipos.name(c.tipo)}})},
                         {"organo", c.organo},
                         {"referencia", c.referencia.empty() ? Json() : Json(c.referencia)},
                         {"titulo", c.titulo},
                         {"resumen", c.resumen.empty() ? Json() : Json(c.resumen)},
                         {"idioma", c.idioma},
                         {"desde", c.desde.iso()},
                         {"hasta", c.hasta.iso()},
                         {"publicado", entorno.zona.rfc3339(*anuncio.publicado_en)},
                         {"corrige", c.corrige ? Json(c.corrige->text()) : Json()},
                         {"retirada", withdrawn},
                         {"url", entorno.permanent_url(anuncio)},
                         {"pagina", entorno.url(anuncio, true)},
                         {"archivos", files}});
}

void open(Reply& reply) { reply.field("Access-Control-Allow-Origin", "*"); }

int limit_of(const Request& request) {
    const auto text = request.query("limite");
    if (!text) return 50;
    int value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value < 1 || value > 200)
        throw Error(ErrorKind::invalid, N_("«limite» debe ser un número entre 1 y 200."));
    return value;
}

void list_as_json(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const std::string scope = request.query("ambito").value_or("vigente");
    if (scope != "vigente" && scope != "archivo" && scope != "todos")
        throw Error(ErrorKind::invalid, N_("«ambito» debe ser vigente, archivo o todos."));
    for (const char* name : {"desde", "hasta"}) {
        const auto text = request.query(name);
        if (text && !Fecha::parse(*text))
            throw Error(ErrorKind::invalid,
                        fill(request.tr("«{nombre}» debe ser una fecha AAAA-MM-DD."), {{"nombre", name}}));
    }
    for (const char* name : {"despues"}) {
        const auto text = request.query(name);
        if (text && !Cursor::parse(*text))
            throw Error(ErrorKind::invalid, N_("«despues» debe ser el que dio la página anterior."));
    }
    const auto ambito = scope == "vigente"   ? Ambito::vigente
                        : scope == "archivo" ? Ambito::archivo
                                             : Ambito::publico;
    const Filtro filtro = read_filter(
        ambito, [&](std::string_view name) { return request.query(name); }, limit_of(request));
    const auto pagina = anuncios.page(filtro);
    Json items = Json::array();
    for (const auto& anuncio : pagina.anuncios) items.push_back(describe(entorno, anuncio));
    Json next;
    if (pagina.siguiente)
        next = entorno.municipio.string_or("url", "") + "/api/tablon/v1/anuncios" +
               query_text(filtro, {{"ambito", scope},
                                   {"limite", std::to_string(filtro.limite)},
                                   {"despues", pagina.siguiente->text()}});
    open(reply);
    reply.json(Json::object({{"total", anuncios.count(filtro)}, {"siguiente", next}, {"anuncios", items}}));
}

void one(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    const auto anuncio = AnuncioRepository(tx).find_by_slug(request.segment("id"));
    if (!anuncio || !anuncio->is_public(entorno.now))
        throw Error(ErrorKind::not_found, N_("No hay ningún anuncio con ese identificador."));
    open(reply);
    reply.json(describe(entorno, *anuncio));
}

void document(const Request& request, Reply& reply) {
    open(reply);
    reply.json(openapi(request.municipality().string_or("url", "")));
}

/// The same document as a page: each operation with its parameters.
void reference(const Request& request, Reply& reply) {
    const std::string base = request.municipality().string_or("url", "");
    const Json document = openapi(base);
    Json operations = Json::array();
    for (const auto& [path, methods] : document.at("paths").as_object()) {
        const auto& get = methods.at("get");
        Json parameters = Json::array();
        if (const auto* list = get.find("parameters")) {
            for (const auto& parameter : list->as_array()) {
                parameters.push_back(Json::object({{"name", parameter.at("name").as_string()},
                                                   {"description", parameter.string_or("description", "")},
                                                   {"required", parameter.bool_or("required", false)}}));
            }
        }
        operations.push_back(Json::object({{"path", path},
                                           {"id", get.at("operationId").as_string()},
                                           {"summary", get.at("summary").as_string()},
                                           {"parameters", parameters}}));
    }
    reply.page(
        "sede/api",
        Json::object({{"title", request.tr("Interfaz de datos del tablón")},
                      {"description",
                       request.tr("Los anuncios del tablón en JSON, sin clave, con su descripción OpenAPI.")},
                      {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                                 {request.tr("Tablón"), request.url("/tablon")},
                                                 {request.tr("Interfaz de datos"), ""}})},
                      {"base", base},
                      {"openapi_href", base + "/api/tablon/v1/openapi.json"},
                      {"atom_href", request.url("/tablon/atom.xml")},
                      {"operations", operations}}));
}

}  // namespace

void register_api(concejo::Kernel& kernel) {
    kernel.api("GET", "/tablon/v1/anuncios", list_as_json);
    kernel.api("GET", "/tablon/v1/anuncios/:id", one);
    kernel.api("GET", "/tablon/v1/openapi.json", document);
    kernel.page("/tablon/api", reference,
                {.permission = "", .uploads = false, .cached = true, .body_limit = 0});
}

}  // namespace sede
