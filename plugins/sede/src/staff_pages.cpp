// The board as staff see it: lists, one announcement with its history, publishing, withdrawing, discarding.
#include "paginas.hpp"
#include "publish_anuncio.hpp"
#include "save_borrador.hpp"
#include "vistas.hpp"
#include "withdraw_anuncio.hpp"

#include <concejo/field.hpp>
#include <concejo/table.hpp>

#include <array>

namespace sede {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr int usual_page_size = 25;
constexpr std::array page_sizes{25, 50, 100};
const std::vector<std::string> states{"borrador", "programado", "expuesto", "archivado", "retirado"};

Anuncio asked_for(const Request& request, AnuncioRepository& anuncios) {
    const auto id = AnuncioId::parse(request.segment("id"));
    auto anuncio = id ? anuncios.find(*id) : std::nullopt;
    if (!anuncio) missing(request);
    return *std::move(anuncio);
}

std::string state_label(const concejo::Call& call, std::string_view state) {
    if (state == "borrador") return call.tr("Borradores");
    if (state == "programado") return call.tr("Programados");
    if (state == "expuesto") return call.tr("En exposición");
    if (state == "archivado") return call.tr("Archivados");
    return call.tr("Retirados");
}

Json table(const Entorno& entorno, const std::vector<Anuncio>& anuncios, const std::string& caption) {
    const auto& call = entorno.call;
    const std::vector labels{call.tr("Título"), call.tr("Estado"), call.tr("Número"),
                             call.tr("Tipo"),   call.tr("Órgano"), call.tr("Exposición")};
    const std::string base = call.url("/gestion/tablon") + "/";
    Json rows = Json::array();
    for (const auto& anuncio : anuncios) {
        const auto& c = anuncio.contenido;
        auto title = concejo::cell_view(labels[0], c.titulo.empty() ? call.tr("(sin título)") : c.titulo,
                                        true, base + anuncio.id.text());
        auto state = concejo::cell_view("", "");  // its tag needs no label where the table is stacked
        const Json tag = tag_of(entorno, anuncio.situacion(entorno.now));
        const std::string tone = tag.string_or("tone", "");
        state["text"] = tag.string_or("text", "");
        state["tone"] = tone.empty() ? "plain" : tone;
        rows.push_back(Json::object(
            {{"cells",
              Json::array({std::move(title), std::move(state),
                           concejo::cell_view(labels[2], anuncio.numero ? anuncio.numero->text() : ""),
                           concejo::cell_view(labels[3], entorno.tipos.name(c.tipo)),
                           concejo::cell_view(labels[4], c.organo),
                           concejo::cell_view(labels[5], c.desde.typed() + " – " + c.hasta.typed())})}}));
    }
    return concejo::table_view("anuncios", caption, labels, std::move(rows));
}

/// How many rows somebody asked for; "" where it is what one gets unasked.
std::string rows_wanted(const Request& request) {
    const auto asked = request.query("filas");
    for (const int size : page_sizes) {
        if (asked == std::to_string(size) && size != usual_page_size) return *asked;
    }
    return "";
}

void list(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const Parametro parametro = [&](std::string_view name) { return request.query(name); };
    const std::string rows = rows_wanted(request);
    const Filtro filtro =
        read_filter(Ambito::gestion, parametro, rows.empty() ? usual_page_size : std::stoi(rows));
    const std::string path = request.url("/gestion/tablon");
    const auto pagina = anuncios.page(filtro);
    const auto counts = anuncios.counts(states);
    Json tabs = Json::array();
    const auto tab = [&](std::string label, const std::string& state, std::int64_t count) {
        Filtro only;
        only.ambito = Ambito::gestion;
        only.situacion = state;
        tabs.push_back(Json::object({{"label", std::move(label)},
                                     {"href", path + query_text(only, {{"filas", rows}})},
                                     {"current", filtro.situacion == state},
                                     {"count", request.number(static_cast<double>(count))}}));
    };
    tab(request.tr("Todos"), "", counts[0]);
    for (std::size_t i = 0; i < states.size(); ++i)
        tab(state_label(request, states[i]), states[i], counts[i + 1]);
    Json tipos = Json::array(
        {Json::object({{"value", ""}, {"label", request.tr("Todos")}, {"selected", filtro.tipo.empty()}})});
    for (const auto& tipo : entorno.tipos.all())
        tipos.push_back(
            Json::object({{"value", tipo.id}, {"label", tipo.nombre}, {"selected", tipo.id == filtro.tipo}}));
    const auto total = filtro.empty() ? counts[0] : anuncios.count(filtro);
    const auto href = [&](const char* name, const std::optional<Cursor>& cursor) {
        return cursor ? path + query_text(filtro, {{"filas", rows}, {name, cursor->text()}}) : std::string();
    };
    Json empty, pagination, sizes = Json::array();
    for (const int size : page_sizes) {
        if (total <= page_sizes.front()) break;
        sizes.push_back(Json::object(
            {{"label", std::to_string(size)},
             {"href",
              path + query_text(filtro, {{"filas", size == usual_page_size ? "" : std::to_string(size)}})},
             {"current", size == filtro.limite}}));
    }
    auto search = search_form(entorno, filtro, parametro, path);
    search.form["estado"] = filtro.situacion;
    search.form["filas"] = rows;
    search.form["open"] =
        request.query("desde").value_or("") != "" || request.query("hasta").value_or("") != "";
    search.form["tipos"] = tipos;
    const std::string heading = request.tr("Tablón de anuncios");
    if (pagina.anuncios.empty())
        empty = Json::object({{"heading", request.tr("No hay anuncios")},
                              {"text", request.tr("Ninguno coincide con lo que ha pedido.")},
                              {"href", request.url("/gestion/tablon/nuevo")},
                              {"label", request.tr("Nuevo anuncio")}});
    if (pagina.anterior || pagina.siguiente)
        pagination = Json::object({{"previous_href", href("antes", pagina.anterior)},
                                   {"next_href", href("despues", pagina.siguiente)},
                                   {"pages", Json::array()}});
    const std::string caption = fill(request.trn("{n} anuncio", "{n} anuncios", total),
                                     {{"n", request.number(static_cast<double>(total))}});
    reply.page(
        "sede/gestion/lista",
        Json::object({{"title", search.errors.is_null() ? heading : request.tr("Error") + ": " + heading},
                      {"heading", heading},
                      {"errors", search.errors},
                      {"sizes", sizes},
                      {"breadcrumb", Json::array()},
                      {"new_href", request.url("/gestion/tablon/nuevo")},
                      {"tabs", std::move(tabs)},
                      {"tabs_label", request.tr("Estado de los anuncios")},
                      {"busqueda", search.form},
                      {"table", pagina.anuncios.empty() ? Json() : table(entorno, pagina.anuncios, caption)},
                      {"empty", empty},
                      {"pagination", pagination}}));
}

std::string done_text(const concejo::Call& call, const std::string& done) {
    if (done == "publicado") return call.tr("El anuncio está publicado.");
    if (done == "programado")
        return call.tr("El anuncio está programado: aparecerá por sí solo en la fecha indicada.");
    if (done == "guardado") return call.tr("El borrador está guardado.");
    if (done == "previsto") return call.tr("Así se verá el anuncio. El borrador está guardado.");
    if (done == "retirado") return call.tr("El anuncio está retirado.");
    return "";
}

std::string action_label(const concejo::Call& call, const std::string& accion) {
    if (accion == "crear") return call.tr("Creó el borrador");
    if (accion == "editar") return call.tr("Editó el borrador");
    if (accion == "publicar") return call.tr("Publicó el anuncio");
    if (accion == "programar") return call.tr("Programó el anuncio");
    if (accion == "retirar") return call.tr("Retiró el anuncio");
    return accion;
}

void show(const Request& request, Reply& reply, const Anuncio& anuncio, AnuncioRepository& anuncios,
          const Entorno& entorno, const std::vector<Aviso>& avisos, const Json& hidden = Json::array()) {
    const auto situacion = anuncio.situacion(entorno.now);
    const std::string base = request.url("/gestion/tablon/" + anuncio.id.text());
    const bool publishes = request.may(may_publish);
    Json history = Json::array(), errors;
    for (const auto& step : anuncios.history(anuncio.id))
        history.push_back(Json::object({{"label", request.instant(step.cuando)},
                                        {"text", action_label(request, step.accion) + " · " +
                                                     (step.nombre.empty() ? step.quien : step.nombre)},
                                        {"href", ""},
                                        {"change_href", ""}}));
    if (!avisos.empty()) {
        Json items = Json::array();
        for (const auto& aviso : avisos)
            items.push_back(Json::object({{"field", "contenido"}, {"text", entorno.text(aviso)}}));
        errors = Json::object({{"heading", request.tr("No se puede publicar todavía")}, {"items", items}});
        reply.status(422);
    }
    bool scanned = false;
    if (!anuncio.contenido.archivos.empty()) {
        const auto subida = anuncios.find_upload(anuncio.contenido.archivos.front().sha256);
        scanned = subida && subida->texto.find_first_not_of(" \n\f") == std::string::npos;
    }
    Json view = Json::object(
        {{"title", anuncio.contenido.titulo.empty() ? request.tr("(sin título)") : anuncio.contenido.titulo},
         {"breadcrumb", breadcrumb({{request.tr("Tablón"), request.url("/gestion/tablon")},
                                    {anuncio.numero ? anuncio.numero->text() : request.tr("Borrador"), ""}})},
         {"done", done_text(request, request.query("hecho").value_or(""))},
         {"errors", errors},
         {"scanned", scanned},
         {"hidden_data", hidden},
         {"history", history},
         {"publish_href", publishes && allows(situacion, Accion::publicar) ? base + "/publicar" : ""},
         {"edit_href", allows(situacion, Accion::editar) ? base + "/editar" : ""},
         {"discard_href", allows(situacion, Accion::descartar) ? base + "/descartar" : ""},
         {"withdraw_href", publishes && allows(situacion, Accion::retirar) ? base + "/retirar" : ""},
         {"correct_href", allows(situacion, Accion::corregir) ? base + "/corregir" : ""},
         {"public_href", anuncio.is_public(entorno.now) ? entorno.url(anuncio) : ""}});
    view["ficha"] = ficha(entorno, anuncios, anuncio, true);
    reply.page("sede/gestion/anuncio", view);
}

void detail(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    const auto anuncio = [&] {
        auto tx = request.begin();
        AnuncioRepository anuncios(tx);
        return asked_for(request, anuncios);
    }();
    const Json hidden = anuncio.situacion(entorno.now) == Situacion::borrador
                            ? hidden_data(entorno, anuncio.contenido.archivos)
                            : Json::array();
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    show(request, reply, anuncio, anuncios, entorno, {}, hidden);
}

void publish(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = asked_for(request, anuncios);
    const auto published = PublishAnuncio(entorno, tx)(anuncio);
    if (!published) return show(request, reply, anuncio, anuncios, entorno, published.error());
    tx.commit();
    reply.redirect(request.url("/gestion/tablon/" + anuncio.id.text()) + "?hecho=" +
                   (published->situacion(entorno.now) == Situacion::programado ? "programado" : "publicado"));
}

void discard(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = asked_for(request, anuncios);
    const auto gone = SaveBorrador(entorno, tx).discard(anuncio);
    if (!gone) return show(request, reply, anuncio, anuncios, entorno, {gone.error()});
    tx.commit();
    reply.redirect(request.url("/gestion/tablon"));
}

void withdraw_form(const Request& request, Reply& reply, const Entorno& entorno, const Anuncio& anuncio,
                   const std::vector<Aviso>& avisos) {
    const auto error = [&](std::string_view field) {
        for (const auto& aviso : avisos) {
            if (aviso.campo == field) return entorno.text(aviso);
        }
        return std::string();
    };
    const auto field = [&](const char* name, std::string label, const std::string& value,
                           const std::string& hint) {
        return concejo::field_view({name, std::move(label), value, hint, error(name), false});
    };
    if (!avisos.empty()) reply.status(422);
    const std::string base = request.url("/gestion/tablon/" + anuncio.id.text());
    const std::string title = fill(request.tr("Retirar el anuncio {numero}"),
                                   {{"numero", anuncio.numero ? anuncio.numero->text() : ""}});
    reply.page(
        "sede/gestion/retirar",
        Json::object(
            {{"title", (avisos.empty() ? "" : request.tr("Error") + ": ") + title},
             {"heading", title},
             {"breadcrumb", breadcrumb({{request.tr("Tablón"), request.url("/gestion/tablon")},
                                        {anuncio.contenido.titulo, base},
                                        {request.tr("Retirar"), ""}})},
             {"titulo", anuncio.contenido.titulo},
             {"content_lang", anuncio.contenido.idioma},
             {"errors", errors_of(entorno, avisos, "motivo")},
             {"action", base + "/retirar"},
             {"back_href", base},
             {"fields",
              Json::array({Json::object(
                               {{"textarea_field",
                                 field("motivo", request.tr("Motivo"), request.form("motivo").value_or(""),
                                       request.tr("Se muestra a la ciudadanía en la página del anuncio."))}}),
                           Json::object({{"text_field",
                                          field("organo", request.tr("Órgano que lo retira"),
                                                request.form("organo").value_or(anuncio.contenido.organo),
                                                "")}})})}}));
}

void ask_withdraw(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = asked_for(request, anuncios);
    if (!allows(anuncio.situacion(entorno.now), Accion::retirar))
        return reply.redirect(request.url("/gestion/tablon/" + anuncio.id.text()));
    withdraw_form(request, reply, entorno, anuncio, {});
}

void withdraw(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = asked_for(request, anuncios);
    const auto done = WithdrawAnuncio(entorno, tx)(anuncio, request.form("motivo").value_or(""),
                                                   request.form("organo").value_or(""));
    if (!done) return withdraw_form(request, reply, entorno, anuncio, done.error());
    tx.commit();
    reply.redirect(request.url("/gestion/tablon/" + anuncio.id.text()) + "?hecho=retirado");
}

void file(const Request& request, Reply& reply) {
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = asked_for(request, anuncios);
    for (const auto& archivo : anuncio.contenido.archivos) {
        if (archivo.slug == request.segment("file"))
            return reply.blob(archivo.sha256.text(), archivo.tipo_medio, archivo.nombre,
                              archivo.tipo_medio != "application/pdf");
    }
    missing(request);
}

}  // namespace

void register_staff(concejo::Kernel& kernel) {
    const concejo::RouteOptions edit{
        .permission = may_edit, .uploads = false, .cached = false, .body_limit = 0};
    const concejo::RouteOptions decide{
        .permission = may_publish, .uploads = false, .cached = false, .body_limit = 0};
    kernel.staff("/tablon", list, edit);
    kernel.staff("/tablon/:id", detail, edit);
    kernel.staff("/tablon/:id/archivo/:file", file, edit);
    kernel.staff_post("/tablon/:id/publicar", publish, decide);
    kernel.staff_post("/tablon/:id/descartar", discard, edit);
    kernel.staff("/tablon/:id/retirar", ask_withdraw, decide);
    kernel.staff_post("/tablon/:id/retirar", withdraw, decide);
    kernel.menu(Json::object({{"place", "staff"},
                              {"label", N_("Tablón de anuncios")},
                              {"path", "/gestion/tablon"},
                              {"order", 20},
                              {"permission", may_edit},
                              {"group", N_("Publicación")},
                              {"icon", "speakerphone"}}));
}

}  // namespace sede
