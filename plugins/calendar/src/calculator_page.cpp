// A term, the day on which it ends and why. A form that asks by its address: it can be linked, and works without JavaScript.
#include "campos.hpp"
#include "mensaje.hpp"
#include "paginas.hpp"

namespace calendar {
namespace {

using concejo::Reply;
using concejo::Request;

template <class T>
std::vector<Opcion> options(const Entorno& entorno, std::initializer_list<T> values) {
    std::vector<Opcion> all;
    for (const T value : values) all.push_back({name_of(value), entorno.call.tr(label_of(value))});
    return all;
}

std::vector<Opcion> regions(const Entorno& entorno) {
    std::vector<Opcion> all{{"", entorno.call.tr("En este municipio")}};
    for (const auto& one : comunidades()) all.push_back({one.codigo, entorno.call.tr(one.nombre)});
    return all;
}

std::vector<Opcion> causes(const Entorno& entorno) {
    std::vector<Opcion> all{{"", entorno.call.tr("Sin indicar")}};
    for (const auto& one : causas())
        all.push_back({one, entorno.text({N_("Artículo {articulo}"), {{"articulo", Valor::texto(one)}}})});
    return all;
}

void add_fields(const Entorno& entorno, const Request& request, Campos& campos, Json& view) {
    const auto& call = entorno.call;
    const auto typed = [&](const char* name, std::string otherwise = {}) {
        return clean(request.query(name).value_or(std::move(otherwise)), 2'000);
    };
    campos.date("desde", call.tr("Día del acto"), typed("desde"),
                call.tr("El de la notificación, la publicación, el silencio o la entrada en el registro."));
    campos.text("hora", call.tr("Hora"), typed("hora"),
                call.tr("Como hh:mm. Solo cuenta en los plazos por horas y en las entradas en el registro."),
                true, "10");
    campos.text("cantidad", call.tr("Duración del plazo"), typed("cantidad"), "", false, "10");
    campos.select(
        "unidad", call.tr("Unidad"), typed("unidad", "habiles"),
        options(entorno, {Unidad::habiles, Unidad::naturales, Unidad::meses, Unidad::anos, Unidad::horas}));
    campos.select(
        "origen", call.tr("Qué da comienzo al plazo"), typed("origen", "notificacion"),
        options(entorno, {Origen::notificacion, Origen::publicacion, Origen::silencio, Origen::registro}));
    view["main_fields"] = Json::object({{"fields", campos.take()}});
    campos.select("objeto", call.tr("Para qué es el plazo"), typed("objeto", "tramite"),
                  options(entorno, {Objeto::tramite, Objeto::solicitud, Objeto::recurso}));
    campos.checkbox("urgencia", call.tr("Se acordó la tramitación de urgencia"), !typed("urgencia").empty());
    campos.select("residencia_comunidad", call.tr("Dónde reside la persona interesada"),
                  typed("residencia_comunidad"), regions(entorno),
                  call.tr("Lo que es inhábil allí o aquí es inhábil en todo caso (artículo 30.6)."));
    campos.text("residencia_locales", call.tr("Fiestas locales de donde reside"), typed("residencia_locales"),
                call.tr("Como dd/mm/aaaa, separadas por comas, si reside en otro municipio."), true);
    campos.date("suspension_desde", call.tr("Suspendido desde"), typed("suspension_desde"), "", true);
    campos.date("suspension_hasta", call.tr("Suspendido hasta"), typed("suspension_hasta"), "", true);
    campos.select("causa", call.tr("Causa de la suspensión"), typed("causa"), causes(entorno));
    campos.text("ampliacion_cantidad", call.tr("Ampliación"), typed("ampliacion_cantidad"), "", true, "10");
    campos.select("ampliacion_unidad", call.tr("Unidad de la ampliación"),
                  typed("ampliacion_unidad", "habiles"),
                  options(entorno, {Unidad::habiles, Unidad::naturales, Unidad::meses}));
    campos.date("ampliacion_acordada", call.tr("Día en que se acordó la ampliación"),
                typed("ampliacion_acordada"), "", true);
    campos.select("ampliacion_articulo", call.tr("Artículo de la ampliación"),
                  typed("ampliacion_articulo", "32"),
                  {{"32", call.tr("32: hasta la mitad del plazo")},
                   {"23", call.tr("23: del plazo máximo para resolver, hasta otro tanto")}});
    view["more_fields"] = Json::object({{"fields", campos.take()}});
}

Json result_of(const Entorno& entorno, const Respuesta& term) {
    const auto& call = entorno.call;
    Json result = Json::object(
        {{"steps", steps(entorno, term ? term->pasos : term.error().pasos)}, {"tone", term ? "ok" : "warn"}});
    if (!term) {
        result["heading"] = term.error().codigo == "no_consta"
                                ? call.tr("No se puede calcular: no consta el calendario")
                                : call.tr("La ley no permite dar una fecha");
        result["text"] = entorno.text(term.error().motivo.frase);
        result["article"] = term.error().motivo.articulo;
        return result;
    }
    const std::string day = call.date(iso(term->dia), concejo::Style::full);
    result["heading"] = term->hora ? fill(call.tr("Vence el {fecha} a las {hora}"),
                                          {{"fecha", day}, {"hora", term->hora->text()}})
                                   : fill(call.tr("Vence el {fecha}"), {{"fecha", day}});
    result["text"] =
        fill(call.tr("Hora de {zona}. Este cálculo orienta: lo que obliga es la notificación y la ley."),
             {{"zona", entorno.zona.name()}});
    result["article"] = "";
    return result;
}

void calculator(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    std::vector<Aviso> avisos;
    Json result;
    if (request.query("desde") || request.query("cantidad")) {
        const Json message = message_of([&](std::string_view name) { return request.query(name); });
        auto tx = request.begin();
        IncidenciaRepository incidencias(tx);
        const auto counted = count(entorno, message, incidencias);
        if (counted)
            result = result_of(entorno, *counted);
        else
            avisos = counted.error();
    }
    Campos campos(entorno, avisos);
    const std::string heading = request.tr("Cálculo de plazos");
    Json view = Json::object(
        {{"title", avisos.empty() ? heading : request.tr("Error") + ": " + heading},
         {"heading", heading},
         {"description",
          request.tr(
              "Cuándo vence un plazo del procedimiento administrativo y por qué, artículo por artículo.")},
         {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                    {request.tr("Calendario de días inhábiles"), request.url("/calendario")},
                                    {heading, ""}})},
         {"errors", campos.errors()},
         {"action", request.url("/calendario/calculo")},
         {"result", result}});
    add_fields(entorno, request, campos, view);
    view["more_open"] = !avisos.empty() || !request.query("suspension_desde").value_or("").empty() ||
                        !request.query("ampliacion_cantidad").value_or("").empty() ||
                        request.query("urgencia").has_value() ||
                        !request.query("residencia_comunidad").value_or("").empty() ||
                        request.query("objeto").value_or("tramite") != "tramite";
    if (!avisos.empty()) reply.status(422);
    reply.page("calendar/calculo", view);
}

}  // namespace

void register_calculator(concejo::Kernel& kernel) { kernel.page("/calendario/calculo", calculator); }

}  // namespace calendar
