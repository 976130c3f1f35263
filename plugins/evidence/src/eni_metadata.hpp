// The minimum metadata of the ENI, as people read them.
#pragma once

#include "documents.hpp"

#include <concejo/call.hpp>

namespace evidence {

/// The kinds of the ENI's catalogue: "TD08" and its name, a msgid, as a form offers them.
const std::vector<std::pair<const char*, const char*>>& kinds_of_document();

/// Rows of a summary: the mandatory metadata and the kinds of signature, which the sede shows with each document (NTI de documento
/// electrónico, VIII.b and VIII.c). Throws as eni_document does.
concejo::Json eni_metadata(const concejo::Call&, const Documento&);

}  // namespace evidence
