// What every page, command and answer needs to know of the call it runs in.
#pragma once

#include "incidencia_repository.hpp"
#include "lectura.hpp"

#include <concejo/call.hpp>

namespace calendar {

using concejo::Json;

struct Entorno {
    explicit Entorno(const concejo::Call& call);

    const concejo::Call& call;
    Json settings, municipio;
    Zona zona;
    std::vector<std::pair<int, Frase>> problemas;  ///< of the lists in the municipality's file
    Calendario sede;
    Instante now;
    Dia hoy;

    /// The sentence in the language of the call.
    std::string text(const Frase&) const;
    std::string date(Dia day) const { return call.date(iso(day)); }
    std::string name(const Festivo& one) const { return one.traducible ? call.tr(one.nombre) : one.nombre; }
    /// What the day is, in words: "domingo", "Natividad del Señor (fiesta nacional)".
    std::string reason(const Estado&) const;
};

/// {"articulo","norma","codigo","texto"} of each step.
Json steps(const Entorno&, const std::vector<Paso>&);
/// What the count says, for programs: "vence", or null and "impedimento".
Json to_json(const Entorno&, const concejo::Result<Vencimiento, Impedimento>&);
Json to_json(const Entorno&, const concejo::Result<Presentacion, Impedimento>&);
/// {"dia","habil":true|false|null,"clase","motivo","faltan"}.
Json to_json(const Entorno&, Dia, const Estado&);
/// {"ejercicio","completo","faltan","festivos":[{"fecha","nombre","ambito","fuente"}]}.
Json year_json(const Entorno&, int year);

using Respuesta = concejo::Result<Vencimiento, Impedimento>;
/// Counts what `message` asks (read_peticion, "residencia") with the municipality's calendar and its published extensions; or
/// everything that is wrong with the message.
concejo::Result<Respuesta, std::vector<Aviso>> count(const Entorno&, const Json& message,
                                                     IncidenciaRepository&);
/// The same, for whoever has no form to come back to: throws Error{invalid} with everything that is wrong.
Respuesta count_or_refuse(const Entorno&, const Json& message, IncidenciaRepository&);
[[noreturn]] void refuse(const Entorno&, const std::vector<Aviso>&);

}  // namespace calendar
