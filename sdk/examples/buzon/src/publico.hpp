// What everybody sees: the form, the receipt, the state of a suggestion, the published answers.
#pragma once

#include <concejo/plugin.hpp>

namespace buzon {

/// GET /buzon
void show_form(const concejo::Request&, concejo::Reply&);
/// POST /buzon: stores the suggestion and counts it, or shows the form again with what is wrong.
void receive(const concejo::Request&, concejo::Reply&, const concejo::Metric& received);
/// GET /buzon/recibida?codigo=…
void show_receipt(const concejo::Request&, concejo::Reply&);
/// GET /buzon/estado[?codigo=…]
void show_state(const concejo::Request&, concejo::Reply&);
/// GET /buzon/respuestas
void show_answers(const concejo::Request&, concejo::Reply&);
/// GET /id/buzon/:codigo: an address that never changes, in no language.
void permanent(const concejo::Request&, concejo::Reply&);

}  // namespace buzon
