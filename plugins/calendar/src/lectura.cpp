#include "lectura.hpp"

#include <algorithm>

namespace calendar {
namespace {

using concejo::Json;

class Reader {
public:
    explicit Reader(const Json& json) : json_(json) {}

    Peticion read() {
        const auto desde =
            day(json_, "desde", "desde", N_("Escriba el día del acto como dd/mm/aaaa, entre 2000 y 2199."));
        const auto plazo =
            term(json_.contains("plazo") && json_["plazo"].is_object() ? json_["plazo"] : json_, "cantidad");
        Peticion read{desde.value_or(Dia{}), {}, false, plazo.value_or(*Plazo::of(1, Unidad::habiles))};
        if (const auto hora = json_.string_or("hora", ""); !hora.empty()) {
            const auto value = Hora::parse(hora);
            if (!value || value->minutos >= 24 * 60)
                wrong("hora", N_("Escriba la hora como hh:mm, por ejemplo 09:30."));
            else
                read.hora = *value, read.con_hora = true;
        } else if (plazo && plazo->unidad() == Unidad::horas) {
            wrong("hora", N_("Un plazo por horas se cuenta desde la hora del acto: escríbala como hh:mm."));
        }
        choose("origen", read.origen, parse_origen,
               N_("Elija qué da comienzo al plazo: notificacion, publicacion, silencio o registro."));
        choose("objeto", read.objeto, parse_objeto,
               N_("Elija para qué es el plazo: tramite, solicitud o recurso."));
        read.urgencia = flag("urgencia");
        for (const auto& one : list("suspensiones", "suspension_desde")) suspension(one, read);
        for (const auto& one : list("ampliaciones", "ampliacion_cantidad")) extension(one, read);
        return read;
    }
    std::vector<Aviso> avisos;

private:
    void wrong(const char* campo, const char* msgid) { avisos.push_back({campo, {msgid}}); }

    std::optional<Dia> day(const Json& from, const char* member, const char* campo, const char* msgid) {
        const auto value = parse_dia(from.string_or(member, ""));
        if (!value) wrong(campo, msgid);
        return value;
    }
    /// "cantidad" may be a number or its digits: forms and command lines only know text.
    static std::optional<int> count(const Json& from) {
        const Json& value = from["cantidad"];
        if (value.is_int() && value.as_int() >= 0 && value.as_int() <= 99'999)
            return static_cast<int>(value.as_int());
        return value.is_string() ? parse_number(value.as_string(), 5) : std::nullopt;
    }
    std::optional<Plazo> term(const Json& from, const char* campo) {
        std::optional<Plazo> plazo;
        if (from["plazo"].is_string())
            plazo = Plazo::parse(from["plazo"].as_string());
        else if (const auto n = count(from)) {
            if (const auto unidad = parse_unidad(from.string_or("unidad", "habiles")))
                plazo = Plazo::of(*n, *unidad);
        }
        if (!plazo)
            wrong(
                campo,
                N_("Escriba la duración como un número y su unidad (horas, habiles, naturales, meses o años): hasta 2000 días, 240 meses o 20 años."));
        return plazo;
    }
    template <class T, class Parse>
    void choose(const char* member, T& into, Parse parse, const char* msgid) {
        const auto text = json_.string_or(member, "");
        if (text.empty()) return;
        if (const auto value = parse(text))
            into = *value;
        else
            wrong(member, msgid);
    }
    bool flag(const char* member) const {
        const Json& value = json_[member];
        return value.is_bool()
                   ? value.as_bool()
                   : value.is_string() && (value.as_string() == "si" || value.as_string() == "true" ||
                                           value.as_string() == "1");
    }
    std::vector<Json> list(const char* member, const char* campo) {
        const Json& value = json_[member];
        if (value.is_null()) return {};
        if (value.is_array() && value.size() <= most_changes) return value.as_array();
        wrong(campo, N_("Debe ser una lista de 50 elementos como mucho."));
        return {};
    }
    void suspension(const Json& from, Peticion& into) {
        const auto desde = day(from, "desde", "suspension_desde",
                               N_("Escriba el día en que empezó la suspensión como dd/mm/aaaa."));
        std::optional<Dia> hasta;
        if (!from.string_or("hasta", "").empty())
            hasta = day(
                from, "hasta", "suspension_hasta",
                N_("Escriba el día en que se levantó la suspensión como dd/mm/aaaa, o déjelo vacío si sigue."));
        const auto causa = from.string_or("causa", "");
        if (!causa.empty() && std::find(causas().begin(), causas().end(), causa) == causas().end())
            wrong("causa", N_("La causa debe ser una letra del artículo 22, de 22.1.a a 22.2.c."));
        if (desde) into.suspensiones.push_back({*desde, hasta, causa});
    }
    void extension(const Json& from, Peticion& into) {
        const auto plazo = term(from, "ampliacion_cantidad");
        const auto acordada = day(from, "acordada", "ampliacion_acordada",
                                  N_("Escriba el día en que se acordó la ampliación como dd/mm/aaaa."));
        const auto article = from.string_or("articulo", "32");
        if (article != "32" && article != "23")
            wrong("ampliacion_articulo", N_("La ampliación es del artículo 32 o del 23."));
        if (plazo && acordada) into.ampliaciones.push_back({*plazo, *acordada, article == "23"});
    }

    const Json& json_;
};

/// Days of one list of a municipality's file. `lista` names it in what is wrong.
void read_list(const Json& from, const char* lista, Capa capa, int year, const std::string& fuente,
               Propios& into) {
    const Json& days = from[lista];
    if (!days.is_array()) return;
    auto& propio = into.years[year];
    for (const auto& one : days.as_array()) {
        const auto text = one.string_or("fecha", "");
        const auto when = parse_dia(text);
        const std::vector<std::pair<std::string, Valor>> where{{"fecha", Valor::texto(text)},
                                                               {"ejercicio", Valor::numero(year)},
                                                               {"lista", Valor::texto(lista)}};
        if (!when || year_of(*when) != year) {
            into.problemas.push_back(
                {year, {N_("Calendario de {ejercicio}, {lista}: {fecha} no es un día de ese año."), where}});
            continue;
        }
        const auto same = std::find_if(propio.festivos.begin(), propio.festivos.end(),
                                       [&](const Festivo& other) { return other.dia == *when; });
        if (same != propio.festivos.end())
            into.problemas.push_back(
                {year, {N_("Calendario de {ejercicio}, {lista}: {fecha} está dos veces."), where}});
        propio.festivos.push_back({*when, one.string_or("nombre", ""), false, capa, fuente});
    }
    if (capa == Capa::local && days.size() > 2)
        into.problemas.push_back(
            {year,
             {N_("Calendario de {ejercicio}: las fiestas locales son dos como mucho (Estatuto de los Trabajadores, artículo 37.2)."),
              {{"ejercicio", Valor::numero(year)}}}});
}

}  // namespace

concejo::Result<Peticion, std::vector<Aviso>> read_peticion(const Json& json) {
    Reader reader(json);
    auto peticion = reader.read();
    if (!reader.avisos.empty()) return std::move(reader.avisos);
    return peticion;
}

concejo::Result<Calendario, std::vector<Aviso>> read_residencia(const Json& json) {
    std::vector<Aviso> avisos;
    const auto comunidad = json.string_or("comunidad", "");
    if (!find_comunidad(comunidad))
        avisos.push_back({"residencia_comunidad", {N_("Elija la comunidad autónoma de residencia.")}});
    std::map<int, Propio> years;
    const Json none = Json::array(), &locales = json["locales"].is_array() ? json["locales"] : none,
               &whole = json["ejercicios"].is_array() ? json["ejercicios"] : none;
    if (locales.size() > 100 || whole.size() > 100)
        avisos.push_back(
            {"residencia_locales",
             {N_("Son demasiados días: escriba las fiestas locales de los años que hagan falta.")}});
    else {
        for (const auto& one : whole.as_array()) {
            if (one.is_int() && one.as_int() >= first_year && one.as_int() <= last_year)
                years[static_cast<int>(one.as_int())].locales = true;
        }
        for (const auto& one : locales.as_array()) {
            const auto when =
                parse_dia(one.is_string() ? std::string_view(one.as_string()) : std::string_view());
            if (!when) {
                avisos.push_back({"residencia_locales",
                                  {N_("Escriba las fiestas locales como dd/mm/aaaa, separadas por comas.")}});
                break;
            }
            auto& year = years[year_of(*when)];
            year.locales = true;
            year.festivos.push_back({*when, N_("fiesta local"), true, Capa::local, ""});
        }
    }
    if (!avisos.empty()) return avisos;
    return Calendario(comunidad, std::move(years));
}

Propios read_propios(const Json& settings) {
    Propios read;
    const Json& calendars = settings["calendarios"];
    if (!calendars.is_array()) return read;
    for (const auto& one : calendars.as_array()) {
        const int year = static_cast<int>(one.int_or("ejercicio", 0));
        if (read.years.contains(year)) {
            read.problemas.push_back(
                {year,
                 {N_("Calendario de {ejercicio}: está dos veces."), {{"ejercicio", Valor::numero(year)}}}});
            continue;
        }
        const auto fuente = one.string_or("fuente", "");
        auto& propio = read.years[year];
        propio.locales = one["locales"].is_array();
        propio.autonomicos = one["autonomicos"].is_array();
        // the region's first: a day that is also local is told once
        read_list(one, "autonomicos", Capa::autonomico, year, fuente, read);
        read_list(one, "insulares", Capa::insular, year, fuente, read);
        read_list(one, "locales", Capa::local, year, fuente, read);
    }
    for (const auto& [year, problem] : read.problemas) {
        auto& propio = read.years[year];
        propio = {};
    }
    return read;
}

}  // namespace calendar
