// PAdES signatures (ETSI EN 319 142-1) by incremental update, in two phases as in `cades.hpp`: prepare, have
// `cades.to_sign` signed, `finish_cades`, perhaps `with_timestamp`, `embed`.
#pragma once

#include "plugins/evidence/signature/cades.hpp"
#include "plugins/evidence/signature/stamp.hpp"

namespace evidence::signature {

/// A PDF with room for a CMS. Bytes before `hole_begin` and after `hole_end` are what is signed.
struct PdfHole {
    std::string file;
    std::size_t hole_begin = 0, hole_end = 0;  ///< "<000…>", with its angle brackets
    crypto::Digest digest() const;             ///< SHA-256 of what is signed
};

struct PadesOptions {
    std::string field;                   ///< name of the field; empty: Firma1, Firma2 …
    std::string reason, location, name;  ///< shown by readers; may be empty
    crypto::Time time = crypto::now();   ///< what the signer says the time is
    std::optional<Policy> policy;
    std::optional<Stamp> stamp;  ///< visible; invisible without it
    /// Certification (DocMDP): 1 no change after it, 2 forms and signatures, 3 comments too. Only as first
    /// signature.
    std::optional<int> certify;
    std::size_t room = 24 * 1024;  ///< bytes kept for the CMS
};

struct PadesPrepared {
    PdfHole pdf;
    CadesPrepared cades;
};

/// Throws invalid where the file cannot be signed (see pdf::Update), conflict where its certification forbids
/// it or the field exists already.
PadesPrepared prepare_pades(std::string file, const X509& signer, const PadesOptions& = {});

/// Room for a document timestamp over `digest()` (ETSI.RFC3161): PAdES-B-LTA, and proof of the file as it is.
PdfHole prepare_document_timestamp(std::string file, std::size_t room = 16 * 1024);

/// The signed file: `cms` (or the token) in its hole. Throws invalid where it does not fit.
std::string embed(PdfHole, std::string_view cms);

}  // namespace evidence::signature
