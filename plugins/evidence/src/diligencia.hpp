// Diligencia de exposición: the certificate of what the availability control saw of a document.
#pragma once

#include "documents.hpp"

#include <concejo/call.hpp>

namespace evidence {

/// Made, sealed as a PAdES (with a timestamp where somebody gives one) and as a document of its own, with its
/// code; in the call's language. Not while a transaction is open. Throws Error{conflict} where no exposure is
/// known.
Documento issue_diligencia(const concejo::Call&, const Csv& exposed);

/// Of that document, newest first.
std::vector<Documento> diligencias_of(concejo::Transaction&, const Csv& exposed);

}  // namespace evidence
