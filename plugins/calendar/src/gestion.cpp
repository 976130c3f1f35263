#include "gestion.hpp"

#include "campos.hpp"

#include <algorithm>

namespace calendar {

Quien GestionIncidencias::quien() const {
    const auto who = entorno_.call.who();
    return {who.login.empty() ? who.id : who.login, who.name};
}

std::string GestionIncidencias::needed(const Campo& campo, const char* name, std::size_t limit,
                                       const char* msgid, std::vector<Aviso>& avisos) {
    auto text = clean(campo(name), limit, true);
    if (text.empty()) avisos.push_back({name, {msgid}});
    return text;
}

std::optional<Instante> GestionIncidencias::past_instant(const Campo& campo, const char* day_field,
                                                         const char* hour_field, std::vector<Aviso>& avisos) {
    const auto day = parse_dia(campo(day_field));
    const auto hour = Hora::parse(campo(hour_field));
    if (!day) avisos.push_back({day_field, {N_("Escriba el día como dd/mm/aaaa.")}});
    if (!hour || hour->minutos >= 24 * 60)
        avisos.push_back({hour_field, {N_("Escriba la hora como hh:mm, por ejemplo 09:30.")}});
    if (!day || !hour || hour->minutos >= 24 * 60) return std::nullopt;
    const auto when = entorno_.zona.at(*day, *hour);
    if (when <= entorno_.now + 60) return when;
    avisos.push_back({day_field, {N_("Ese momento todavía no ha llegado.")}});
    return std::nullopt;
}

Hecho GestionIncidencias::open(const Campo& campo) {
    std::vector<Aviso> avisos;
    Incidencia one;
    one.sistema = clean(
        needed(campo, "sistema", 200, N_("Indique qué sistema o aplicación dejó de funcionar."), avisos),
        200);
    one.descripcion =
        needed(campo, "descripcion", 4'000, N_("Explique la incidencia: se publica tal cual."), avisos);
    const auto clase = campo("clase");
    if (clase != "tecnica" && clase != "ciberincidente")
        avisos.push_back({"clase", {N_("Elija la clase de incidencia.")}});
    one.ciberincidente = clase == "ciberincidente";
    const auto inicio = past_instant(campo, "inicio_dia", "inicio_hora", avisos);
    if (!avisos.empty()) return avisos;
    one.inicio = *inicio;
    one.quien = quien();
    const auto id = incidencias_.add(one);
    entorno_.call.audit(
        tx_, "calendar.incidencia.publicar", std::to_string(id), "ok",
        Json::object(
            {{"clase", clase}, {"sistema", one.sistema}, {"inicio", entorno_.zona.rfc3339(one.inicio)}}));
    entorno_.call.pages_changed(tx_);
    return id;
}

Hecho GestionIncidencias::add(const Incidencia& incidencia, Seguimiento paso, const char* event) {
    paso.quien = quien();
    incidencias_.add(incidencia.id, paso);
    Json details = Json::object({{"incidencia", incidencia.id}});
    if (paso.accion == "ampliar")
        details = Json::object({{"incidencia", incidencia.id},
                                {"desde", iso(paso.desde)},
                                {"hasta", iso(paso.hasta)},
                                {"nuevo", iso(paso.nuevo)},
                                {"acuerdo", paso.acuerdo}});
    if (!paso.texto.empty()) details["texto"] = paso.texto;
    if (paso.fin != 0) details["fin"] = entorno_.zona.rfc3339(paso.fin);
    entorno_.call.audit(tx_, "calendar.incidencia." + paso.accion, std::to_string(incidencia.id), "ok",
                        details);
    // whoever keeps terms counts them again
    if (event) entorno_.call.publish_event(tx_, event, details);
    entorno_.call.pages_changed(tx_);
    return incidencia.id;
}

Hecho GestionIncidencias::resolve(const Incidencia& incidencia, const Campo& campo) {
    std::vector<Aviso> avisos;
    const auto fin = past_instant(campo, "fin_dia", "fin_hora", avisos);
    if (incidencia.fin())
        avisos.push_back(
            {"fin_dia",
             {N_("La incidencia ya consta como resuelta: si la hora no es esa, publique una rectificación.")}});
    else if (fin && *fin < incidencia.inicio)
        avisos.push_back({"fin_dia", {N_("La incidencia no pudo terminar antes de empezar.")}});
    if (!avisos.empty()) return avisos;
    Seguimiento paso;
    paso.accion = "resolver";
    paso.fin = *fin;
    return add(incidencia, paso);
}

Hecho GestionIncidencias::extend(const Incidencia& incidencia, const Campo& campo) {
    std::vector<Aviso> avisos;
    const auto desde = parse_dia(campo("desde")), hasta = parse_dia(campo("hasta")),
               nuevo = parse_dia(campo("nuevo"));
    if (!desde)
        avisos.push_back({"desde", {N_("Escriba el primer vencimiento que se amplía como dd/mm/aaaa.")}});
    if (!hasta)
        avisos.push_back({"hasta", {N_("Escriba el último vencimiento que se amplía como dd/mm/aaaa.")}});
    if (!nuevo) avisos.push_back({"nuevo", {N_("Escriba el nuevo día de vencimiento como dd/mm/aaaa.")}});
    Seguimiento paso;
    paso.accion = "ampliar";
    paso.acuerdo = clean(needed(campo, "acuerdo", 400,
                                N_("Indique la resolución que concede la ampliación y su fecha."), avisos),
                         400);
    if (desde && *desde < entorno_.zona.day_of(incidencia.inicio))
        avisos.push_back(
            {"desde",
             {N_("Los plazos que vencieron antes de la incidencia no se pueden ampliar (artículo 32.3).")}});
    if (desde && hasta && *hasta < *desde)
        avisos.push_back({"hasta", {N_("El último vencimiento no puede ser anterior al primero.")}});
    if (hasta && nuevo && *nuevo <= *hasta)
        avisos.push_back({"nuevo", {N_("El nuevo vencimiento debe ser posterior a los que amplía.")}});
    if (nuevo) {
        const auto estado = entorno_.sede.at(*nuevo);
        if (estado.clase == Clase::no_consta)
            avisos.push_back(
                {"nuevo", {N_("No consta el calendario de ese año: no se sabe si ese día es hábil.")}});
        else if (!estado.habil())
            avisos.push_back({"nuevo", {N_("Ese día es inhábil: elija uno hábil.")}});
    }
    if (!avisos.empty()) return avisos;
    paso.desde = *desde;
    paso.hasta = *hasta;
    paso.nuevo = *nuevo;
    return add(incidencia, paso, "calendar.ampliacion");
}

Hecho GestionIncidencias::annul(const Incidencia& incidencia, const Campo& campo) {
    std::vector<Aviso> avisos;
    Seguimiento paso;
    paso.accion = "anular";
    paso.anula = parse_number(campo("paso"), 9).value_or(0);
    paso.texto =
        needed(campo, "anular_texto", 2'000, N_("Explique por qué queda sin efecto: se publica."), avisos);
    const auto found =
        std::find_if(incidencia.pasos.begin(), incidencia.pasos.end(), [&](const Seguimiento& one) {
            return one.id == paso.anula && one.accion == "ampliar" && !incidencia.annulled(one);
        });
    if (found == incidencia.pasos.end())
        avisos.push_back({"paso", {N_("Elija una ampliación que esté en vigor.")}});
    if (!avisos.empty()) return avisos;
    return add(incidencia, paso, "calendar.ampliacion.anulada");
}

Hecho GestionIncidencias::rectify(const Incidencia& incidencia, const Campo& campo) {
    std::vector<Aviso> avisos;
    Seguimiento paso;
    paso.accion = "rectificar";
    paso.texto = needed(campo, "rectificar_texto", 2'000,
                        N_("Escriba la rectificación: se publica y no sustituye a lo anterior."), avisos);
    if (!avisos.empty()) return avisos;
    return add(incidencia, paso);
}

}  // namespace calendar
