#include "cuenta.hpp"

namespace calendar {
namespace {

using std::chrono::days;

std::pair<std::string, Valor> on(Dia day) { return {"fecha", Valor::fecha(iso(day))}; }

Valor name(const Festivo& one) {
    return one.traducible ? Valor::msgid(one.nombre) : Valor::texto(one.nombre);
}

Frase unknown_days(Dia day, const Estado& estado) {
    const auto year = std::pair<std::string, Valor>("ejercicio", Valor::numero(year_of(day)));
    const bool both = estado.faltan.size() > 1, region = estado.faltan.contains(Capa::autonomico);
    if (estado.residencia) {
        if (both)
            return {
                N_("Depende de si el {fecha} es hábil donde reside la persona interesada, y no consta su calendario de {ejercicio}: faltan las fiestas de la comunidad autónoma y las locales."),
                {on(day), year}};
        if (region)
            return {
                N_("Depende de si el {fecha} es hábil donde reside la persona interesada, y no constan las fiestas de su comunidad autónoma en {ejercicio}."),
                {on(day), year}};
        return {
            N_("Depende de si el {fecha} es hábil donde reside la persona interesada, y no constan sus fiestas locales de {ejercicio}."),
            {on(day), year}};
    }
    if (both)
        return {
            N_("Depende de si el {fecha} es hábil, y no consta el calendario de {ejercicio}: faltan las fiestas de la comunidad autónoma y las locales."),
            {on(day), year}};
    if (region)
        return {
            N_("Depende de si el {fecha} es hábil, y no constan las fiestas de la comunidad autónoma en {ejercicio}."),
            {on(day), year}};
    return {N_("Depende de si el {fecha} es hábil, y no constan las fiestas locales de {ejercicio}."),
            {on(day), year}};
}

}  // namespace

void Cuenta::stop(std::string codigo, std::string articulo, Frase frase) {
    throw Parada{{std::move(codigo), {std::move(articulo), "", std::move(frase)}, take(), {}, {}}};
}

Estado Cuenta::at(Dia day) {
    Estado estado = dias_.at(day);
    if (estado.clase == Clase::no_consta)
        throw Parada{{"no_consta", {"30.7", "", unknown_days(day, estado)}, take(), day, estado.faltan}};
    return estado;
}

Dia Cuenta::advance(Dia from, int n) {
    while (n > 0) {
        from += days(1);
        if (habil(from)) --n;
    }
    return from;
}

int Cuenta::working_days(Dia from, Dia to) {
    int n = 0;
    while (from < to) {
        from += days(1);
        if (habil(from)) ++n;
    }
    return n;
}

void Cuenta::tell_holiday(Dia day, const Estado& estado) {
    const std::pair<std::string, Valor> nombre{"nombre", name(*estado.festivo)},
        ambito{"ambito", Valor::msgid(label_of(estado.festivo->capa))};
    if (estado.residencia)
        step(
            "30.6", "festivo_residencia",
            {N_("El {fecha} es inhábil donde reside la persona interesada ({nombre}, {ambito}), y por eso se considera inhábil en todo caso."),
             {on(day), nombre, ambito}});
    else
        step("30.2", "festivo",
             {N_("El {fecha} es inhábil: {nombre} ({ambito})."), {on(day), nombre, ambito}});
}

Dia Cuenta::roll(Dia day) {
    for (;; day += days(1)) {
        const Estado estado = at(day);
        if (estado.habil()) return day;
        if (estado.clase == Clase::festivo)
            tell_holiday(day, estado);
        else
            step("30.2", "fin_de_semana",
                 {estado.clase == Clase::sabado ? N_("El {fecha} es sábado, inhábil.")
                                                : N_("El {fecha} es domingo, inhábil."),
                  {on(day)}});
        step(
            "30.5", "prorroga",
            {N_("El último día es inhábil: el plazo se entiende prorrogado al primer día hábil siguiente.")});
    }
}

void Cuenta::tell_skipped(Dia from, Dia to) {
    int weekends = 0;
    for (Dia day = from + days(1); day <= to; day += days(1)) {
        const Estado estado = at(day);
        if (estado.clase == Clase::festivo)
            tell_holiday(day, estado);
        else if (!estado.habil())
            ++weekends;
    }
    if (weekends > 0)
        step("30.2", "fines_de_semana",
             {N_("Sábados y domingos que no cuentan entre medias: {n}."), {{"n", Valor::numero(weekends)}}});
}

}  // namespace calendar
