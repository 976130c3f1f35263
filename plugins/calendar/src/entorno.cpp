#include "entorno.hpp"

#include <chrono>

namespace calendar {
namespace {

Json missing_lists(const std::set<Capa>& faltan) {
    Json list = Json::array();
    for (const auto capa : faltan) list.push_back(name_of(capa));
    return list;
}

Json no_answer(const Entorno& entorno, const Impedimento& why) {
    return Json::object({{"codigo", why.codigo},
                         {"articulo", why.motivo.articulo},
                         {"norma", "Ley 39/2015"},
                         {"texto", entorno.text(why.motivo.frase)},
                         {"dia", why.dia ? Json(iso(*why.dia)) : Json()},
                         {"faltan", missing_lists(why.faltan)}});
}

const char* name_of(Clase clase) {
    switch (clase) {
        case Clase::habil:
            return "habil";
        case Clase::sabado:
            return "sabado";
        case Clase::domingo:
            return "domingo";
        case Clase::festivo:
            return "festivo";
        case Clase::no_consta:
            break;
    }
    return "no_consta";
}

}  // namespace

Entorno::Entorno(const concejo::Call& from)
    : call(from),
      settings(from.settings()),
      municipio(from.municipality()),
      zona(municipio.string_or("time_zone", "Europe/Madrid")),
      sede([&] {
          auto own = read_propios(settings);
          problemas = std::move(own.problemas);
          return Calendario(settings.string_or("comunidad", ""), std::move(own.years));
      }()),
      now(std::chrono::duration_cast<std::chrono::seconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()),
      hoy(*parse_dia(from.today())) {}

std::string Entorno::text(const Frase& frase) const {
    std::vector<std::pair<std::string, std::string>> values;
    for (const auto& [name, value] : frase.valores) {
        switch (value.clase) {
            case Valor::Clase::texto:
                values.emplace_back(name, value.valor);
                break;
            case Valor::Clase::fecha:
                values.emplace_back(name, call.date(value.valor));
                break;
            case Valor::Clase::msgid:
                values.emplace_back(name, call.tr(value.valor));
                break;
        }
    }
    return fill(call.tr(frase.msgid), values);
}

std::string Entorno::reason(const Estado& estado) const {
    switch (estado.clase) {
        case Clase::habil:
            return call.tr("hábil");
        case Clase::sabado:
            return call.tr("sábado");
        case Clase::domingo:
            return call.tr("domingo");
        case Clase::festivo:
            return name(*estado.festivo) + " (" + call.tr(label_of(estado.festivo->capa)) + ")";
        case Clase::no_consta:
            break;
    }
    return call.tr("no consta el calendario");
}

Json steps(const Entorno& entorno, const std::vector<Paso>& pasos) {
    Json list = Json::array();
    for (const auto& paso : pasos)
        list.push_back(Json::object({{"articulo", paso.articulo},
                                     {"norma", "Ley 39/2015"},
                                     {"codigo", paso.codigo},
                                     {"texto", entorno.text(paso.frase)}}));
    return list;
}

Json to_json(const Entorno& entorno, const concejo::Result<Vencimiento, Impedimento>& term) {
    if (!term)
        return Json::object({{"vence", Json()},
                             {"impedimento", no_answer(entorno, term.error())},
                             {"pasos", steps(entorno, term.error().pasos)}});
    return Json::object({{"vence", iso(term->dia)},
                         {"hora", term->hora ? Json(term->hora->text()) : Json()},
                         {"instante", entorno.zona.rfc3339(term->instante)},
                         {"zona", entorno.zona.name()},
                         {"impedimento", Json()},
                         {"pasos", steps(entorno, term->pasos)}});
}

Json to_json(const Entorno& entorno, const concejo::Result<Presentacion, Impedimento>& entry) {
    if (!entry)
        return Json::object({{"efectiva", Json()},
                             {"impedimento", no_answer(entorno, entry.error())},
                             {"pasos", steps(entorno, entry.error().pasos)}});
    return Json::object({{"real", entorno.zona.rfc3339(entry->real)},
                         {"efectiva", entorno.zona.rfc3339(entry->efectiva)},
                         {"dia", iso(entry->dia)},
                         {"inhabil", entry->inhabil},
                         {"orden", Json::array({entry->efectiva, entry->inhabil ? 0 : 1, entry->real})},
                         {"impedimento", Json()},
                         {"pasos", steps(entorno, entry->pasos)}});
}

Json to_json(const Entorno& entorno, Dia day, const Estado& estado) {
    return Json::object({{"dia", iso(day)},
                         {"habil", estado.clase == Clase::no_consta ? Json() : Json(estado.habil())},
                         {"clase", name_of(estado.clase)},
                         {"motivo", entorno.reason(estado)},
                         {"faltan", missing_lists(estado.faltan)}});
}

Json year_json(const Entorno& entorno, int year) {
    Json days = Json::array();
    for (const auto& one : entorno.sede.holidays(year))
        days.push_back(Json::object({{"fecha", iso(one.dia)},
                                     {"nombre", entorno.name(one)},
                                     {"ambito", name_of(one.capa)},
                                     {"fuente", one.fuente}}));
    const auto faltan = entorno.sede.missing(year);
    return Json::object({{"ejercicio", year},
                         {"completo", faltan.empty()},
                         {"faltan", missing_lists(faltan)},
                         {"festivos", days}});
}

void refuse(const Entorno& entorno, const std::vector<Aviso>& avisos) {
    std::string text;
    for (const auto& aviso : avisos)
        text += (text.empty() ? "" : " ") + (aviso.campo.empty() ? "" : aviso.campo + ": ") +
                entorno.text(aviso.frase);
    throw concejo::Error(concejo::ErrorKind::invalid, text);
}

concejo::Result<Respuesta, std::vector<Aviso>> count(const Entorno& entorno, const Json& message,
                                                     IncidenciaRepository& incidencias) {
    const auto peticion = read_peticion(message);
    std::vector<Aviso> avisos = peticion ? std::vector<Aviso>() : peticion.error();
    std::optional<Calendario> residencia;
    if (message["residencia"].is_object()) {
        const auto read = read_residencia(message["residencia"]);
        if (read)
            residencia.emplace(*read);
        else
            avisos.insert(avisos.end(), read.error().begin(), read.error().end());
    }
    if (!avisos.empty()) return avisos;
    return vencimiento(*peticion, {entorno.sede, residencia ? &*residencia : nullptr, entorno.zona,
                                   incidencias.prorrogas()});
}

Respuesta count_or_refuse(const Entorno& entorno, const Json& message, IncidenciaRepository& incidencias) {
    auto counted = count(entorno, message, incidencias);
    if (!counted) refuse(entorno, counted.error());
    return std::move(counted).value();
}

}  // namespace calendar
