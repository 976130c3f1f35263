// The announcements of a demonstration: a list in JSON with the paths of their PDFs.
#pragma once

#include <concejo/plugin.hpp>

namespace sede {

/// {"anuncios":[{"referencia","tipo","organo","titulo","resumen","idioma","desde","hasta","publicado" (RFC 3339 day and
/// hour in the zone, "AAAA-MM-DD hh:mm"),"pdf" (path, relative to the list),"estado":"publicado|borrador|retirado",
/// "motivo","corrige" (reference)}]}. What is there already (by reference) is left alone. Refuses in production.
void seed(const concejo::Call&, const concejo::Json& arguments, const concejo::Terminal&);

}  // namespace sede
