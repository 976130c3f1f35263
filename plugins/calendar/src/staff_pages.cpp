// Incidents and extensions as staff keep them: published at once, added to, never erased.
#include "gestion.hpp"
#include "paginas.hpp"
#include "vistas.hpp"

#include <concejo/table.hpp>

namespace calendar {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr int rows_per_page = 50;
const std::string base = "/gestion/calendario";

Campo form_of(const Request& request) {
    return [&request](const char* name) { return request.form(name).value_or(""); };
}

Incidencia find(const Request& request, IncidenciaRepository& incidencias) {
    const auto id = parse_number(request.segment("id"), 9);
    auto one = id ? incidencias.find(*id) : std::nullopt;
    if (!one)
        throw concejo::Error(concejo::ErrorKind::not_found, N_("No hay ninguna incidencia con ese número."));
    return *std::move(one);
}

void list_all(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    const int after = parse_number(request.query("despues").value_or(""), 9).value_or(0);
    auto all = IncidenciaRepository(tx).page(after, rows_per_page + 1);
    const bool more = all.size() > rows_per_page;
    if (more) all.pop_back();
    const std::vector<std::string> labels{request.tr("Incidencia"), request.tr("Estado"),
                                          request.tr("Empezó"), request.tr("Ampliaciones en vigor")};
    Json rows = Json::array(), problems = Json::array(), pagination;
    for (const auto& one : all) {
        auto name = concejo::cell_view(labels[0], std::to_string(one.id) + ". " + one.sistema, true);
        name["href"] = request.url(base + "/" + std::to_string(one.id));
        auto state = concejo::cell_view("", one.fin() ? request.tr("Resuelta") : request.tr("Sin resolver"));
        state["tone"] = one.fin() ? "ok" : "err";
        rows.push_back(Json::object(
            {{"cells",
              Json::array({std::move(name), std::move(state),
                           concejo::cell_view(labels[2], request.instant(one.inicio)),
                           concejo::cell_view(labels[3], std::to_string(one.prorrogas().size()))})}}));
    }
    for (const auto& [year, frase] : entorno.problemas) problems.push_back(entorno.text(frase));
    const std::string heading = request.tr("Calendario e incidencias"), path = request.url(base);
    Json empty;
    if (all.empty())
        empty = Json::object(
            {{"heading", request.tr("No consta ninguna incidencia")},
             {"text", request.tr("Lo que publique aquí aparece al momento en la sede y no se borra.")},
             {"href", path + "/nueva"},
             {"label", request.tr("Publicar una incidencia")}});
    if (more || after > 0)
        pagination =
            Json::object({{"previous_href", after > 0 ? path : ""},
                          {"next_href", more ? path + "?despues=" + std::to_string(all.back().id) : ""},
                          {"pages", Json::array()}});
    reply.page(
        "calendar/gestion/lista",
        Json::object({{"title", heading},
                      {"heading", heading},
                      {"breadcrumb", Json::array()},
                      {"new_href", path + "/nueva"},
                      {"problems", problems},
                      {"table", all.empty() ? Json()
                                            : concejo::table_view(
                                                  "incidencias", request.tr("Incidencias, la última primero"),
                                                  labels, std::move(rows))},
                      {"empty", empty},
                      {"pagination", pagination}}));
}

void new_form(const Request& request, Reply& reply, const Entorno& entorno,
              const std::vector<Aviso>& avisos) {
    const auto typed = [&](const char* name, std::string otherwise = {}) {
        return request.form(name).value_or(std::move(otherwise));
    };
    Campos campos(entorno, avisos);
    campos.select("clase", request.tr("Clase"), typed("clase", "tecnica"),
                  {{"tecnica", request.tr("Incidencia técnica (artículo 32.4)")},
                   {"ciberincidente", request.tr("Ciberincidente (artículo 32.5)")}});
    campos.text("sistema", request.tr("Sistema o aplicación"), typed("sistema"),
                request.tr("Por ejemplo: registro electrónico."));
    campos.area("descripcion", request.tr("Qué ha pasado"), typed("descripcion"),
                request.tr("Se publica en la sede."));
    campos.date("inicio_dia", request.tr("Día en que empezó"),
                typed("inicio_dia", calendar::typed(entorno.hoy)));
    campos.text("inicio_hora", request.tr("Hora en que empezó"), typed("inicio_hora"),
                request.tr("Como hh:mm, en la hora de la sede."), false, "10");
    const std::string heading = request.tr("Publicar una incidencia");
    if (!avisos.empty()) reply.status(422);
    reply.page(
        "calendar/gestion/nueva",
        Json::object({{"title", (avisos.empty() ? "" : request.tr("Error") + ": ") + heading},
                      {"heading", heading},
                      {"breadcrumb", breadcrumb({{request.tr("Calendario e incidencias"), request.url(base)},
                                                 {heading, ""}})},
                      {"errors", campos.errors()},
                      {"action", request.url(base + "/nueva")},
                      {"back_href", request.url(base)},
                      {"fields", campos.take()}}));
}

void ask_new(const Request& request, Reply& reply) { new_form(request, reply, Entorno(request), {}); }

void open(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    const auto done = GestionIncidencias(entorno, tx).open(form_of(request));
    if (!done) return new_form(request, reply, entorno, done.error());
    tx.commit();
    reply.redirect(request.url(base + "/" + std::to_string(*done)) + "?hecho=publicada");
}

std::string done_text(const Request& request) {
    const auto done = request.query("hecho").value_or("");
    if (done == "publicada") return request.tr("La incidencia está publicada en la sede.");
    if (done == "guardado") return request.tr("El cambio está publicado en la sede.");
    return "";
}

/// One form of the incident's page: {"action","heading","button","fields"}.
Json part(const std::string& action, std::string heading, std::string button, const char* hook, Json fields) {
    return Json::object({{"action", action},
                         {"heading", std::move(heading)},
                         {"button", std::move(button)},
                         {"hook", hook},
                         {"fields", std::move(fields)}});
}

void show_one(const Request& request, Reply& reply, const Entorno& entorno, const Incidencia& one,
              const std::vector<Aviso>& avisos) {
    const auto typed = [&](const char* name, std::string otherwise = {}) {
        return request.form(name).value_or(std::move(otherwise));
    };
    const std::string here = request.url(base + "/" + std::to_string(one.id));
    Campos campos(entorno, avisos);
    Json parts = Json::array();
    if (!one.fin()) {
        campos.date("fin_dia", request.tr("Día en que volvió a funcionar"),
                    typed("fin_dia", calendar::typed(entorno.hoy)));
        campos.text("fin_hora", request.tr("Hora en que volvió a funcionar"), typed("fin_hora"), "", false,
                    "10");
        parts.push_back(part(here + "/resolver", request.tr("Dar por resuelta"),
                             request.tr("Publicar que está resuelta"), "resolver", campos.take()));
    }
    campos.date("desde", request.tr("Vencimientos desde"),
                typed("desde", calendar::typed(entorno.zona.day_of(one.inicio))),
                request.tr("Nunca los que vencieron antes de la incidencia."));
    campos.date("hasta", request.tr("Vencimientos hasta"), typed("hasta"),
                request.tr("Ambos días incluidos."));
    campos.date("nuevo", request.tr("Nuevo vencimiento"), typed("nuevo"), request.tr("Un día hábil."));
    campos.text("acuerdo", request.tr("Resolución"), typed("acuerdo"),
                request.tr("Por ejemplo: Decreto de Alcaldía 120/2026, de 18 de noviembre."));
    parts.push_back(part(here + "/ampliar", request.tr("Ampliar los plazos no vencidos"),
                         request.tr("Publicar la ampliación"), "ampliar", campos.take()));
    std::vector<Opcion> extensions;
    for (const auto& paso : one.pasos) {
        if (paso.accion == "ampliar" && !one.annulled(paso))
            extensions.push_back({std::to_string(paso.id), extension_text(entorno, paso)});
    }
    if (!extensions.empty()) {
        campos.select("paso", request.tr("Ampliación"), typed("paso"), extensions);
        campos.area("anular_texto", request.tr("Por qué queda sin efecto"), typed("anular_texto"));
        parts.push_back(part(here + "/anular", request.tr("Dejar sin efecto una ampliación"),
                             request.tr("Publicar que queda sin efecto"), "anular", campos.take()));
    }
    campos.area("rectificar_texto", request.tr("Rectificación"), typed("rectificar_texto"),
                request.tr("Lo ya publicado se conserva; esto se añade."));
    parts.push_back(part(here + "/rectificar", request.tr("Rectificar"),
                         request.tr("Publicar la rectificación"), "rectificar", campos.take()));
    Json view = incident_view(entorno, one);
    const std::string heading = view["heading"].as_string();
    view["title"] = (avisos.empty() ? "" : request.tr("Error") + ": ") + heading;
    view["breadcrumb"] = breadcrumb(
        {{request.tr("Calendario e incidencias"), request.url(base)}, {std::to_string(one.id), ""}});
    view["errors"] = campos.errors();
    view["done"] = done_text(request);
    view["parts"] = std::move(parts);
    view["public_href"] = request.url("/calendario/incidencias");
    view["content_lang"] = entorno.municipio.string_or("default_language", "es");
    if (!avisos.empty()) reply.status(422);
    reply.page("calendar/gestion/incidencia", view);
}

void detail(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    IncidenciaRepository incidencias(tx);
    show_one(request, reply, entorno, find(request, incidencias), {});
}

template <Hecho (GestionIncidencias::*action)(const Incidencia&, const Campo&)>
void follow(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    IncidenciaRepository incidencias(tx);
    const auto one = find(request, incidencias);
    GestionIncidencias gestion(entorno, tx);
    const auto done = (gestion.*action)(one, form_of(request));
    if (!done) return show_one(request, reply, entorno, one, done.error());
    tx.commit();
    reply.redirect(request.url(base + "/" + std::to_string(one.id)) + "?hecho=guardado");
}

}  // namespace

void register_staff(concejo::Kernel& kernel) {
    const concejo::RouteOptions allowed{
        .permission = may_manage, .uploads = false, .cached = false, .body_limit = 0};
    kernel.staff("/calendario", list_all, allowed);
    kernel.staff("/calendario/nueva", ask_new, allowed);
    kernel.staff_post("/calendario/nueva", open, allowed);
    kernel.staff("/calendario/:id", detail, allowed);
    kernel.staff_post("/calendario/:id/resolver", follow<&GestionIncidencias::resolve>, allowed);
    kernel.staff_post("/calendario/:id/ampliar", follow<&GestionIncidencias::extend>, allowed);
    kernel.staff_post("/calendario/:id/anular", follow<&GestionIncidencias::annul>, allowed);
    kernel.staff_post("/calendario/:id/rectificar", follow<&GestionIncidencias::rectify>, allowed);
    kernel.menu(Json::object({{"place", "staff"},
                              {"label", N_("Calendario e incidencias")},
                              {"path", base},
                              {"order", 40},
                              {"permission", may_manage},
                              {"group", N_("Plazos")},
                              {"icon", "calendar-event"}}));
}

}  // namespace calendar
