// The keys that whoever checks already knows, by another way than the file that is checked.
#pragma once

#include "plugins/evidence/log/note.hpp"

namespace evidence::verify {

struct Trust {
    std::vector<crypto::PublicKey> keys;  ///< of a log, whatever its name
    std::vector<log::VerifierKey> logs;   ///< under that name alone
    std::vector<log::VerifierKey> witnesses;

    /// Adds those of a file: PEM blocks and "vkeys" of c2sp.org/signed-note, one a line; empty lines and
    /// those that begin with # do not count. False, and nothing added, where there is anything else or no
    /// key.
    bool add(std::string_view file);

    bool knows_a_log() const { return !keys.empty() || !logs.empty(); }
    bool is_log(std::string_view name, const crypto::PublicKey& key) const;
};

}  // namespace evidence::verify
