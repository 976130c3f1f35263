// What programs may ask: the same answers by address, by the bus and on the command line.
#pragma once

#include "entorno.hpp"

namespace calendar {

/// {"dia"} -> to_json of that day, on the body's calendar.
Json answer_day(const Entorno&, const Json& message);
/// A term: read_peticion and "residencia" -> to_json of its end.
Json answer_term(const Entorno&, const Json& message, concejo::Transaction&);
/// {"instante":"2026-11-14T18:00"} on the body's clock, or Unix seconds -> to_json of the register's entry.
Json answer_entry(const Entorno&, const Json& message);
/// {"ejercicio":2026} -> year_json.
Json answer_year(const Entorno&, const Json& message);
/// {"plazos":[{"id","vence"}]} -> {"afectados":[{"id","vencia","vence","incidencia"}]}: what published extensions move; the new
/// day is a working one.
Json answer_affected(const Entorno&, const Json& message, concejo::Transaction&);

}  // namespace calendar
