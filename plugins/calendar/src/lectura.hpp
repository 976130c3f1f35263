// From what somebody typed, sent or asked to a request that can be counted, or to everything that is wrong with it.
#pragma once

#include "computo.hpp"

#include <concejo/json.hpp>

namespace calendar {

/// What is wrong with a field of the request; `campo` as forms name it.
struct Aviso {
    std::string campo;
    Frase frase;
};

constexpr std::size_t most_changes = 50;  ///< suspensions, or extensions, of one request

/// {"desde":"2026-01-31","hora":"10:30","plazo":"1 meses" | {"cantidad":1,"unidad":"meses"},"origen","urgencia":bool,"objeto",
///  "suspensiones":[{"desde","hasta","causa"}],"ampliaciones":[{"cantidad","unidad","acordada","articulo":"32"|"23"}]}.
/// An hour is needed for terms in hours; entries without one are read as of the day's first minute.
concejo::Result<Peticion, std::vector<Aviso>> read_peticion(const concejo::Json&);

/// Where the person lives, if it is elsewhere: {"comunidad":"GA","locales":["2026-07-25", …]}. The local days of a year are known
/// where the list has one of that year, or "ejercicios":[2026] says so.
concejo::Result<Calendario, std::vector<Aviso>> read_residencia(const concejo::Json&);

/// The lists that a municipality's file holds (config.schema.yaml: "calendarios"), and what is wrong with them. A year with
/// something wrong counts as unknown: better no answer than one from a list that somebody mistyped.
struct Propios {
    std::map<int, Propio> years;
    std::vector<std::pair<int, Frase>> problemas;
};
Propios read_propios(const concejo::Json& settings);

}  // namespace calendar
