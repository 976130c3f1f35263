// What a witness adds to a checkpoint (c2sp.org/tlog-cosignature, the Ed25519 kind): "at that time, the
// largest tree that I had seen of this log, growing as it should, was this one".
#pragma once

#include "plugins/evidence/log/note.hpp"

namespace evidence::log {

/// `time` in seconds since 1970; `body` is the checkpoint's text. Throws Error{invalid} for a key of another
/// type.
NoteSignature cosign(const VerifierKey& witness, const crypto::Ed25519Signer& signer, std::string_view body,
                     std::uint64_t time);

/// The time that the signature says, or nothing where it is not a good one of that witness.
std::optional<std::uint64_t> cosigned_at(std::string_view body, const NoteSignature& signature,
                                         const VerifierKey& witness);

}  // namespace evidence::log
