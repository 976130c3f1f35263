// The flat names of forms, addresses and command lines as the message that the count reads.
#pragma once

#include <concejo/json.hpp>

#include <functional>
#include <optional>
#include <string>

namespace calendar {

/// The value of a field, or nothing.
using Dato = std::function<std::optional<std::string>(std::string_view name)>;

/// desde, hora, plazo | cantidad + unidad, origen, urgencia, objeto, suspension_desde, suspension_hasta, causa, ampliacion_cantidad,
/// ampliacion_unidad, ampliacion_acordada, ampliacion_articulo, residencia_comunidad, residencia_locales (days between commas).
concejo::Json message_of(const Dato&);

}  // namespace calendar
