// The board as citizens see it.
#include "atom.hpp"
#include "paginas.hpp"
#include "vistas.hpp"

namespace sede {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr int edicts_per_page = 20;

[[noreturn]] void not_exposed(const concejo::Call& call) {
    throw concejo::Error(concejo::ErrorKind::not_found,
                         call.tr("No hay ningún anuncio con esa dirección, o todavía no está publicado."));
}

Parametro query_of(const Request& request) {
    return [&request](std::string_view name) { return request.query(name); };
}

/// Links that keep the other filters: [{"label","options":[{"label","count","href","current"}]}].
Json filter_links(const Entorno& entorno, AnuncioRepository& anuncios, const Filtro& filtro,
                  const std::string& path) {
    const auto& call = entorno.call;
    const auto group = [&](const char* name, std::string label, const std::string& chosen, Filtro without,
                           const auto& shown) {
        Json options =
            Json::array({Json::object({{"label", call.tr("Todos")},
                                       {"count", call.number(static_cast<double>(anuncios.count(without)))},
                                       {"href", path + query_text(filtro, {{name, ""}})},
                                       {"current", chosen.empty()}})});
        for (const auto& count : anuncios.count_by(name, without)) {
            options.push_back(Json::object({{"label", shown(count.valor)},
                                            {"count", call.number(static_cast<double>(count.cuantos))},
                                            {"href", path + query_text(filtro, {{name, count.valor}})},
                                            {"current", chosen == count.valor}}));
        }
        return Json::object({{"label", std::move(label)}, {"options", options}});
    };
    Filtro any_tipo = filtro, any_organo = filtro;
    any_tipo.tipo.clear();
    any_organo.organo.clear();
    return Json::array({group("tipo", call.tr("Tipo"), filtro.tipo, any_tipo,
                              [&](const std::string& id) { return entorno.tipos.name(id); }),
                        group("organo", call.tr("Órgano"), filtro.organo, any_organo,
                              [](const std::string& organo) { return organo; })});
}

void board(const Request& request, Reply& reply, Ambito ambito) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const bool archive = ambito == Ambito::archivo;
    const std::string path = request.url(archive ? "/tablon/archivo" : "/tablon");
    const Filtro filtro = read_filter(ambito, query_of(request), edicts_per_page);
    const auto pagina = anuncios.page(filtro);
    const auto total = anuncios.count(filtro);
    const auto href = [&](const char* name, const std::optional<Cursor>& cursor) {
        return cursor ? path + query_text(filtro, {{name, cursor->text()}}) : std::string();
    };
    Json empty, pagination;
    if (pagina.anuncios.empty()) {
        empty = Json::object(
            {{"heading",
              filtro.empty() ? request.tr("No hay anuncios") : request.tr("Ningún anuncio coincide")},
             {"text", filtro.empty() ? request.tr("Ahora mismo no hay anuncios que mostrar aquí.")
                                     : request.tr("Pruebe con menos palabras o quite algún filtro.")},
             {"href", filtro.empty() ? "" : path},
             {"label", request.tr("Quitar los filtros")}});
    }
    if (pagina.anterior || pagina.siguiente) {
        pagination = Json::object({{"previous_href", href("antes", pagina.anterior)},
                                   {"next_href", href("despues", pagina.siguiente)},
                                   {"pages", Json::array()}});
    }
    const std::string count =
        fill(archive ? request.trn("{n} anuncio en el archivo", "{n} anuncios en el archivo", total)
                     : request.trn("{n} anuncio en exposición", "{n} anuncios en exposición", total),
             {{"n", request.number(static_cast<double>(total))}});
    const auto search = search_form(entorno, filtro, query_of(request), path);
    const std::string title =
        archive ? request.tr("Archivo del tablón de anuncios") : request.tr("Tablón de anuncios y edictos");
    if (const auto change = next_change(entorno, anuncios)) reply.valid_until(*change);
    reply.page(
        "sede/tablon",
        Json::object(
            {{"title", search.errors.is_null() ? title : request.tr("Error") + ": " + title},
             {"heading", title},
             {"errors", search.errors},
             {"description",
              archive ? request.tr("Anuncios cuya exposición ha terminado o que fueron retirados.")
                      : request.tr("Edictos, bandos, convocatorias y demás anuncios en exposición pública.")},
             {"archive", archive},
             {"breadcrumb",
              archive ? breadcrumb({{request.tr("Inicio"), request.url("/")},
                                    {request.tr("Tablón"), request.url("/tablon")},
                                    {request.tr("Archivo"), ""}})
                      : breadcrumb({{request.tr("Inicio"), request.url("/")}, {request.tr("Tablón"), ""}})},
             {"count_text", count},
             {"busqueda", search.form},
             {"items",
              list_items(entorno, pagina.anuncios, anuncios.highlights(pagina.anuncios, filtro.texto))},
             {"filters", filter_links(entorno, anuncios, filtro, path)},
             {"empty", empty},
             {"pagination", pagination},
             {"board_href", request.url("/tablon")},
             {"archive_href", request.url("/tablon/archivo")},
             {"atom_href", request.url("/tablon/atom.xml")},
             {"api_href", request.url("/tablon/api")}}));
}

void edict(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = anuncios.find_by_slug(request.segment("id"));
    if (!anuncio || !anuncio->is_public(entorno.now)) not_exposed(request);
    if (request.segment("id") != anuncio->slug()) return reply.redirect(entorno.url(*anuncio), 301);
    Json view = ficha(entorno, anuncios, *anuncio);
    view["title"] = anuncio->contenido.titulo;
    view["description"] = anuncio->contenido.resumen.empty()
                              ? entorno.tipos.name(anuncio->contenido.tipo) + ": " + anuncio->contenido.titulo
                              : anuncio->contenido.resumen;
    view["breadcrumb"] = breadcrumb({{request.tr("Inicio"), request.url("/")},
                                     {request.tr("Tablón"), request.url("/tablon")},
                                     {anuncio->numero->text(), ""}});
    view["board_href"] = request.url("/tablon");
    if (const auto change = next_change(entorno, anuncios)) reply.valid_until(*change);
    reply.page("sede/anuncio", view);
}

void edict_file(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = anuncios.find_by_slug(request.segment("id"));
    if (!anuncio || !anuncio->offers_files(entorno.now)) not_exposed(request);
    for (const auto& archivo : anuncio->contenido.archivos) {
        if (archivo.slug != request.segment("file")) continue;
        const bool pdf = archivo.tipo_medio == "application/pdf";
        return reply.blob(archivo.sha256.text(), archivo.tipo_medio, archivo.nombre, !pdf);
    }
    not_exposed(request);
}

void permanent(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    const auto id = AnuncioId::parse(request.segment("uuid"));
    const auto anuncio = id ? AnuncioRepository(tx).find(*id) : std::nullopt;
    if (!anuncio || !anuncio->is_public(entorno.now)) not_exposed(request);
    reply.redirect(entorno.url(*anuncio));
}

void atom(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    Filtro filtro = read_filter(Ambito::vigente, query_of(request), 50);
    Feed feed{request.tr("Tablón de anuncios y edictos") + " – " + entorno.municipio.string_or("name", ""),
              request.url("/tablon", true),
              request.url("/tablon/atom.xml", true) + query_text(filtro),
              entorno.municipio.string_or("name", ""),
              entorno.language(),
              {}};
    for (const auto& anuncio : anuncios.page(filtro).anuncios) {
        const auto& c = anuncio.contenido;
        FeedEntry entry{"urn:uuid:" + anuncio.id.text(),
                        c.titulo,
                        entorno.url(anuncio, true),
                        entorno.zona.rfc3339(std::max(*anuncio.publicado_en, anuncio.visible->desde)),
                        c.organo,
                        entorno.tipos.name(c.tipo),
                        c.idioma,
                        c.resumen,
                        {}};
        for (const auto& archivo : c.archivos)
            entry.enclosures.push_back({entorno.file_url(anuncio, archivo, true), archivo.tipo_medio,
                                        archivo.bytes, archivo.nombre});
        feed.entries.push_back(std::move(entry));
    }
    if (const auto change = next_change(entorno, anuncios)) reply.valid_until(*change);
    reply.body("application/atom+xml; charset=utf-8", atom_xml(feed));
}

}  // namespace

void register_board(concejo::Kernel& kernel) {
    const concejo::RouteOptions cached{.permission = "", .uploads = false, .cached = true, .body_limit = 0};
    kernel.page(
        "/tablon", [](const Request& request, Reply& reply) { board(request, reply, Ambito::vigente); },
        cached);
    kernel.page(
        "/tablon/archivo",
        [](const Request& request, Reply& reply) { board(request, reply, Ambito::archivo); }, cached);
    kernel.page("/tablon/atom.xml", atom, cached);
    kernel.page("/tablon/:id", edict, cached);
    kernel.page("/tablon/:id/:file", edict_file);
    kernel.bare("GET", "/id/anuncio/:uuid", permanent);
    kernel.menu(
        Json::object({{"place", "main"}, {"label", N_("Tablón")}, {"path", "/tablon"}, {"order", 20}}));
}

}  // namespace sede
