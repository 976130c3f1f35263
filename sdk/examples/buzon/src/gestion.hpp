// What the staff who answer see: below /{lang}/gestion, for those with the permission.
#pragma once

#include <concejo/plugin.hpp>

namespace buzon {

/// GET /gestion/buzon
void list_pending(const concejo::Request&, concejo::Reply&);
/// GET /gestion/buzon/:numero
void show_suggestion(const concejo::Request&, concejo::Reply&);
/// POST /gestion/buzon/:numero
void answer_suggestion(const concejo::Request&, concejo::Reply&);
/// GET /gestion/buzon/:numero/adjunto
void send_attachment(const concejo::Request&, concejo::Reply&);

}  // namespace buzon
