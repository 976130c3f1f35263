// A sealed document as the Esquema Nacional de Interoperabilidad exchanges it: NTI de documento electrónico
// (BOE-A-2011-13169), schema documento-e v1.0.
#pragma once

#include "documents.hpp"

#include <concejo/call.hpp>

namespace evidence {

/// Content, minimum metadata and three signatures: XAdES over content and metadata (TF02), the CAdES of the seal (TF04) and
/// the CSV (TF01), both CAdES and XAdES for the long term. The one that was made when somebody first asked, once its
/// timestamp came. Throws Error{invalid} where the municipality has no DIR3 code. Call it outside a transaction.
std::string eni_document(const concejo::Call&, const Documento&);

/// NTI de catálogo de estándares: names of formats.
std::string format_of(const Documento&);
/// Who made the original; otherwise the administration did.
bool from_citizen(const Documento&);

/// Throws as above.
std::string dir3_of(const concejo::Json& municipality);

/// "ES_L01280796_2026_EVI…": organ, year and thirty symbols. Always the same for a document, and it does not lead to its
/// CSV: a partial copy says its original's identifier, and whoever reads it may not read the original. Throws as above.
std::string eni_identifier(const concejo::Json& municipality, const Documento&);

}  // namespace evidence
