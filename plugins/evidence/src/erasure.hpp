// Erasure for data protection (RGPD art. 17): what a document said goes; that something was sealed, stays.
#pragma once

#include "documents.hpp"

#include <concejo/call.hpp>

namespace evidence {

/// In the caller's transaction: the salt, the content's use and every text. The log's leaf and the row with
/// the seal stay, and say no more what they spoke of. Throws Error{conflict} for what is still exposed: its
/// module withdraws it first. Does nothing where it was erased before.
void erase(const concejo::Call&, concejo::Transaction&, const Documento&, const std::string& reason);

}  // namespace evidence
