// Signatures of others in two phases: what has to be signed is handed out (to a citizen's AutoFirma, to a civil servant's card),
// and what comes back is put into its place. Nothing is kept meanwhile but a small text of the caller's.
#pragma once

#include <concejo/call.hpp>

namespace evidence {

/// {"formato": "PAdES" or "CAdES", "sha256" of a blob, "certificado": PEM, the signer's and then its authorities', "motivo"} in;
/// {"por_firmar": base64, to be signed with SHA-256 and the certificate's key, "estado": text} out.
/// Throws Error{invalid} for what cannot be signed. A helper program reads PDFs: not while a transaction is open.
concejo::Json prepare_signature(const concejo::Call&, const concejo::Json& asked);

/// {"estado", "firma": base64} in; {"firmado": base64 of the PDF or of the detached CMS, "fechado": whether it got a timestamp}
/// out. Throws Error{invalid} where it is not the signature of what was handed out.
concejo::Json finish_signature(const concejo::Call&, const concejo::Json& asked);

}  // namespace evidence
