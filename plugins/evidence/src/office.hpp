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

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

namespace evidence {

/// The seal's key, which may be in a token that is unplugged today: it is opened when somebody first seals, and again after a
/// signature that failed. What needs no seal does without it.
class SealKey {
public:
    using Open = std::function<keys::SigningKey()>;
    explicit SealKey(Open open) : open_(std::move(open)) {}

    /// Throws what opening throws: unavailable where the token does not answer or may not be used, invalid for no key.
    std::shared_ptr<const keys::SigningKey> get() const;
    /// The same; nothing where it cannot be opened, nor could a moment ago, nor while somebody else is opening it: a token that
    /// does not answer keeps nobody else waiting.
    std::shared_ptr<const keys::SigningKey> get_or_none() const;
    std::string sign(std::string_view bytes) const;

private:
    std::shared_ptr<const keys::SigningKey> open_once() const;  ///< holding opening_

    Open open_;
    mutable std::mutex opening_;  ///< held while the token is asked, which may take long
    mutable std::mutex mutex_;    ///< of what follows
    mutable std::shared_ptr<const keys::SigningKey> key_;
    mutable std::optional<std::chrono::steady_clock::time_point> failed_;
};

/// Shared between requests; nothing else in it changes.
struct Office {
    explicit Office(SealKey::Open open_seal) : seal(std::move(open_seal)) {}

    SealKey seal;
    crypto::Key log_key;
    std::unique_ptr<timestamp::DevelopmentAuthority>
        own_authority;                        ///< where there is no other: development only
    crypto::Certificates roots;               ///< of the development hierarchy
    revocation::Data revocation;              ///< of the development hierarchy: nobody is asked for it
    std::optional<signature::Policy> policy;  ///< that each signature declares (-EPES)

    /// Shown on every page and document. Not known, and false, while the seal cannot be opened.
    bool development() const;
    crypto::Ed25519Signer log_signer() const;
    crypto::PublicKey log_public() const { return crypto::public_key(*log_key); }
};

/// NTI de Política de firma, II.5 and III.4: -EPES at least, and preferably the AGE's. Nothing where the settings say none.
std::optional<signature::Policy> policy_of(const concejo::Json& settings);

/// Throws Error{unavailable}, saying what to do, where there are no keys; Error{invalid} for a log's key that cannot be
/// read. The seal's is opened later: production's refuses to be one of development. The transaction may come to hold a new development hierarchy.
std::shared_ptr<const Office> office_of(const concejo::Call&, concejo::Transaction&);

/// The log of a municipality by its name, "sede.ribera.example/evidencia", and the key it signs with now.
log::VerifierKey verifier_of(const std::string& origin, const Office&);

}  // namespace evidence
