// The log's keys: the one that signs now, and those that signed before it. Each signs under the log's one
// name, so that whoever knows an old key still verifies what it signed.
#pragma once

#include "publication_log.hpp"

namespace evidence {

struct LogKey {
    crypto::PublicKey key{};
    std::optional<std::int64_t> since;  ///< Unix seconds; nothing: it has signed nothing yet
};

/// Those that have signed, newest first, and before them the configured one where it is to sign yet.
std::vector<LogKey> log_keys(concejo::Transaction&, const Office&);

/// "name+id+key" of each, the one that signs now first, each after a line that says since when: what
/// `concejo-verify --clave` takes.
std::string all_verifier_keys(concejo::Transaction&, const Office&, const std::string& origin);

/// Signed by a key of this log.
bool signed_by_the_log(concejo::Transaction&, const Office&, const log::SignedCheckpoint&);

/// The checkpoint with the signature of the present key before any other, so that a bundle signed with that
/// key can carry it. Throws Error{conflict} where none of the log's keys signed it or the stored tree is
/// another one.
log::SignedCheckpoint under_present_key(concejo::Transaction&, const Office&, log::SignedCheckpoint);

}  // namespace evidence
