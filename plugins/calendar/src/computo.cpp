#include "computo.hpp"

#include "cambios.hpp"
#include "cuenta.hpp"

#include <algorithm>

namespace calendar {
namespace {

using std::chrono::days;

std::pair<std::string, Valor> number(const char* name, int n) { return {name, Valor::numero(n)}; }

/// From where a term that a register entry begins is counted.
void enter_register(Peticion& peticion, const Marco& marco, Cuenta& cuenta) {
    const auto entry = presentacion(marco.zona.at(peticion.desde, peticion.hora), marco.sede, marco.zona);
    if (!entry) throw Parada{entry.error()};
    const bool by_days =
        peticion.plazo.unidad() == Unidad::habiles || peticion.plazo.unidad() == Unidad::horas;
    for (const auto& paso : entry->pasos) cuenta.step(paso.articulo, paso.codigo, paso.frase);
    if (!entry->inhabil) return;
    if (by_days) {
        peticion.desde = entry->dia;
        peticion.hora = {0};
        return;
    }
    cuenta.step(
        "31.2.b", "entrada_real",
        {N_("Esa regla es para los plazos en días hábiles; los que se fijan por meses, años o días naturales se cuentan desde la entrada real, el {fecha}."),
         {date("fecha", peticion.desde)}});
}

Vencimiento by_hours(const Peticion& peticion, const Plazo& plazo, const Marco& marco, Cuenta& cuenta) {
    if (!peticion.suspensiones.empty() || !peticion.ampliaciones.empty())
        cuenta.stop("unidad", "30.1",
                    {N_("Un plazo por horas no se suspende ni se amplía aquí: expréselo en días.")});
    const auto begin = marco.zona.at(peticion.desde, peticion.hora);
    cuenta.step(
        "30.1", "de_hora_en_hora",
        {N_("Los plazos por horas se cuentan de hora en hora y de minuto en minuto desde la hora del acto: las {hora} del {fecha}."),
         {{"hora", Valor::texto(peticion.hora.text())}, date("fecha", peticion.desde)}});
    cuenta.step("30.1", "horas_habiles",
                {N_("Son hábiles todas las horas de los días hábiles. Horas del plazo: {n}."),
                 {number("n", plazo.cantidad())}});
    Instante now = begin;
    Dia day = peticion.desde;
    for (Instante left = Instante{plazo.cantidad()} * 3600;; day += days(1)) {
        const Instante end = marco.zona.start_of(day + days(1));
        if (!cuenta.habil(day)) {
            now = end;
            continue;
        }
        if (left <= end - now) {
            now += left;
            break;
        }
        left -= end - now;
        now = end;
    }
    cuenta.tell_skipped(peticion.desde - days(1), day);
    const Hora hour = now == marco.zona.start_of(day + days(1)) ? Hora{24 * 60} : marco.zona.time_of(now);
    cuenta.step("30.1", "vence",
                {N_("El plazo termina a las {hora} del {fecha}."),
                 {{"hora", Valor::texto(hour.text())}, date("fecha", day)}});
    return {day, hour, now, {}};
}

void tell_term(const Peticion& peticion, const Plazo& plazo, Cuenta& cuenta) {
    const std::string rule =
        plazo.unidad() == Unidad::meses || plazo.unidad() == Unidad::anos ? "30.4" : "30.3";
    cuenta.step(rule, "dia_siguiente",
                {N_("El plazo se cuenta a partir del día siguiente al {desde}: desde el {primero}."),
                 {date("desde", peticion.desde), date("primero", peticion.desde + days(1))}});
    if (plazo.unidad() == Unidad::habiles)
        cuenta.step(
            "30.2", "dias_habiles",
            {N_("Los días son hábiles: no cuentan sábados, domingos ni festivos. Días del plazo: {n}."),
             {number("n", plazo.cantidad())}});
    if (plazo.unidad() == Unidad::naturales)
        cuenta.step(
            "30.2", "dias_naturales",
            {N_("Los días son naturales porque así lo declara una ley o el Derecho de la Unión Europea: cuentan todos. Días del plazo: {n}."),
             {number("n", plazo.cantidad())}});
}

void tell_end(const Peticion& peticion, const Plazo& plazo, Dia nominal, Cuenta& cuenta) {
    const bool changed = !peticion.suspensiones.empty() || !peticion.ampliaciones.empty();
    switch (plazo.unidad()) {
        case Unidad::meses:
        case Unidad::anos: {
            const int months = plazo.cantidad() * (plazo.unidad() == Unidad::anos ? 12 : 1);
            const Dia end = add_months(peticion.desde, months);
            if (day_of_month(end) == day_of_month(peticion.desde))
                cuenta.step(
                    "30.4", "de_fecha_a_fecha",
                    {N_("De fecha a fecha: concluye el mismo día del mes o del año de vencimiento, el {fecha}."),
                     {date("fecha", end)}});
            else
                cuenta.step(
                    "30.4", "ultimo_dia_del_mes",
                    {N_("En el mes de vencimiento no hay día {dia}: el plazo expira el último día del mes, el {fecha}."),
                     {number("dia", static_cast<int>(day_of_month(peticion.desde))), date("fecha", end)}});
            break;
        }
        case Unidad::habiles:
            cuenta.tell_skipped(peticion.desde, nominal);
            break;
        case Unidad::naturales:
        case Unidad::horas:
            break;
    }
    if (changed)
        cuenta.step("30", "con_cambios",
                    {N_("Con las suspensiones y ampliaciones, el último día es el {fecha}."),
                     {date("fecha", nominal)}});
    else
        cuenta.step(
            plazo.unidad() == Unidad::habiles || plazo.unidad() == Unidad::naturales ? "30.3" : "30.4",
            "ultimo_dia", {N_("El último día es el {fecha}."), {date("fecha", nominal)}});
}

bool crosses_august(Dia from, Dia to) {
    for (Dia day = from + days(1); day <= to; day += days(1)) {
        if (std::chrono::year_month_day(day).month() == std::chrono::August) return true;
    }
    return false;
}

Vencimiento by_days(const Peticion& peticion, const Plazo& plazo, Cuenta& cuenta) {
    tell_term(peticion, plazo, cuenta);
    Corriente corriente(peticion.desde, plazo, cuenta);
    corriente.apply(peticion.suspensiones, peticion.ampliaciones);
    const Dia nominal = corriente.nominal();
    tell_end(peticion, plazo, nominal, cuenta);
    if (crosses_august(peticion.desde, nominal))
        cuenta.step("30.2", "agosto", {N_("Agosto cuenta: en el procedimiento administrativo es hábil.")});
    return {cuenta.roll(nominal), {}, 0, {}};
}

void apply_prorrogas(Vencimiento& term, const Marco& marco, Cuenta& cuenta) {
    for (const auto& one : marco.prorrogas) {
        if (term.dia < one.desde || term.dia > one.hasta || one.nuevo <= term.dia) continue;
        const char* const sentence =
            one.ciberincidente
                ? N_("Por el ciberincidente {incidencia}, la Administración amplió con carácter general los plazos que vencían entre el {desde} y el {hasta}: terminan el {nuevo}.")
                : N_("Por la incidencia técnica {incidencia}, publicada en la sede, los plazos que vencían entre el {desde} y el {hasta} terminan el {nuevo}.");
        cuenta.step(one.ciberincidente ? "32.5" : "32.4", "incidencia",
                    {sentence,
                     {{"incidencia", Valor::texto(one.incidencia)},
                      date("desde", one.desde),
                      date("hasta", one.hasta),
                      date("nuevo", one.nuevo)}});
        term.dia = cuenta.roll(one.nuevo);
        if (term.hora) term.hora = Hora{24 * 60};
        term.instante = 0;
    }
}

Vencimiento count(Peticion peticion, const Marco& marco, Cuenta& cuenta) {
    if (peticion.plazo.unidad() == Unidad::horas && peticion.plazo.cantidad() > 24)
        cuenta.stop("mas_de_24_horas", "30.1",
                    {N_("Un plazo por horas no puede durar más de veinticuatro: debe expresarse en días.")});
    if (peticion.origen == Origen::registro) enter_register(peticion, marco, cuenta);
    const Plazo plazo = peticion.urgencia ? urgent(peticion.plazo, peticion.objeto, cuenta) : peticion.plazo;
    auto term = plazo.unidad() == Unidad::horas ? by_hours(peticion, plazo, marco, cuenta)
                                                : by_days(peticion, plazo, cuenta);
    apply_prorrogas(term, marco, cuenta);
    if (term.instante == 0) {
        term.instante = marco.zona.start_of(term.dia + days(1));
        cuenta.step("30", "vence",
                    {N_("El plazo termina el {fecha}, hasta las 24:00."), {date("fecha", term.dia)}});
    }
    term.pasos = cuenta.take();
    return term;
}

}  // namespace

concejo::Result<Vencimiento, Impedimento> vencimiento(const Peticion& peticion, const Marco& marco) {
    Cuenta cuenta(DiasHabiles(marco.sede, marco.residencia));
    try {
        return count(peticion, marco, cuenta);
    } catch (const Parada& parada) {
        return parada.impedimento;
    }
}

concejo::Result<Presentacion, Impedimento> presentacion(Instante real, const Calendario& registro,
                                                        const Zona& zona) {
    Cuenta cuenta{DiasHabiles(registro)};  // its own calendar alone (art. 31.3)
    try {
        const Dia day = zona.day_of(real);
        const std::pair<std::string, Valor> hour{"hora", Valor::texto(zona.time_of(real).text())};
        cuenta.step("31.2", "hora_oficial",
                    {N_("Rige la fecha y hora oficial de la sede: se presentó el {fecha} a las {hora}."),
                     {date("fecha", day), hour}});
        if (cuenta.habil(day)) {
            cuenta.step(
                "31.2.c", "inicio",
                {N_("El día es hábil en el registro: el plazo de la Administración arranca de esa fecha y hora.")});
            return Presentacion{real, real, day, false, cuenta.take()};
        }
        const Dia next = cuenta.advance(day, 1);
        cuenta.step("31.3", "calendario_del_registro",
                    {N_("El {fecha} es inhábil en el calendario del registro, el único que se le aplica."),
                     {date("fecha", day)}});
        cuenta.step(
            "31.2.b", "primera_hora",
            {N_("La presentación se entiende hecha en la primera hora del primer día hábil siguiente, el {fecha}, antes que las de ese día y en su orden real."),
             {date("fecha", next)}});
        cuenta.step("31.2.c", "inicio_comunicado",
                    {N_("Esa fecha y hora efectiva de inicio se comunica a quien presentó el documento.")});
        return Presentacion{real, zona.start_of(next), next, true, cuenta.take()};
    } catch (const Parada& parada) {
        return parada.impedimento;
    }
}

}  // namespace calendar
