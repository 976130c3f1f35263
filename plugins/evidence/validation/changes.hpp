// What changed between a signed revision of a PDF and the file as it is, object by object, judged by what it
// can do to what people see (ISO 32000-1 §12.8.2.2; the "shadow attacks" replace, hide and add what no
// signature covers).
#pragma once

#include "plugins/evidence/pdf/document.hpp"
#include "plugins/evidence/validation/report.hpp"

namespace evidence::validation {

/// What a certification (DocMDP) lets change: 0 there is none, 1 nothing, 2 forms and signatures, 3 comments
/// too.
int certification_of(pdf::Document&);

/// Empty where nothing of importance differs. Each is failed (what is seen can differ), indeterminate
/// (depends on who was to fill what) or passed (allowed; told for completeness). At most 100.
std::vector<Reason> changes(pdf::Document& before, pdf::Document& after);

}  // namespace evidence::validation
