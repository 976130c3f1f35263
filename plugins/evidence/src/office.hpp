// What a municipality seals with: its keys, from its settings or, outside production, a development hierarchy
// of its own.
#pragma once

#include "plugins/evidence/crypto/ed25519.hpp"
#include "plugins/evidence/keys/signing_key.hpp"
#include "plugins/evidence/log/note.hpp"
#include "plugins/evidence/revocation/revocation.hpp"
#include "plugins/evidence/signature/cades.hpp"
#include "plugins/evidence/timestamp/development_authority.hpp"

#include <concejo/call.hpp>

#include <memory>

namespace evidence {

/// Shared between requests; nothing in it changes.
struct Office {
    std::shared_ptr<const keys::SigningKey> seal;
    crypto::Key log_key;
    std::unique_ptr<timestamp::DevelopmentAuthority>
        own_authority;                        ///< where there is no other: development only
    crypto::Certificates roots;               ///< of the development hierarchy
    revocation::Data revocation;              ///< of the development hierarchy: nobody is asked for it
    std::optional<signature::Policy> policy;  ///< that each signature declares (-EPES)
    bool development = false;                 ///< shown on every page and document

    crypto::Ed25519Signer log_signer() const;
    crypto::PublicKey log_public() const { return crypto::public_key(*log_key); }
};

/// NTI de Política de firma, II.5 and III.4: -EPES at least, and preferably the AGE's. Nothing where the settings say none.
std::optional<signature::Policy> policy_of(const concejo::Json& settings);

/// Throws Error{unavailable}, saying what to do, where there are no keys or production has development ones;
/// Error{invalid} for keys that cannot be read. The transaction may come to hold a new development hierarchy.
std::shared_ptr<const Office> office_of(const concejo::Call&, concejo::Transaction&);

/// The log of a municipality by its name, "sede.ribera.example/evidencia", and the key it signs with now.
log::VerifierKey verifier_of(const std::string& origin, const Office&);

}  // namespace evidence
