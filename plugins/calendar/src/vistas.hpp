// View models that public pages and the staff's share.
#pragma once

#include "campos.hpp"

namespace calendar {

/// {"numero","clase","sistema","descripcion","estado":{"text","tone"},"rows","history"}: everything that is published of an incident.
Json incident_view(const Entorno&, const Incidencia&);
/// The same for programs.
Json incident_json(const Entorno&, const Incidencia&);
/// "Los plazos que vencían entre …": one extension in words.
std::string extension_text(const Entorno&, const Seguimiento&);
/// {"fecha_hora","zona","fuente","sincronizado","error_maximo_ms"}.
Json clock_json(const Entorno&);

}  // namespace calendar
