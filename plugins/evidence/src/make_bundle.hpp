// The `.evidencia` of a sealed document, from what is stored.
#pragma once

#include "documents.hpp"
#include "publication_log.hpp"

namespace evidence {

/// The document itself. Throws Error{invalid} where it is more than a bundle takes, Error{internal} where
/// what is stored is not all of it.
std::string stored_content(const concejo::Call&, const Documento&);

/// Of a stored file of whose size nobody said anything.
std::string whole_blob(const concejo::Call&, const std::string& sha256);

/// Throws Error{conflict} where the salt was erased, Error{invalid} for a document of more than the format
/// takes.
std::string make_bundle(const concejo::Call&, concejo::Transaction&, const Documento&);
/// "K7QF-….evidencia".
std::string bundle_name(const Documento&);

}  // namespace evidence
