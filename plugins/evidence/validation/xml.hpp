// Signatures in XML: XAdES and plain XMLDSig, enveloped or over parts of the document.
#pragma once

#include "plugins/evidence/validation/trust.hpp"

namespace evidence::validation {

/// What each covers is in `covers`: a signature that is true of something else proves nothing of what is
/// shown, and it is for the caller to ask whether it covers what matters. Never throws for what the bytes
/// hold.
Report validate_xml(std::string_view file, const Options&);

}  // namespace evidence::validation
