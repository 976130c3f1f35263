#include "vistas.hpp"

#include "hora_oficial.hpp"

namespace calendar {
namespace {

Json row(std::string label, std::string text) {
    return Json::object({{"label", std::move(label)}, {"text", std::move(text)}});
}

std::string step_text(const Entorno& entorno, const Incidencia& one, const Seguimiento& paso) {
    const auto& call = entorno.call;
    if (paso.accion == "resolver")
        return fill(call.tr("El sistema volvió a funcionar el {fecha}."),
                    {{"fecha", call.instant(paso.fin)}});
    if (paso.accion == "ampliar") {
        const std::string text = extension_text(entorno, paso) + " " + paso.acuerdo;
        return one.annulled(paso) ? text + " (" + call.tr("sin efecto") + ")" : text;
    }
    if (paso.accion == "anular") return call.tr("Deja sin efecto la ampliación:") + " " + paso.texto;
    return call.tr("Rectificación:") + " " + paso.texto;
}

}  // namespace

std::string extension_text(const Entorno& entorno, const Seguimiento& paso) {
    return fill(entorno.call.tr("Los plazos que vencían entre el {desde} y el {hasta} terminan el {nuevo}."),
                {{"desde", entorno.date(paso.desde)},
                 {"hasta", entorno.date(paso.hasta)},
                 {"nuevo", entorno.date(paso.nuevo)}});
}

Json incident_view(const Entorno& entorno, const Incidencia& one) {
    const auto& call = entorno.call;
    const auto fin = one.fin();
    Json history = Json::array({row(call.instant(one.creada), call.tr("Publicada"))});
    for (const auto& paso : one.pasos)
        history.push_back(row(call.instant(paso.cuando), step_text(entorno, one, paso)));
    return Json::object(
        {{"numero", std::to_string(one.id)},
         {"heading", fill(call.tr("Incidencia {numero}: {sistema}"),
                          {{"numero", std::to_string(one.id)}, {"sistema", one.sistema}})},
         {"descripcion", one.descripcion},
         {"estado", fin ? Json::object({{"text", call.tr("Resuelta")}, {"tone", "ok"}})
                        : Json::object({{"text", call.tr("Sin resolver")}, {"tone", "err"}})},
         {"clase", one.ciberincidente ? call.tr("Ciberincidente (artículo 32.5)")
                                      : call.tr("Incidencia técnica (artículo 32.4)")},
         {"rows", Json::array({row(call.tr("Empezó"), call.instant(one.inicio)),
                               row(call.tr("Terminó"), fin ? call.instant(*fin) : call.tr("Sigue"))})},
         {"history", history}});
}

Json incident_json(const Entorno& entorno, const Incidencia& one) {
    const auto fin = one.fin();
    Json extensions = Json::array(), notes = Json::array();
    for (const auto& paso : one.pasos) {
        if (paso.accion == "ampliar")
            extensions.push_back(Json::object({{"desde", iso(paso.desde)},
                                               {"hasta", iso(paso.hasta)},
                                               {"nuevo", iso(paso.nuevo)},
                                               {"acuerdo", paso.acuerdo},
                                               {"publicada", entorno.zona.rfc3339(paso.cuando)},
                                               {"vigente", !one.annulled(paso)}}));
        if (paso.accion == "rectificar" || paso.accion == "anular")
            notes.push_back(
                Json::object({{"texto", paso.texto}, {"publicada", entorno.zona.rfc3339(paso.cuando)}}));
    }
    return Json::object({{"numero", one.id},
                         {"clase", one.ciberincidente ? "ciberincidente" : "tecnica"},
                         {"sistema", one.sistema},
                         {"descripcion", one.descripcion},
                         {"inicio", entorno.zona.rfc3339(one.inicio)},
                         {"fin", fin ? Json(entorno.zona.rfc3339(*fin)) : Json()},
                         {"publicada", entorno.zona.rfc3339(one.creada)},
                         {"ampliaciones", extensions},
                         {"rectificaciones", notes}});
}

Json clock_json(const Entorno& entorno) {
    const auto kept = sincronia();
    const auto source = entorno.settings.string_or("fuente_hora", "");
    return Json::object({{"fecha_hora", entorno.zona.rfc3339(entorno.now)},
                         {"zona", entorno.zona.name()},
                         {"fuente", source.empty() ? Json() : Json(source)},
                         {"sincronizado", kept.sincronizado},
                         {"error_maximo_ms", kept.error_ms ? Json(*kept.error_ms) : Json()}});
}

}  // namespace calendar
