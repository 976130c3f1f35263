// The key with which this municipality is a witness of others' logs (c2sp.org/tlog-cosignature).
#pragma once

#include "office.hpp"

namespace evidence {

struct WitnessKey {
    log::VerifierKey verifier;  ///< "sede.ribera.example/evidencia/testigo", type 0x04
    crypto::Ed25519Signer signer;
};

/// From modulos.evidence.testigo.clave; without it, outside production, one that is made out of the log's.
/// Throws Error{unavailable}, saying what to do, where production has none.
WitnessKey witness_key_of(const concejo::Call&, concejo::Transaction&);

/// The logs that it follows: modulos.evidence.testigo_de. Throws Error{unavailable} for a key that is none.
std::vector<log::VerifierKey> followed_logs(const concejo::Call&);

}  // namespace evidence
