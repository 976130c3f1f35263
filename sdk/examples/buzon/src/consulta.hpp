// What others ask of the mailbox: the home page, the search, the site map, other plugins, the API, the
// terminal.
#pragma once

#include <concejo/plugin.hpp>

namespace buzon {

/// A block of the home page: the template and its view.
concejo::Json home_block(const concejo::Call&, const concejo::Json&);
/// {"q","limit"} -> [{"title","href","summary","kind","date","rank"}]
concejo::Json search(const concejo::Call&, const concejo::Json& question);
/// [{"path","title"}]
concejo::Json site_map(const concejo::Call&, const concejo::Json&);

/// The service es.riomar.buzon:1. `resumen` {} -> {"pendientes": n, "contestadas": n}
concejo::Json respond(const concejo::Call&, std::string_view method, const concejo::Json& message);
/// GET /api/buzon/v1/resumen: the same, open to everybody.
void api_summary(const concejo::Request&, concejo::Reply&);
/// GET /api/buzon/v1/sugerencias: the pending ones, for tokens with the scope.
void api_pending(const concejo::Request&, concejo::Reply&);
/// concejo es.riomar.buzon resumen --tenant T [--json]
void command_summary(const concejo::Call&, const concejo::Json& arguments, const concejo::Terminal&);

}  // namespace buzon
