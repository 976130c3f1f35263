// One case in JSON, as the tables and the independent implementation give it, to one answer in a word.
#pragma once

#include "lectura.hpp"

namespace calendar::test {

using concejo::Json;

/// {"sede":{"comunidad","calendarios":[…]},"residencia":{…},"zona","peticion":{…},"prorrogas":[{"desde","hasta","nuevo"}]}
/// -> "2026-11-20", "2026-11-13 10:30" or "!no_consta". "presentacion":"2026-11-14 10:30" in place of "peticion" -> the effective
/// instant, RFC 3339.
inline std::string answer(const Json& caso) {
    const Calendario sede(caso["sede"].string_or("comunidad", ""), read_propios(caso["sede"]).years);
    std::optional<Calendario> residencia;
    if (caso["residencia"].is_object()) {
        const auto read =
            caso["residencia"].contains("calendarios")
                ? concejo::Result<Calendario, std::vector<Aviso>>(Calendario(
                      caso["residencia"].string_or("comunidad", ""), read_propios(caso["residencia"]).years))
                : read_residencia(caso["residencia"]);
        if (!read) return "!entrada " + read.error().front().campo;
        residencia.emplace(*read);
    }
    const Zona zona(caso.string_or("zona", "Europe/Madrid"));
    if (caso.contains("presentacion")) {
        const auto text = caso.string_or("presentacion", "");
        const auto entry =
            presentacion(zona.at(*parse_dia(text.substr(0, 10)), *Hora::parse(text.substr(11))), sede, zona);
        return entry ? zona.rfc3339(entry->efectiva) : "!" + entry.error().codigo;
    }
    Marco marco{sede, residencia ? &*residencia : nullptr, zona};
    if (const auto* list = caso.find("prorrogas")) {
        for (const auto& one : list->as_array())
            marco.prorrogas.push_back({*parse_dia(one.string_or("desde", "")),
                                       *parse_dia(one.string_or("hasta", "")),
                                       *parse_dia(one.string_or("nuevo", "")), false, "1"});
    }
    const auto peticion = read_peticion(caso["peticion"]);
    if (!peticion) return "!entrada " + peticion.error().front().campo;
    const auto term = vencimiento(*peticion, marco);
    if (!term) return "!" + term.error().codigo;
    return iso(term->dia) + (term->hora ? " " + term->hora->text() : "");
}

}  // namespace calendar::test
