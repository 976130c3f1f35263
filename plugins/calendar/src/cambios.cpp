#include "cambios.hpp"

#include <algorithm>

namespace calendar {
namespace {

using std::chrono::days;

}  // namespace

Plazo urgent(const Plazo& plazo, Objeto objeto, Cuenta& cuenta) {
    if (objeto != Objeto::tramite) {
        cuenta.step(
            "33.1", "urgencia_no_reduce",
            {N_("La tramitación de urgencia no reduce los plazos para presentar solicitudes y recursos.")});
        return plazo;
    }
    const bool months = plazo.unidad() == Unidad::meses || plazo.unidad() == Unidad::anos;
    const int whole = plazo.unidad() == Unidad::anos ? plazo.cantidad() * 12 : plazo.cantidad();
    if (months && whole % 2 != 0)
        cuenta.stop(
            "mitad_sin_regla", "33.1",
            {N_("La urgencia reduce el plazo a la mitad, pero la ley no dice cómo se parte un mes: el acuerdo debe expresar el plazo reducido en meses enteros o en días.")});
    const Plazo half = *Plazo::of((whole + 1) / 2, months ? Unidad::meses : plazo.unidad());
    const std::pair<std::string, Valor> n{"n", Valor::numero(half.cantidad())},
        unidad{"unidad", Valor::msgid(label_of(half.unidad()))};
    cuenta.step("33.1", "urgencia",
                {N_("La tramitación de urgencia reduce el plazo a la mitad: {n} {unidad}."), {n, unidad}});
    if (whole % 2 != 0)
        cuenta.step(
            "33.1", "redondeo",
            {N_("La mitad no es exacta y la ley no dice cómo se redondea: se redondea hacia arriba, que no perjudica a quien ha de cumplir el plazo.")});
    return half;
}

Corriente::Corriente(Dia desde, const Plazo& plazo, Cuenta& cuenta)
    : desde_(desde), plazo_(plazo), cuenta_(cuenta) {
    add(plazo);
}

void Corriente::add(const Plazo& more) {
    switch (more.unidad()) {
        case Unidad::meses:
            meses_ += more.cantidad();
            break;
        case Unidad::anos:
            meses_ += more.cantidad() * 12;
            break;
        case Unidad::naturales:
            naturales_ += more.cantidad();
            break;
        case Unidad::habiles:
            habiles_ += more.cantidad();
            break;
        case Unidad::horas:
            break;
    }
}

Dia Corriente::nominal() { return cuenta_.advance(add_months(desde_, meses_) + days(naturales_), habiles_); }

Dia Corriente::end() {
    Dia day = nominal();
    while (!cuenta_.habil(day)) day += days(1);
    return day;
}

void Corriente::apply(std::vector<Suspension> suspensiones, const std::vector<Ampliacion>& ampliaciones) {
    std::stable_sort(suspensiones.begin(), suspensiones.end(),
                     [](const auto& a, const auto& b) { return a.desde < b.desde; });
    auto more = ampliaciones;
    std::stable_sort(more.begin(), more.end(),
                     [](const auto& a, const auto& b) { return a.acordada < b.acordada; });
    auto next = more.begin();
    for (const auto& one : suspensiones) {
        while (next != more.end() && next->acordada < one.desde) extend(*next++);
        suspend(one);
    }
    while (next != more.end()) extend(*next++);
}

void Corriente::suspend(const Suspension& one) {
    const std::string article = one.causa.empty() ? "22" : one.causa;
    if (one.desde < desde_)
        cuenta_.stop(
            "orden", "22",
            {N_("La suspensión del {fecha} empieza antes que el plazo."), {date("fecha", one.desde)}});
    if (one.hasta && *one.hasta < one.desde)
        cuenta_.stop("orden", "22",
                     {N_("La suspensión del {fecha} termina antes de empezar."), {date("fecha", one.desde)}});
    if (one.desde > end())
        cuenta_.stop("vencido", "22",
                     {N_("El plazo ya había vencido cuando empezó la suspensión del {fecha}."),
                      {date("fecha", one.desde)}});
    std::optional<Dia> until = one.hasta;
    if (one.causa == "22.1.d") {
        const Dia most = add_months(one.desde, 3);
        if (!until || *until > most) {
            cuenta_.step(
                "22.1.d", "tres_meses",
                {N_("La suspensión por un informe preceptivo no puede exceder de tres meses: termina el {fecha}."),
                 {date("fecha", most)}});
            until = most;
        }
    }
    if (!until)
        cuenta_.stop(
            "suspendido", article,
            {N_("El plazo está suspendido desde el {fecha}: no se sabe cuándo termina hasta que se levante la suspensión."),
             {date("fecha", one.desde)}});
    const Dia from = suspended_until_ ? std::max(one.desde, *suspended_until_) : one.desde;
    suspended_until_ = suspended_until_ ? std::max(*suspended_until_, *until) : *until;
    if (*until <= from) {
        cuenta_.step(article, "ya_suspendido",
                     {N_("La suspensión del {fecha} no añade días: el plazo ya estaba suspendido."),
                      {date("fecha", one.desde)}});
        return;
    }
    const bool working = plazo_.unidad() == Unidad::habiles;
    const int n = working ? cuenta_.working_days(from, *until) : static_cast<int>((*until - from).count());
    (working ? habiles_ : naturales_) += n;
    cuenta_.step(
        article, "suspension",
        {working
             ? N_("El plazo estuvo suspendido desde el {desde} hasta el {hasta}. Días hábiles que no cuentan: {n}.")
             : N_("El plazo estuvo suspendido desde el {desde} hasta el {hasta}. Días que no cuentan: {n}."),
         {date("desde", from), date("hasta", *until), {"n", Valor::numero(n)}}});
}

/// Of what has been granted by that article, with this: at most half (32) or the whole (23) of the term as it was stated. Days
/// that are added to months are measured against the days that those months really have.
bool Corriente::within_limit(const Ampliacion& one) {
    auto& usado = usado_[one.articulo_23];
    switch (one.plazo.unidad()) {
        case Unidad::meses:
            usado.meses += one.plazo.cantidad();
            break;
        case Unidad::anos:
            usado.meses += one.plazo.cantidad() * 12;
            break;
        case Unidad::naturales:
            usado.naturales += one.plazo.cantidad();
            break;
        case Unidad::habiles:
            usado.habiles += one.plazo.cantidad();
            break;
        case Unidad::horas:
            break;
    }
    const long long part = one.articulo_23 ? 1 : 2;
    if (plazo_.unidad() == Unidad::habiles) return part * usado.habiles <= plazo_.cantidad();
    if (plazo_.unidad() == Unidad::naturales) return part * usado.naturales <= plazo_.cantidad();
    const long long months = plazo_.cantidad() * (plazo_.unidad() == Unidad::anos ? 12 : 1);
    const Dia last = add_months(desde_, static_cast<int>(months));
    const long long natural = (last - desde_).count(),
                    working = usado.habiles > 0 ? cuenta_.working_days(desde_, last) : 1;
    return part * (usado.meses * natural * working + usado.naturales * months * working +
                   usado.habiles * months * natural) <=
           months * natural * working;
}

void Corriente::extend(const Ampliacion& one) {
    const std::string article = one.articulo_23 ? "23.1" : "32.1";
    const auto same = [](Unidad unidad) { return unidad == Unidad::anos ? Unidad::meses : unidad; };
    if (one.plazo.unidad() == Unidad::horas ||
        (same(plazo_.unidad()) != Unidad::meses && plazo_.unidad() != one.plazo.unidad()))
        cuenta_.stop("unidad", article,
                     {N_("La ampliación debe expresarse en la misma unidad que el plazo: {unidad}."),
                      {{"unidad", Valor::msgid(label_of(plazo_.unidad()))}}});
    if (one.acordada < desde_)
        cuenta_.stop("orden", article,
                     {N_("La ampliación se acordó el {fecha}, antes de que empezara el plazo."),
                      {date("fecha", one.acordada)}});
    if (one.acordada > end())
        cuenta_.stop(
            "vencido", "32.3",
            {N_("La ampliación se acordó el {fecha}, con el plazo ya vencido: en ningún caso puede ampliarse."),
             {date("fecha", one.acordada)}});
    if (!within_limit(one))
        cuenta_.stop(
            "excede", article,
            {one.articulo_23
                 ? N_("La ampliación no puede ser superior al plazo establecido para la tramitación.")
                 : N_("La ampliación no puede exceder de la mitad del plazo.")});
    add(one.plazo);
    cuenta_.step(article, "ampliacion",
                 {N_("El plazo se amplió el {fecha}, antes de vencer: {n} {unidad} más."),
                  {date("fecha", one.acordada),
                   {"n", Valor::numero(one.plazo.cantidad())},
                   {"unidad", Valor::msgid(label_of(one.plazo.unidad()))}}});
}

}  // namespace calendar
