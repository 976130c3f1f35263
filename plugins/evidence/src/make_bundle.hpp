// The `.evidencia` of a sealed document, from what is stored.
#pragma once

#include "documents.hpp"
#include "publication_log.hpp"

namespace evidence {

/// Throws Error{conflict} where the salt was erased, Error{invalid} for a document of more than the format takes.
std::string make_bundle(const concejo::Call&, concejo::Transaction&, const Documento&);
/// "K7QF-….evidencia".
std::string bundle_name(const Documento&);

}  // namespace evidence
