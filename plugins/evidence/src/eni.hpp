// A sealed document as the Esquema Nacional de Interoperabilidad exchanges it: NTI de documento electrónico
// (BOE-A-2011-13169), schema documento-e v1.0.
#pragma once

#include "documents.hpp"
#include "office.hpp"

namespace evidence {

/// Content, minimum metadata and three signatures: XAdES over content and metadata (TF02, made now), the
/// CAdES of the seal (TF04) and the CSV (TF01). Throws Error{invalid} where the municipality has no DIR3
/// code.
std::string eni_document(const concejo::Json& municipality, const Office&, const Documento&,
                         std::string_view content);

/// Throws as above.
std::string dir3_of(const concejo::Json& municipality);

/// "ES_L01280796_2026_EVI…": organ, year and thirty symbols. Always the same for a document, and it does not lead to its
/// CSV: a partial copy says its original's identifier, and whoever reads it may not read the original. Throws as above.
std::string eni_identifier(const concejo::Json& municipality, const Documento&);

}  // namespace evidence
